using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>What goes wrong on the visitor's side: the page says so, and goes on with ours.</summary>
public sealed class TroubleJourney(BrowserHub hub) : PointsPage(hub)
{
    [Fact]
    public Task A_graphics_card_that_lets_go_is_told_ours_takes_over_and_later_it_works_again() => RunAsync(async page =>
    {
        await WholeAsync(page);
        foreach (var isRestored in new[] { false, true })
        {
            await Side(page, "Your GPU").CheckAsync();
            await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU");
            var camera = await CameraAsync(page);
            var before = await page.EvaluateAsync<int[]>(Look);
            await page.EvaluateAsync("() => (globalThis.loss = document.querySelector('#local').getContext('webgl2').getExtension('WEBGL_lose_context')).loseContext()");
            await Expect(page.Locator(".stage__notice")).ToContainTextAsync("Your graphics card let go of the picture. Our side draws now.");
            await Expect(Side(page, "Ours")).ToBeCheckedAsync();
            await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
            await WholeAsync(page);
            Assert.Equal(camera, await CameraAsync(page));
            Assert.InRange((await page.EvaluateAsync<int[]>(Look)).Zip(before, (a, b) => Math.Abs(a - b)).Average(), 0, 6);

            if (isRestored) await page.EvaluateAsync("() => loss.restoreContext()");
            await page.GetByRole(AriaRole.Button, new() { Name = "Try yours again" }).ClickAsync();
            await Expect(Side(page, "Your GPU")).ToBeCheckedAsync();
            await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "local");
            await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();
            await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU");
            Assert.InRange((await page.EvaluateAsync<int[]>(Look)).Zip(before, (a, b) => Math.Abs(a - b)).Average(), 0, 2);
            await Side(page, "Ours").CheckAsync();
            await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
        }
    });

    [Fact]
    public Task A_graphics_card_that_is_full_is_told_and_takes_fewer_points_afterwards() => RunAsync(async page =>
    {
        await WholeAsync(page);
        // It may be back on the other side before anybody could see it checked.
        await Side(page, "Your GPU").ClickAsync();
        await Expect(page.Locator(".stage__notice")).ToContainTextAsync("no memory left for so many points. Our side draws now.");
        await Expect(Side(page, "Ours")).ToBeCheckedAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");

        await page.GetByRole(AriaRole.Slider, new() { Name = "Points" }).FillAsync("10");
        await Side(page, "Your GPU").CheckAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "local");
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU");
        await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();
        Assert.True((await page.EvaluateAsync<int[]>(Look)).Distinct().Count() > 60);
    }, before: """
        // Two buffers go in; what is asked for beyond them is refused as a driver does it.
        const buffers = new WeakMap();
        const { bufferData, getError } = WebGL2RenderingContext.prototype;
        WebGL2RenderingContext.prototype.bufferData = function (...given) {
          buffers.set(this, (buffers.get(this) ?? 0) + 1);
          return bufferData.apply(this, given);
        };
        WebGL2RenderingContext.prototype.getError = function () {
          return buffers.get(this) > 2 ? this.OUT_OF_MEMORY : getError.call(this);
        };
        """);

    [Fact]
    public Task A_browser_without_WebGL_is_told_so_when_it_is_asked_to_draw() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await Expect(page.Locator(".stage__notice")).ToBeHiddenAsync();
        await Side(page, "Your GPU").ClickAsync();
        await Expect(page.Locator(".stage__notice")).ToContainTextAsync("This browser has no WebGL 2");
        await Expect(Side(page, "Ours")).ToBeCheckedAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
    }, before: "HTMLCanvasElement.prototype.getContext = ((get) => function (kind, ...rest) { return kind === 'webgl2' ? null : get.call(this, kind, ...rest); })(HTMLCanvasElement.prototype.getContext);");

    [Fact]
    public Task A_run_that_is_given_up_before_its_first_picture_leaves_nothing_and_the_next_one_lives() => VisitAsync(async page =>
    {
        await page.GotoAsync(Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "ended");
        await WhenAsync(page, "() => document.querySelector('#remote').socket === null");

        await page.EvaluateAsync("() => { globalThis.WebSocket = RealSocket; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "live");
        await WholeAsync(page);
    }, before: """
        // A connection that never comes to be.
        globalThis.RealSocket = WebSocket;
        globalThis.WebSocket = class extends EventTarget { static OPEN = 1; readyState = 0; bufferedAmount = 0; close() {} };
        """);
}
