using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>What is done while nothing happens, or nobody looks: nothing.</summary>
public sealed class RestJourney(BrowserHub hub) : PointsPage(hub)
{
    /// <summary>Keeps what the page's own modules wait for: timers, and pictures of the browser's.</summary>
    private const string Watch = """
        globalThis.waiting = new Set();
        for (const [begin, end, repeats] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval', true], ['requestAnimationFrame', 'cancelAnimationFrame']]) {
          const [before, after] = [globalThis[begin].bind(globalThis), globalThis[end].bind(globalThis)];
          globalThis[begin] = (work, ...rest) => {
            const isOwn = /\/(main|liveliness|feed|local-side|local|pace|answers|controls|figures|remote-canvas[-\w]*)\.js/.test(new Error().stack.split('\n')[2]);
            const id = before((...given) => {
              if (!repeats) waiting.delete(`${begin} ${id}`);
              work(...given);
            }, ...rest);
            if (isOwn) waiting.add(`${begin} ${id}`);
            return id;
          };
          globalThis[end] = (id) => (waiting.delete(`${begin} ${id}`), after(id));
        }
        """;

    private const string Waits = "() => waiting.size > 0";
    private const string Rests = "() => waiting.size === 0";

    [Theory]
    [InlineData("Ours")]
    [InlineData("Your GPU")]
    public Task At_rest_the_page_waits_for_nothing_and_a_touch_wakes_it(string side) => RunAsync(async page =>
    {
        await WholeAsync(page);
        await Side(page, side).CheckAsync();
        await Expect(page.Locator("#badge")).ToHaveTextAsync(side == "Ours" ? "ours" : "your GPU"); // all points are here
        await WhenAsync(page, Rests);
        await Expect(page.Locator("#rate")).ToHaveTextAsync("at rest");

        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, Waits);
        await LookAsync(page, false);
        await WhenAsync(page, Rests);
        var camera = await CameraAsync(page);
        await LookAsync(page, true);
        await WhenAsync(page, $"() => document.querySelector('#view').dataset.camera !== '{camera}'");
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, Rests);
    }, before: Watch);

    [Fact]
    public Task Points_are_fetched_only_while_somebody_looks() => RunAsync(async page =>
    {
        const string Fetched = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/layer/')).length";
        await WholeAsync(page);
        // What is fetched ahead, four hundred thousand of a million.
        await WhenAsync(page, $"() => {Fetched} === 26");
        await LookAsync(page, false);
        await Side(page, "Your GPU").CheckAsync();
        await WhenAsync(page, Rests);
        Assert.Equal(26, await page.EvaluateAsync<int>($"async () => {{ for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame); return {Fetched}; }}"));
        await LookAsync(page, true);
        await WhenAsync(page, $"() => {Fetched} === 64");
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "local");
    }, before: Watch);

    [Fact]
    public Task A_page_that_nobody_looks_at_is_sent_nothing() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await page.EvaluateAsync(CountFrames);
        await WhenAsync(page, "() => frames.length >= 3");
        await LookAsync(page, false);
        // What was under way may still arrive.
        var later = await page.EvaluateAsync<double>("""
            async () => {
              const remote = document.querySelector('#remote');
              for (let last = -1; last !== remote.stats.bytes;) {
                last = remote.stats.bytes;
                for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
              }
              const before = remote.stats.bytes;
              for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame);
              return remote.stats.bytes - before;
            }
            """);
        Assert.Equal(0, later);
    });
}
