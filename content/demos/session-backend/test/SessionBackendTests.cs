using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.SessionBackend;

public sealed class SessionBackendTests(BrowserHub hub)
{
    [Fact]
    public Task Opened_on_its_own_it_runs_and_measures_round_trips() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync($"http://session-backend.demo.localhost:{hub.Hub.Port}/?run");
        await Expect(visitor.Page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await Expect(visitor.Page.Locator("#rtt")).ToHaveTextAsync(new Regex(@"^[\d.]+ ms$"));
        // In the site's own typefaces, which come from the demo's origin.
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.fonts.ready.then(() => document.fonts.check('600 16px \"Geist Mono\"') && [...document.fonts].some((font) => font.family.includes('Geist') && font.status === 'loaded'))"));
    }, new VisitOptions { Script = true });
}
