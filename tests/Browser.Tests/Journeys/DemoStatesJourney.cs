using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>What the demo's own page shows of a session: a reload, a lost network, an end that is near, a full house.</summary>
public sealed class DemoStatesJourney(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true, ExpectsFailures = true };

    [Fact]
    public Task A_reload_keeps_the_process() => hub.VisitAsync(async visitor =>
    {
        var demo = DemoFrame.Of(visitor.Page);
        await visitor.Page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        using var process = await demo.ProcessAsync();
        for (var reload = 0; reload < 3; reload++)
        {
            await visitor.Page.ReloadAsync();
            using var same = await demo.ProcessAsync();
            Assert.Equal(process.Id, same.Id);
        }
    }, WithScript);

    [Fact]
    public Task A_lost_network_is_shown_and_the_browsers_word_that_it_is_back_reconnects_at_once() => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        var network = new DemoNetwork(page);
        await network.TakeAsync();
        await page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        using var process = await demo.ProcessAsync();

        await network.CutAsync();
        await visitor.Context.SetOfflineAsync(true);
        await Expect(demo.Status).ToHaveTextAsync("connection lost, trying again");
        await Expect(demo.Notice).ToContainTextAsync("Trying again");
        await HasNoBarrierAsync(page);
        // Tries fail until the pauses are longer than a second.
        await network.TriedAsync(4);

        network.Restore();
        var before = network.Tries;
        await visitor.Context.SetOfflineAsync(false);
        await Expect(demo.Status).ToHaveTextAsync("your process, live");
        await Expect(demo.Notice).ToBeHiddenAsync();
        Assert.InRange(network.Tries - before, 0, 2);
        using var same = await demo.ProcessAsync();
        Assert.Equal(process.Id, same.Id);
    }, WithScript);

    [Theory]
    [InlineData("lifetime", "Its time is nearly up. It ends in 00:")]
    [InlineData("idle", "Nobody has used it for a while. It ends in 00:")]
    public Task A_warning_with_a_countdown_comes_before_the_end(string reason, string words) => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        await DemoScenes.AnnounceAsync(page, $"event: ending\ndata: {{\"reason\":\"{reason}\",\"ends_at\":\"2030-01-01T00:00:00Z\",\"seconds_left\":50}}\n\n");
        await page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        await Expect(demo.Notice).ToContainTextAsync(words);
        var before = await demo.Notice.InnerTextAsync();
        await Expect(demo.Notice).Not.ToHaveTextAsync(before);
        await Expect(demo.Status).ToContainTextAsync(new Regex("ends in (50|4[0-9]) s"));
        await HasNoBarrierAsync(page);
    }, WithScript);

    [Fact]
    public Task How_long_it_may_live_is_counted_by_the_hub_whatever_the_visitors_clock_says() => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        await page.AddInitScriptAsync("Date.now = ((now) => () => now() + 86_400_000)(Date.now)");
        await page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        using var process = await demo.ProcessAsync();
        await Expect(page.Locator("#left")).ToHaveTextAsync(new Regex("^(29|30):[0-9]{2}$"));
    }, WithScript);

    [Fact]
    public Task A_warning_goes_when_the_end_was_averted() => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        await DemoScenes.AnnounceAsync(page, "event: ending\ndata: {\"reason\":\"idle\",\"ends_at\":\"2030-01-01T00:00:00Z\",\"seconds_left\":50}\n\nevent: staying\ndata: {}\n\n");
        await page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        using var process = await demo.ProcessAsync();
        await Expect(demo.Notice).ToBeHiddenAsync();
        await Expect(demo.Status).ToHaveTextAsync("your process, live");
    }, WithScript);

    [Theory]
    [InlineData(1280, "/playground/" + BrowserHub.Demo)]
    [InlineData(390, "/playground/" + BrowserHub.Demo)]
    [InlineData(1280, null)]
    [InlineData(390, null)]
    public Task Why_it_did_not_start_is_at_the_top_with_the_last_lines(int width, string? path) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await DemoScenes.FailStartAsync(page);
        await page.GotoAsync(path ?? DemoFrame.Address(hub.Hub, "?run"));
        if (path is not null) await page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).First.ClickAsync();
        await (path is null ? DemoFrame.Of(page) : DemoFrame.In(page)).TellsWhyAsync();
        if (path is null) await HasNoBarrierAsync(page);
    }, WithScript with { Width = width, Height = 844 });

    [Fact]
    public Task Without_script_the_demos_own_page_says_what_is_true_and_offers_nothing() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync(DemoFrame.Address(hub.Hub, ""));
        await Expect(visitor.Page.Locator(".noscript h1")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".noscript")).ToContainTextAsync("scripts are switched off");
        await Expect(visitor.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("main")).ToBeHiddenAsync();
    });

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public Task A_full_house_shows_the_place_and_lets_one_leave(int width) => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        await DemoScenes.FillHouseAsync(page);
        await page.GotoAsync(DemoFrame.Address(hub.Hub, "?run"));
        await Expect(demo.Curtain).ToContainTextAsync("2 before you.");
        await Expect(demo.Status).ToHaveTextAsync("waiting, place 3 of 7");
        await HasNoBarrierAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave the queue" }).ClickAsync();
        await Expect(demo.Status).ToHaveTextAsync("not running");
        await page.WaitForFunctionAsync("left === true");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true })).ToBeFocusedAsync();
    }, WithScript with { Width = width });

    [Fact]
    public Task Stop_by_keyboard_leads_to_Run_again_which_runs_another() => hub.VisitAsync(async visitor =>
    {
        var (page, demo) = (visitor.Page, DemoFrame.Of(visitor.Page));
        await page.GotoAsync(DemoFrame.Address(hub.Hub, ""));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        using var process = await demo.ProcessAsync();
        await Expect(demo.Stop).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run again" })).ToBeFocusedAsync();
        await HasNoBarrierAsync(page);
        await page.Keyboard.PressAsync("Enter");
        using var another = await demo.ProcessAsync();
        Assert.NotEqual(process.Id, another.Id);
        await HasNoBarrierAsync(page);
    }, WithScript);

    private static async Task HasNoBarrierAsync(IPage page)
    {
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
    }
}
