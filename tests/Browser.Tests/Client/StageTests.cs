using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>What the stage does for every demo, tried with scripts of the tests' own on the page of the shipped one, and its real process.</summary>
public sealed class StageTests(BrowserHub hub)
{
    [Fact]
    public Task A_browser_that_lacks_something_is_told_what_and_offered_nothing() => RunAsync("""
        HTMLCanvasElement.prototype.getContext = () => null;
        stage({ hint: 'Never seen.', needs: ['webassembly', 'webgl2'], run: async () => {} });
        """, async page =>
    {
        await Expect(page.Locator(".stage__lead")).ToHaveTextAsync("Not in this browser.");
        await Expect(page.Locator(".stage__hint")).ToContainTextAsync("This demo needs WebGL 2");
        await Expect(page.Locator(".stage__hint")).Not.ToContainTextAsync("WebAssembly");
        await Expect(page.Locator(".stage__run")).ToBeHiddenAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "failed");
    }, runs: false);

    [Fact]
    public Task A_demo_that_fails_says_why_lets_its_process_go_and_can_be_tried_again() => RunAsync("""
        console.error = () => {}; // what failed is said there too, with its stack, for whoever wrote the demo
        let times = 0;
        const shown = stage({
          hint: 'Fails the first time.',
          async run({ session, signal }) {
            globalThis.ended = new Promise((done) => signal.addEventListener('abort', done));
            if (times++ === 0) throw new Error('The atlas is full.');
            return () => { globalThis.cleaned = true; };
          },
        });
        globalThis.fail = () => shown.fail('It cannot go on.', 'Row 17 has no date.');
        """, async page =>
    {
        await Expect(page.Locator(".stage__lead")).ToHaveTextAsync("The demo has failed.");
        await Expect(page.Locator(".stage__hint")).ToHaveTextAsync("The atlas is full.");
        await page.EvaluateAsync("() => ended.then(() => null)");
        await page.Locator(".stage__run").ClickAsync();
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await page.EvaluateAsync("fail()");
        await Expect(page.Locator(".stage__lead")).ToHaveTextAsync("It cannot go on.");
        await Expect(page.Locator(".stage__hint")).ToHaveTextAsync("Row 17 has no date.");
        Assert.True(await page.EvaluateAsync<bool>("cleaned"));
    });

    [Fact]
    public Task What_lies_behind_the_curtain_cannot_be_reached_until_it_rises() => RunAsync("""
        const field = Object.assign(document.createElement('input'), { id: 'field' });
        document.querySelector('.stage__scene').append(field);
        stage({ hint: 'Waits.', run: () => new Promise((done) => { globalThis.rise = () => done(); field.dataset.waits = ''; }) });
        """, async page =>
    {
        await Expect(page.Locator("#field[data-waits]")).ToHaveCountAsync(1);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('#field').inert"));
        await page.EvaluateAsync("rise()");
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await page.Locator("#field").FillAsync("reached");
        await page.Locator(".stage__stop").ClickAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "ended");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('#field').inert"));
    });

    [Fact]
    public Task A_demo_may_say_something_and_offer_to_do_it() => RunAsync("""
        const shown = stage({ hint: 'Speaks.', run: async () => {} });
        globalThis.speak = () => shown.notice('A tenth is shown.', { action: 'Show all', onAction: () => { shown.notice(null); shown.say('all of it, live'); } });
        """, async page =>
    {
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await page.EvaluateAsync("speak()");
        await Expect(page.Locator(".stage__notice")).ToContainTextAsync("A tenth is shown.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("all of it, live");
    });

    private Task RunAsync(string script, Func<IPage, Task> test, bool runs = true) => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.RouteAsync("**/demo.js", route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript", Body = $"import {{ stage }} from '/client/stage.js';\n{script}",
        }));
        await visitor.Page.GotoAsync(DemoFrame.Address(hub.Hub, runs ? "?run" : ""));
        await test(visitor.Page);
    }, new VisitOptions { Script = true });
}
