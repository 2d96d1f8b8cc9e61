using System.Net;
using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>Run on a talk's page starts a process of the operating system for that tab, and closing the tab ends it.</summary>
public sealed partial class DemoJourney(BrowserHub hub)
{
    private const string Talk = $"/talks/{BrowserHub.DemoTalk}";

    // The demo's page has a script; the talk's page has none, and its policy allows none.
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public async Task Run_starts_a_process_for_this_tab_and_closing_the_tab_ends_it()
    {
        await hub.VisitAsync(async visitor =>
        {
            var first = visitor.Page;
            var answer = await first.GotoAsync(Talk);
            Assert.DoesNotContain("script-src", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
            await PressRunAsync(first);
            var demo = DemoFrame.In(first);
            using var process = await demo.ProcessAsync();
            await Expect(demo.RoundTrip).ToHaveTextAsync(Milliseconds());
            var before = await demo.Uptime.InnerTextAsync();
            await Expect(demo.Uptime).Not.ToHaveTextAsync(before);

            var second = await visitor.Context.NewPageAsync();
            await second.GotoAsync(Talk);
            await PressRunAsync(second);
            using var other = await DemoFrame.In(second).ProcessAsync();
            Assert.NotEqual(process.Id, other.Id);

            await first.CloseAsync();
            await process.WaitForExitAsync().WaitAsync(Patience.Limit);
            Assert.False(other.HasExited);
            await second.CloseAsync();
            await other.WaitForExitAsync().WaitAsync(Patience.Limit);
        }, WithScript);
    }

    [Theory]
    [InlineData(Talk)]
    [InlineData($"/playground/{BrowserHub.Demo}")]
    public Task A_reload_of_the_page_around_it_keeps_the_process(string path) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync(path);
        await PressRunAsync(page);
        using var process = await DemoFrame.In(page).ProcessAsync();
        for (var reload = 0; reload < 2; reload++)
        {
            await page.ReloadAsync();
            using var same = await DemoFrame.In(page).ProcessAsync();
            Assert.Equal(process.Id, same.Id);
        }

        await page.GoBackAsync();
        await Expect(page.Locator("iframe")).ToHaveCountAsync(0);
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }, WithScript);

    [Fact]
    public Task Whoever_is_given_the_address_shares_the_process() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync($"/playground/{BrowserHub.Demo}");
        await PressRunAsync(visitor.Page);
        using var process = await DemoFrame.In(visitor.Page).ProcessAsync();
        var other = await visitor.Context.NewPageAsync();
        await other.GotoAsync(visitor.Page.Url);
        using var same = await DemoFrame.In(other).ProcessAsync();
        Assert.Equal(process.Id, same.Id);
        await Expect(DemoFrame.In(other).Status).ToHaveTextAsync("shared by 2 tabs, live");
        await other.GetByRole(AriaRole.Link, new() { Name = "Open full page" }).ClickAsync();
        using var full = await DemoFrame.Of(other).ProcessAsync();
        Assert.Equal(process.Id, full.Id);
    }, WithScript);

    [Fact]
    public async Task A_press_of_Run_is_answered_with_the_same_page_under_a_key_of_its_own()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = hub.Hub.Origin };
        var places = new HashSet<string>();
        foreach (var path in new[] { Talk, Talk, "/" })
        {
            using var answer = await http.GetAsync($"{path}?run={BrowserHub.Demo}");
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            var place = answer.Headers.Location!.OriginalString;
            Assert.Matches($"^\\?run={BrowserHub.Demo}&key=[0-9a-z]{{16}}$", place);
            Assert.True(places.Add(place));
        }

        // Nothing of a request's own comes back as an address, and what is no demo changes nothing.
        using var odd = await http.GetAsync($"{hub.Hub.Origin.GetLeftPart(UriPartial.Authority)}//elsewhere.example/?run={BrowserHub.Demo}");
        Assert.StartsWith("?", odd.Headers.Location?.OriginalString ?? "?", StringComparison.Ordinal);
        using var unknown = await http.GetAsync($"{Talk}?run=no-such");
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
        Assert.DoesNotContain("<iframe", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var marked = await http.GetAsync($"{Talk}?run={BrowserHub.Demo}&key=%22%3E%3Cscript%3E");
        Assert.DoesNotContain("<script>", await marked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Talk)]
    [InlineData($"/playground/{BrowserHub.Demo}")]
    public Task On_a_phone_there_is_one_Run_and_while_it_runs_none_and_the_whole_demo_is_in_its_frame(string path) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var run = page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true });
        await page.GotoAsync(path);
        await Expect(run).ToHaveCountAsync(1);
        await Expect(run).ToBeInViewportAsync();
        await run.ClickAsync();
        using var process = await DemoFrame.In(page).ProcessAsync();
        await Expect(run).ToHaveCountAsync(0);
        var frame = page.Frames.Single(each => each.Url.Contains("demo.localhost", StringComparison.Ordinal));
        Assert.Equal("0 0", await frame.EvaluateAsync<string>("`${document.documentElement.scrollHeight - innerHeight} ${document.documentElement.scrollWidth - innerWidth}`"));
    }, WithScript with { Width = 390, Height = 844 });

    [Fact]
    public Task Two_tabs_with_one_key_share_one_process() => hub.VisitAsync(async visitor =>
    {
        var address = DemoFrame.Address(hub.Hub, "?run&key=journey");
        var one = DemoFrame.Of(visitor.Page);
        await visitor.Page.GotoAsync(address);
        using var first = await one.ProcessAsync();
        var page = await visitor.Context.NewPageAsync();
        await page.GotoAsync(address);
        using var second = await DemoFrame.Of(page).ProcessAsync();
        Assert.Equal(first.Id, second.Id);
        await Expect(DemoFrame.Of(page).Tabs).ToHaveTextAsync("2");
    }, WithScript);

    [Fact]
    public Task Stop_in_the_demo_ends_the_process_at_once() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync(Talk);
        await PressRunAsync(visitor.Page);
        var demo = DemoFrame.In(visitor.Page);
        using var process = await demo.ProcessAsync();
        await demo.Stop.ClickAsync();
        await Expect(demo.Curtain).ToContainTextAsync("The process has ended.");
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }, WithScript);

    [Fact]
    public Task Close_empties_the_frame_and_the_process_ends() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync(Talk);
        await PressRunAsync(visitor.Page);
        using var process = await DemoFrame.In(visitor.Page).ProcessAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Close", Exact = true }).ClickAsync();
        await Expect(DemoFrame.In(visitor.Page).Status).ToHaveCountAsync(0);
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    }, WithScript);

    [Fact]
    public Task The_organiser_sees_it_and_may_stop_it_and_the_demo_says_why() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync(Talk);
        await PressRunAsync(visitor.Page);
        var demo = DemoFrame.In(visitor.Page);
        using var process = await demo.ProcessAsync();
        await hub.VisitAsOrganizerAsync(async organizer =>
        {
            await organizer.Page.GotoAsync("/organize/backends");
            var row = organizer.Page.GetByRole(AriaRole.Region, new() { Name = "Backends", Exact = true }).GetByRole(AriaRole.Row)
                .Filter(new() { Has = organizer.Page.GetByRole(AriaRole.Cell, new() { Name = $"{process.Id}", Exact = true }) });
            await Expect(row).ToContainTextAsync(BrowserHub.Demo);
            await Expect(row).ToContainTextAsync("ready");
            await row.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(organizer.Page).ToHaveURLAsync(new Regex("/organize/backends$"));
        });
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        await Expect(demo.Curtain).ToContainTextAsync("An organiser stopped the process.");
    }, WithScript);

    private static Task PressRunAsync(IPage page) => page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).First.ClickAsync();

    [GeneratedRegex(@"^[\d.]+ ms$")]
    private static partial Regex Milliseconds();
}
