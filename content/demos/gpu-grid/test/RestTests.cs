using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What is done when there is nothing to do, when nobody looks, and when the screen becomes another.</summary>
public sealed class RestTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public Task Nothing_is_drawn_while_nothing_changes() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        var before = await grid.FramesAsync();
        // A second of the browser's own frames goes by.
        await visitor.Page.EvaluateAsync("() => new Promise((resolve) => { let left = 60; const tick = () => (left-- ? requestAnimationFrame(tick) : resolve()); tick(); })");
        Assert.Equal(before, await grid.FramesAsync());
        await visitor.Page.Mouse.MoveAsync(300, 500);
        await visitor.Page.WaitForFunctionAsync("before => document.querySelector('.place').grid.frames.count > before", before);
    }, WithScript);

    [Fact]
    public Task Nothing_is_drawn_or_asked_for_while_nobody_looks() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        await visitor.Page.EvaluateAsync("""
            () => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => globalThis.away });
              globalThis.away = true;
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """);
        var before = (await grid.FramesAsync(), await grid.AskAsync<int>("rows.received"));
        await grid.DoAsync("scroll.to(7_000_000)");
        await visitor.Page.EvaluateAsync("() => new Promise((resolve) => { let left = 30; const tick = () => (left-- ? requestAnimationFrame(tick) : resolve()); tick(); })");
        Assert.Equal(before, (await grid.FramesAsync(), await grid.AskAsync<int>("rows.received")));

        await visitor.Page.EvaluateAsync("() => { globalThis.away = false; document.dispatchEvent(new Event('visibilitychange')); }");
        await grid.RestAsync();
        Assert.True(await grid.FramesAsync() > before.Item1);
    }, WithScript);

    [Fact]
    public Task A_caret_stops_blinking_while_nobody_looks() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        // Motion is wanted here: a caret that never blinks sets no timer.
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.Filter.FocusAsync();
        var before = await grid.FramesAsync();
        await page.WaitForFunctionAsync("before => document.querySelector('.place').grid.frames.count > before + 1", before);
        await page.EvaluateAsync("""
            () => {
              Object.defineProperty(document, 'hidden', { configurable: true, get: () => globalThis.away });
              globalThis.away = true;
              globalThis.timers = 0;
              const set = globalThis.setTimeout;
              globalThis.later = set.bind(globalThis);
              globalThis.setTimeout = (...all) => { globalThis.timers++; return set(...all); };
              document.dispatchEvent(new Event('visibilitychange'));
            }
            """);
        var hidden = await grid.FramesAsync();
        // Three blinks' time, by the browser's own clock.
        await page.EvaluateAsync("() => new Promise((resolve) => globalThis.later(resolve, 1700))");
        Assert.Equal((hidden, 0), (await grid.FramesAsync(), await page.EvaluateAsync<int>("globalThis.timers")));
        await page.EvaluateAsync("() => { globalThis.away = false; document.dispatchEvent(new Event('visibilitychange')); }");
        await page.WaitForFunctionAsync("before => document.querySelector('.place').grid.frames.count > before + 1", hidden);
    }, WithScript);

    [Fact]
    public Task A_screen_with_smaller_pixels_is_drawn_for_as_sharply_as_if_the_page_had_been_opened_there() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        var session = await visitor.Context.NewCDPSessionAsync(page);
        foreach (var ratio in new[] { 2.0, 3.0 })
        {
            await session.SendAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = 1000, ["height"] = 700, ["deviceScaleFactor"] = ratio, ["mobile"] = false });
            await page.WaitForFunctionAsync("ratio => { const { surface, place } = document.querySelector('.place').grid; return surface.ratio === ratio && Math.abs(surface.canvas.width - place.clientWidth * ratio) < 2; }", ratio);
            await grid.RestAsync();
            using var changed = await ShotAsync(ratio);
            await grid.DoAsync("surface.forgetFonts()");
            await grid.DoAsync("invalidate()");
            await grid.RestAsync();
            using var anew = await ShotAsync(ratio);
            Assert.Equal(1000 * ratio, changed.Width);
            Assert.InRange(Pixels.Difference(changed, anew), 0, 0.0001);
        }

        // Playwright's own would set the screen back.
        async Task<SKBitmap> ShotAsync(double ratio)
        {
            var shot = await session.SendAsync("Page.captureScreenshot", new() { ["format"] = "png" });
            using var whole = SKBitmap.Decode(shot!.Value.GetProperty("data").GetBytesFromBase64());
            using var part = new SKBitmap();
            Assert.True(whole.ExtractSubset(part, new SKRectI(0, 0, whole.Width, whole.Height - (int)(ratio * (GridPage.Footer + 4)))));
            return part.Copy();
        }
    }, WithScript);

    [Fact]
    public Task A_browser_that_gives_no_context_any_more_is_told_so() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await GridPage.OpenAsync(page, hub.Hub.Port);
        await page.EvaluateAsync("() => { HTMLCanvasElement.prototype.getContext = () => null; }");
        await page.GetByRole(AriaRole.Button, new() { Name = "WebGL 2" }).ClickAsync();
        await Expect(page.Locator(".stage__lead")).ToHaveTextAsync("The picture is gone.");
        await Expect(page.Locator(".stage__hint")).ToContainTextAsync("This browser gives no Web");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Run again" })).ToBeVisibleAsync();
    }, WithScript);

    [Fact]
    public Task What_the_page_cannot_understand_ends_it_with_words() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.DoAsync("socket.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([99, 0, 0, 0, 0, 0, 0, 0]).buffer }))");
        await Expect(page.Locator(".stage__hint")).ToContainTextAsync("a message of kind 99");
    }, WithScript);
}
