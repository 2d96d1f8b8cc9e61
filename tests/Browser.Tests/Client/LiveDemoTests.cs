using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Journeys;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>The element that turns a link on somebody's page into the demo.</summary>
public sealed partial class LiveDemoTests(BrowserHub hub, EmbeddingHub embedding) : IClassFixture<EmbeddingHub>
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public Task By_keyboard_alone_it_runs_is_stopped_and_lets_the_process_go() => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run it" })).ToBeVisibleAsync();
        await Expect(page.Locator("iframe")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        using var process = await demo.ProcessAsync();
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("your process, live");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Run it: your process, live");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).First).ToBeFocusedAsync();
        Assert.Equal("live", await page.EvaluateAsync<string>("document.querySelector('live-demo').state"));

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run it" })).ToBeFocusedAsync();
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("Stopped");
        await Expect(page.Locator("iframe")).ToHaveCountAsync(0);
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
    });

    [Fact]
    public Task Taken_out_of_the_page_it_lets_the_process_go_and_put_back_it_can_run_again() => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        using var process = await demo.ProcessAsync();
        await page.EvaluateAsync("globalThis.element = document.querySelector('live-demo'), element.remove()");
        await process.WaitForExitAsync().WaitAsync(Patience.Limit);
        await page.EvaluateAsync("document.querySelector('main').append(element)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        using var another = await demo.ProcessAsync();
        Assert.NotEqual(process.Id, another.Id);
    });

    [Fact]
    public Task What_the_demo_tells_is_shown_and_a_countdown_runs() => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        using var process = await demo.ProcessAsync();
        var frame = page.Frames.Single(each => each.Url.Contains("demo.localhost", StringComparison.Ordinal));
        // The visitor's clock is an hour off; what is left is counted by the hub.
        await frame.EvaluateAsync("parent.postMessage({ 'live-demo': 1, state: 'ending', reason: 'lifetime', ends_at: new Date(Date.now() + 3600000).toISOString(), seconds_left: 42 }, '*')");
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync(Countdown());
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Run it: Ends soon: its time is nearly up");
        var before = await page.Locator("live-demo .words").InnerTextAsync();
        await Expect(page.Locator("live-demo .words")).Not.ToHaveTextAsync(before);
        await frame.EvaluateAsync("parent.postMessage({ 'live-demo': 1, state: 'queued', position: 3, of: 9, message: 'All places are taken.' }, '*')");
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("Waiting: place 3 of 9. All places are taken.");
        await frame.EvaluateAsync("parent.postMessage({ 'live-demo': 1, state: 'ended', message: 'The process has ended. Its time is up.' }, '*')");
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("The process has ended. Its time is up.");
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
    });

    [Fact]
    public Task Nobody_but_the_demo_in_its_frame_is_believed() => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        using var process = await demo.ProcessAsync();
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("your process, live");
        await page.EvaluateAsync("""
            async () => {
              postMessage({ 'live-demo': 1, state: 'failed', message: 'forged by the page' }, '*');
              const other = document.createElement('iframe');
              other.srcdoc = '<script>parent.postMessage({ "live-demo": 1, state: "failed", message: "forged by a frame" }, "*")</' + 'script>';
              const heard = new Promise((resolve) => addEventListener('message', ({ source }) => source === other.contentWindow && resolve()));
              document.body.append(other);
              await heard;
              other.remove();
            }
            """);
        await Expect(page.Locator("live-demo .words")).ToHaveTextAsync("your process, live");
        var sandbox = await page.Locator("live-demo iframe").GetAttributeAsync("sandbox");
        Assert.Equal("allow-scripts allow-same-origin allow-forms", sandbox);
    });

    [Fact]
    public Task A_demo_that_may_not_be_shown_there_says_so_and_offers_its_own_page() => ShowAsync(async (visitor, _) =>
    {
        var page = visitor.Page;
        await page.Clock.InstallAsync();
        await page.EvaluateAsync("document.querySelector('live-demo').replaceChildren(Object.assign(document.createElement('a'), { href: location.origin + '/nothing', textContent: 'Run it' }))");
        await page.EvaluateAsync("() => { const element = document.querySelector('live-demo'); element.remove(); document.querySelector('main').append(element); }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        await page.Clock.FastForwardAsync(11_000);
        await Expect(page.Locator("live-demo .words")).ToContainTextAsync("The demo does not answer.");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Run it: open on its own page" })).ToHaveAttributeAsync("href", new Regex("/nothing$"));
    }, failures: true);

    [Fact]
    public Task A_hub_that_allows_no_embedding_is_noticed_soon_after_its_frame_was_loaded() => ShowAsync(async (visitor, _) =>
    {
        var page = visitor.Page;
        await page.Clock.InstallAsync();
        await page.EvaluateAsync("void (globalThis.loaded = new Promise((resolve) => document.querySelector('live-demo').shadowRoot.addEventListener('load', resolve, { capture: true, once: true })))");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        await page.EvaluateAsync("loaded");
        await page.Clock.FastForwardAsync(3000);
        await Expect(page.Locator("live-demo .words")).ToContainTextAsync("The demo does not answer.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.Locator("iframe")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run it" })).ToBeVisibleAsync();
    }, failures: true, demos: hub.Hub);

    [Fact]
    public Task What_did_not_start_is_told_with_its_last_words_and_there_is_nothing_to_stop() => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await DemoScenes.FailStartAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        await Expect(page.Locator("live-demo .words")).ToContainTextAsync("The process did not start. The program exited with code 3");
        await Expect(page.Locator("live-demo > .stop, live-demo .bar .stop")).ToBeHiddenAsync();
        await demo.TellsWhyAsync();
    }, failures: true, width: 390);

    [Fact]
    public async Task Without_script_it_is_a_link_and_an_address_that_is_a_script_is_left_alone()
    {
        await ShowAsync(async (visitor, _) => await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Run it" })).ToBeVisibleAsync(), script: false);
        await ShowAsync(async (visitor, _) =>
        {
            await visitor.Page.SetContentAsync("<main><live-demo><a href='javascript:alert(1)'>Run it</a></live-demo></main>");
            Assert.Null(await visitor.Page.EvaluateAsync<string?>("document.querySelector('live-demo').address"));
            await Expect(visitor.Page.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        });
    }

    [Theory]
    [InlineData(390, false)]
    [InlineData(1280, true)]
    public Task It_has_no_barrier_before_and_while_it_runs(int width, bool dark) => ShowAsync(async (visitor, demo) =>
    {
        var page = visitor.Page;
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it" }).ClickAsync();
        using var process = await demo.ProcessAsync();
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
    }, width: width, dark: dark);

    private async Task ShowAsync(Func<Visitor, DemoFrame, Task> show, bool script = true, bool failures = false, int width = 1280, bool dark = false, HubProcess? demos = null)
    {
        var address = DemoFrame.Address(demos ?? embedding.Hub, "?run");
        var pages = new Dictionary<string, (string Type, string Body)>
        {
            ["/"] = ("text/html", $$"""
                <!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><title>A talk</title>
                <style>:root { color-scheme: light dark }</style>
                <script type=module src="http://localhost:{{embedding.Hub.Port}}/client/live-demo.js"></script>
                <main><h1>A talk</h1><live-demo><a href="{{address}}">Run it</a></live-demo></main>
                """),
        };
        await using var site = await TestPages.StartAsync(pages);
        var options = WithScript with { Script = script, AlsoPorts = [site.Port, (demos ?? embedding.Hub).Port], ExpectsFailures = failures, Width = width, Dark = dark };
        await hub.VisitAsync(embedding.Hub, async visitor =>
        {
            await visitor.Page.GotoAsync(site.Origin + "/");
            await show(visitor, new DemoFrame(selector => visitor.Page.FrameLocator("live-demo iframe").Locator(selector)));
        }, options, organizer: false);
    }

    [GeneratedRegex(@"^Ends in [34]\d s: its time is nearly up$")]
    private static partial Regex Countdown();
}

/// <summary>A hub that lets any page show its demos.</summary>
public sealed class EmbeddingHub : IAsyncLifetime
{
    public HubProcess Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await HubProcess.StartAsync(new HubSettings
    {
        Environment = { ["Playground__DemoEmbedders__0"] = "*", ["Playground__MaxBackendsPerClient"] = "50", ["Playground__ConnectsPerMinute"] = "1000" },
    });

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
