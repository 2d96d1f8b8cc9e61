using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>Everything by Tab and Enter, by somebody who can see where they are.</summary>
public sealed class KeyboardJourney(BrowserHub hub)
{
    private const int MostStops = 60;

    [Fact]
    public Task An_rsvp_takes_no_mouse() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync($"/events/{BrowserHub.NextEvent}");
        await TabToAsync(page, page.GetByLabel("Name"));
        await page.Keyboard.TypeAsync("Mary Jackson");
        await TabToAsync(page, page.GetByLabel("E-mail"));
        await page.Keyboard.TypeAsync("keyboard@example.org");
        await TabToAsync(page, page.GetByLabel("Guests"));
        await page.Keyboard.PressAsync("ArrowDown");
        // The field no person fills in is no stop on the way.
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "RSVP" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "See you there" })).ToBeVisibleAsync();
        Assert.Contains("you and a guest", (await hub.Mail.WaitAsync("keyboard@example.org")).TextBody, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_demo_is_run_and_stopped_without_a_mouse() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync($"/talks/{BrowserHub.DemoTalk}");
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).First);
        await page.Keyboard.PressAsync("Enter");
        using var process = await DemoFrame.In(page).ProcessAsync();
        var close = page.GetByRole(AriaRole.Link, new() { Name = "Close", Exact = true });
        await close.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }, new VisitOptions { Script = true });

    [Theory]
    [InlineData("/")]
    [InlineData("/talks/" + BrowserHub.DemoTalk)]
    public Task The_first_stop_skips_to_the_content(string path) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync(path);
        await page.Keyboard.PressAsync("Tab");
        var skip = page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" });
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').contains(document.activeElement)"), "the stop after the skip link is not in the content");
    });

    [Theory]
    [InlineData("/")]
    [InlineData("/digest")]
    [InlineData("/events/" + BrowserHub.NextEvent)]
    public Task Every_stop_shows_that_it_is_one(string path) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync(path);
        var stops = 0;
        for (; stops < MostStops; stops++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (!await page.EvaluateAsync<bool>("document.activeElement !== null && document.activeElement !== document.body")) break;
            Assert.Null(await page.EvaluateAsync<string?>(Unseen));
        }

        Assert.InRange(stops, 10, MostStops - 1);
    });

    // A ring of at least two pixels round what has the focus, or round the card, row or label that stands for it; and not
    // off the screen. A frame has the focus inside it, where its own page draws the ring.
    private const string Unseen = """
        () => {
          const at = document.activeElement;
          if (at.matches('iframe')) return null;
          const ringed = (element) => {
            const style = element && getComputedStyle(element);
            return element && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          };
          const name = `${at.tagName} ${at.textContent.trim().slice(0, 40)} ${at.name ?? ''}`;
          if (![at, at.nextElementSibling, at.closest('.card'), at.closest('.row')].some(ringed)) return `${name} has no ring`;
          const box = (at.matches('input[type=checkbox]') ? at.parentElement : at).getBoundingClientRect();
          return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth ? null : `${name} is off the screen`;
        }
        """;

    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement")) return;
        }

        Assert.Fail($"{MostStops} presses of Tab did not reach {wanted}");
    }
}
