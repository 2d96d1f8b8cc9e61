using System.Collections.Concurrent;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>
/// Opens every page once, looks at it narrow and wide, light and dark, and writes down what is wrong; the tests are questions to
/// what was written. Opening pages is what takes the time, so no rule opens them again.
/// </summary>
public sealed class Survey(BrowserHub hub) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private const int Wide = 1280;
    private const int Narrow = 320;
    private const int Height = 800;

    // Everything that depends on the scheme. The rest was seen in the light.
    private static readonly string[] OfColour = ["color-contrast", "link-in-text-block"];

    private readonly ConcurrentQueue<(Rule Rule, string Finding)> _findings = new();

    public IReadOnlyList<PageState> Pages { get; private set; } = [];

    public IEnumerable<string> Of(Rule rule) => _findings.Where(found => found.Rule == rule).Select(found => found.Finding);

    public async ValueTask InitializeAsync()
    {
        SystemBrowser.Find();
        Pages = await AllPages.OfAsync(hub);
        // axe waits with timers, which stand still where scripts are off. The pages have none either way.
        var options = new VisitOptions { Width = Wide, Height = Height, Script = true };
        await hub.VisitAsync(visitor => LookAtAllAsync(visitor, Pages.Where(page => page.Audience != Audience.Organizer)), options).WaitAsync(Limit);
        await hub.VisitAsOrganizerAsync(visitor => LookAtAllAsync(visitor, Pages.Where(page => page.Audience == Audience.Organizer)), options).WaitAsync(Limit);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task LookAtAllAsync(Visitor visitor, IEnumerable<PageState> states)
    {
        foreach (var state in states)
        {
            var page = await visitor.Context.NewPageAsync();
            await page.SetViewportSizeAsync(Wide, Height);
            // Posters are drawn at first use and say nothing: they are not waited for.
            await page.GotoAsync(state.Path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            if (state.Reach is not null) await state.Reach(page);
            await LookAtAsync(page, state);
            await page.CloseAsync();
        }
    }

    private async Task LookAtAsync(IPage page, PageState state)
    {
        if (state.Audience != Audience.Demo) Note(Rule.Head, state, await Head.ProblemsAsync(page, hub.Hub.Origin, state.Audience));
        await Axe.BringAsync(page);
        Note(Rule.Accessible, state, await AxeAsync(page, "wide, light"));
        await page.SetViewportSizeAsync(Narrow, Height);
        Note(Rule.Fits, state, await TooWideAsync(page));
        Note(Rule.Accessible, state, await AxeAsync(page, "narrow, light"));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Note(Rule.Accessible, state, await AxeAsync(page, "narrow, dark", OfColour));
        await page.SetViewportSizeAsync(Wide, Height);
        Note(Rule.Accessible, state, await AxeAsync(page, "wide, dark", OfColour));
    }

    private void Note(Rule rule, PageState state, IEnumerable<string> findings)
    {
        foreach (var finding in findings) _findings.Enqueue((rule, $"{state.Name}: {finding}"));
    }

    private static async Task<IEnumerable<string>> AxeAsync(IPage page, string how, params string[] rules) =>
        (await Axe.AskAsync(page, rules)).Select(finding => $"{how}: {finding}");

    /// <summary>Empty where the page needs no scrolling sideways.</summary>
    internal static Task<string[]> TooWideAsync(IPage page) => page.EvaluateAsync<string[]>(Overflowing);

    // What reaches beyond the window and is not inside something that scrolls by itself.
    private const string Overflowing = """
        () => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const scrolls = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
          const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement));
          return [`${document.documentElement.scrollWidth} px wide: ` + wide.slice(0, 5).map((element) => `${element.tagName}.${element.className}`).join(', ')];
        }
        """;
}

/// <summary>What a finding of the survey is about.</summary>
public enum Rule { Accessible, Fits, Head }
