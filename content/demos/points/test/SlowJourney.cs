using System.Globalization;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>A graphics card that is slow: each point it draws takes it a microsecond and a half, or whatever the test says.</summary>
public sealed class SlowJourney(BrowserHub hub) : PointsPage(hub)
{
    /// <summary>Counts what is drawn, and takes its time over it. A picture ends with two triangles; `pictures` has the points of each, `calls` what was asked of the card at all.</summary>
    private const string Slow = """
        globalThis.pictures = [];
        globalThis.calls = 0;
        globalThis.slowness = { point: 0.0015, picture: 0 };
        let [points, passes] = [0, 0];
        const { drawArrays } = WebGL2RenderingContext.prototype;
        WebGL2RenderingContext.prototype.drawArrays = function (mode, from, count) {
          calls++;
          if (mode === this.POINTS) points += count;
          else if (++passes % 2 === 0) [points] = [0, pictures.push(points)];
          const took = mode === this.POINTS ? count * slowness.point : slowness.picture / 2;
          for (const until = performance.now() + took; performance.now() < until;);
          drawArrays.call(this, mode, from, count);
        };
        """;

    [Fact]
    public Task It_draws_fewer_points_while_they_move_and_all_of_them_after_it() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await Side(page, "Your GPU").CheckAsync();
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU"); // all points are here
        var all = await page.EvaluateAsync<int>("() => pictures.at(-1)");
        var still = await page.EvaluateAsync<int[]>(Look);
        await page.EvaluateAsync("() => { pictures.length = 0; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, "() => pictures.length >= 6");
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU · fewer points while it moves");
        Assert.InRange(await page.EvaluateAsync<int>("() => pictures.at(-1)"), 20_000, all / 2);
        Assert.True((await page.EvaluateAsync<int[]>(Look)).Distinct().Count() > 60, "and still a picture");

        await page.GetByRole(AriaRole.Button, new() { Name = "Home" }).ClickAsync();
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU");
        Assert.Equal(all, await page.EvaluateAsync<int>("() => pictures.at(-1)"));
        Assert.Equal(still, await page.EvaluateAsync<int[]>(Look));
    }, before: Slow);

    [Fact]
    public Task Left_for_ours_it_is_given_nothing_more_and_waits_for_no_more_points() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await Side(page, "Your GPU").CheckAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "local");
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, "() => asked >= 28");
        // At the press itself, before the page is given the time for anything else.
        var (drawn, asked) = await AtAsync("() => { document.querySelector('[name=side][value=remote]').click(); return [calls, asked]; }");
        Assert.InRange(asked, 28, 63);
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
        await WhenAsync(page, "() => document.querySelector('#remote').stats.frames > 20");
        Assert.Equal((drawn, asked), await AtAsync("() => [calls, asked]"));

        // And back again it goes on from there.
        await Side(page, "Your GPU").CheckAsync();
        await WhenAsync(page, "() => asked >= 64");
        await WhenAsync(page, "() => calls > " + drawn.ToString(CultureInfo.InvariantCulture));

        async Task<(int Calls, int Asked)> AtAsync(string script)
        {
            var found = await page.EvaluateAsync<int[]>(script);
            return (found[0], found[1]);
        }
    }, before: Slow + """
        // Points that come one at a time, so that there are always some on the way.
        globalThis.asked = 0;
        let turn = Promise.resolve();
        const { fetch } = globalThis;
        globalThis.fetch = (address, init) => {
          if (!String(address.url ?? address).includes('/layer/')) return fetch(address, init);
          const before = turn;
          return (turn = before.catch(() => {}).then(() => new Promise((done) => setTimeout(done, 150))).then(() => {
            if (!init.signal.aborted) asked++;
            return fetch(address, init);
          }));
        };
        """);

    [Fact]
    public Task Where_even_few_points_are_too_many_ours_is_offered_once() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await Side(page, "Your GPU").CheckAsync();
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU");
        await page.EvaluateAsync("() => { slowness.picture = 300; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await Expect(page.Locator(".stage__notice")).ToContainTextAsync("Your GPU is slow at this");
        await page.GetByRole(AriaRole.Button, new() { Name = "Let ours draw" }).ClickAsync();
        await Expect(Side(page, "Ours")).ToBeCheckedAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
        await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();

        await page.EvaluateAsync("() => { pictures.length = 0; }");
        await Side(page, "Your GPU").CheckAsync();
        await WhenAsync(page, "() => pictures.length >= 5");
        await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();
    }, before: Slow);

    [Theory]
    [InlineData(700)]
    [InlineData(800)]
    [InlineData(1000)]
    [InlineData(1100)]
    public Task The_bar_is_one_line(int width) => RunAsync(async page =>
    {
        await page.SetViewportSizeAsync(width, 600);
        Assert.InRange((await page.Locator(".stage__bar").BoundingBoxAsync())!.Height, 44, 72);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
    });
}
