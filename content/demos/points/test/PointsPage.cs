using System.Globalization;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>The demo's page, run, for those who use it.</summary>
public abstract class PointsPage(BrowserHub hub)
{
    protected static readonly VisitOptions Script = new() { Script = true };

    /// <summary>The shown canvas, shrunk to 64 × 36: red, green, blue of each.</summary>
    protected const string Look = """
        () => {
          const view = document.querySelector('#view');
          const shown = view.dataset.shown === 'local' ? document.querySelector('#local') : document.querySelector('#remote').canvas;
          const small = Object.assign(document.createElement('canvas'), { width: 64, height: 36 }).getContext('2d', { willReadFrequently: true });
          small.imageSmoothingQuality = 'high';
          small.drawImage(shown, 0, 0, 64, 36);
          return [...small.getImageData(0, 0, 64, 36).data].filter((_, i) => i % 4 < 3);
        }
        """;

    protected const string CountFrames = "() => { globalThis.frames = []; document.querySelector('#remote').addEventListener('frame', ({ detail }) => frames.push([detail.codecName, detail.isComplete])); }";

    /// <summary>Where it is, with Run pressed.</summary>
    protected string Address => $"http://points.demo.localhost:{hub.Hub.Port}/?run";

    /// <param name="visit">Begins with nothing.</param>
    /// <param name="options">Who comes.</param>
    /// <param name="before">A script that runs before the page's own.</param>
    protected Task VisitAsync(Func<IPage, Task> visit, VisitOptions? options = null, string? before = null) => hub.VisitAsync(async visitor =>
    {
        if (before is not null) await visitor.Page.AddInitScriptAsync(before);
        await visit(visitor.Page);
    }, options ?? Script);

    /// <summary>The same, with a demo that runs.</summary>
    protected Task RunAsync(Func<IPage, Task> use, VisitOptions? options = null, string? before = null) => VisitAsync(async page =>
    {
        await page.GotoAsync(Address);
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "live");
        await use(page);
    }, options, before);

    /// <summary>Until the whole picture of the newest camera is shown.</summary>
    protected static Task WholeAsync(IPage page) => WhenAsync(page, "() => document.querySelector('#remote').isComplete");

    protected static Task<string> CameraAsync(IPage page) => page.EvaluateAsync<string>("() => document.querySelector('#view').dataset.camera");

    /// <summary>Asked at each picture of the page; its policy forbids what Playwright would do for it.</summary>
    protected static async Task WhenAsync(IPage page, string condition)
    {
        var patience = Patience.Milliseconds.ToString(CultureInfo.InvariantCulture);
        Assert.True(await page.EvaluateAsync<bool>($$"""
            async () => {
              const holds = {{condition}};
              for (const until = performance.now() + {{patience}}; performance.now() < until; await new Promise(requestAnimationFrame)) if (holds()) return true;
              return false;
            }
            """), condition);
    }

    protected static async Task<IReadOnlyList<string>> FindingsAsync(IPage page)
    {
        await Axe.BringAsync(page);
        return await Axe.AskAsync(page);
    }

    protected static double[] Mean(int[] pixels, int from, int to) =>
        [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(from, to - from).Average(pixel => pixels[pixel * 3 + channel]))];

    /// <summary>As another tab in front of this one would have it.</summary>
    protected static Task LookAsync(IPage page, bool isLooking) => page.EvaluateAsync("""
        (looking) => {
          for (const [name, value] of [['hidden', !looking], ['visibilityState', looking ? 'visible' : 'hidden']]) Object.defineProperty(document, name, { value, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }
        """, isLooking);

    protected static ILocator Side(IPage page, string name) => page.GetByRole(AriaRole.Radio, new() { Name = name });
}
