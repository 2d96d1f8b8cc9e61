using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.DuckDb;

/// <summary>The demo for who has no mouse, no wide screen, no Node at build, or a habit of reloading.</summary>
public sealed class DuckDbAccessTests(BrowserHub hub)
{
    [Fact]
    public Task By_keyboard_alone_a_query_is_completed_run_and_read() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        var keys = visitor.Page.Keyboard;
        await demo.Editor.FocusAsync();
        await keys.PressAsync("Control+a");
        await keys.TypeAsync("SELECT district, count(*) AS n FROM stat");
        await Expect(visitor.Page.Locator(".cm-tooltip-autocomplete")).ToContainTextAsync("stations");
        // What is offered is taken only a moment after it has appeared, so that nobody takes it by accident.
        await visitor.Page.Locator(".cm-tooltip-autocomplete [aria-selected]").EvaluateAsync("() => new Promise((later) => setTimeout(later, 150))");
        await keys.PressAsync("Tab");
        await Expect(demo.Editor).ToContainTextAsync("FROM stations");
        await keys.TypeAsync(" GROUP BY ALL ORDER BY n");
        await keys.PressAsync("Escape");
        await keys.PressAsync("Control+Enter");
        await Expect(demo.About).ToHaveTextAsync("8 rows, computed by your backend");
        // Tab leaves the editor, and reaches Run, the views and the rows.
        await keys.PressAsync("Tab");
        await Expect(demo.RunButton).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await keys.PressAsync("Tab");
        await Expect(visitor.Page.Locator("#table")).ToBeFocusedAsync();
        await Expect(visitor.Page.Locator("#table")).ToContainTextAsync("Harbour");
    }, DuckDbPage.Options);

    [Theory]
    [InlineData(1280, 800, false)]
    [InlineData(390, 844, true)]
    public Task Axe_finds_nothing_and_the_page_is_as_wide_as_the_screen(int width, int height, bool dark) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await LooksRightAsync();
        await demo.RunAsync("SELECT no_such_column FROM trips");
        await Expect(demo.Trouble).ToContainTextAsync("no_such_column");
        await LooksRightAsync();

        async Task LooksRightAsync()
        {
            var found = await visitor.Page.RunAxe();
            Assert.Empty(found.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {node.Html}")));
            Assert.True(await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        }
    }, new VisitOptions { Script = true, Width = width, Height = height, Dark = dark });

    [Fact]
    public Task What_was_typed_is_there_after_a_reload_and_a_stop() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.RunAsync("SELECT 6 * 7 AS answer");
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", "answer: 42");
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("#sql=SELECT"));
        await visitor.Page.ReloadAsync();
        await Expect(demo.Editor).ToHaveTextAsync("SELECT 6 * 7 AS answer");
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", "answer: 42");
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", "answer: 42");
    }, DuckDbPage.Options);

    [Fact]
    public Task Where_Node_was_missing_the_page_says_what_to_install() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.RouteAsync("**/built/**", route => route.FulfillAsync(new() { Status = 404 }));
        await visitor.Page.GotoAsync($"http://duckdb.demo.localhost:{hub.Hub.Port}/?run");
        await Expect(visitor.Page.Locator(".stage")).ToHaveAttributeAsync("data-state", "failed");
        await Expect(visitor.Page.Locator(".stage")).ToContainTextAsync("Install Node 20 or newer and start ./run again.");
        // No process was started for a page that could not talk to it.
        Assert.DoesNotContain(visitor.Requests, address => address.AbsolutePath.Contains("/v2/service/", StringComparison.Ordinal));
    }, DuckDbPage.Options with { ExpectsFailures = true });
}
