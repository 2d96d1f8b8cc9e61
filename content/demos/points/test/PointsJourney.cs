using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>The demo as a person uses it. What is seen is read from the canvases, not from what the page says of them.</summary>
public sealed class PointsJourney(BrowserHub hub) : PointsPage(hub)
{
    private static readonly string[] Moves = ["ArrowRight", "ArrowUp", "Shift+ArrowLeft", "+"];

    [Fact]
    public Task Drawn_here_and_there_it_is_the_same_picture_and_a_switch_keeps_the_camera() => RunAsync(async page =>
    {
        await WholeAsync(page);
        await page.Locator("#view").PressAsync("ArrowLeft");
        await page.Locator("#view").PressAsync("+");
        await WholeAsync(page);
        var camera = await CameraAsync(page);
        var theirs = await page.EvaluateAsync<int[]>(Look);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Your GPU" }).CheckAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "local");
        await Expect(page.Locator("#badge")).ToHaveTextAsync("your GPU"); // all points are here
        await page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var ours = await page.EvaluateAsync<int[]>(Look);
        Assert.Equal(camera, await CameraAsync(page));

        // Dark sky above, a green hill at the lower left, and no single colour.
        Assert.InRange(Mean(ours, 0, 64 * 2).Max(), 10, 70);
        var grass = Mean(ours, 32 * 64, 32 * 64 + 12);
        Assert.True(grass[1] > grass[0] && grass[1] > grass[2] + 20, string.Join(' ', grass));
        Assert.True(ours.Distinct().Count() > 60);
        Assert.InRange(ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Average(), 0, 6);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Ours" }).CheckAsync();
        await Expect(page.Locator("#view")).ToHaveAttributeAsync("data-shown", "remote");
        await Expect(page.Locator("#switched")).ToHaveTextAsync(new Regex(@"^[\d.]+ ms, (next frame|\d+ frames)$"));
        await WholeAsync(page);
        Assert.Equal(camera, await CameraAsync(page));
        Assert.InRange((await page.EvaluateAsync<int[]>(Look)).Zip(theirs, (a, b) => Math.Abs(a - b)).Average(), 0, 2);
    });

    [Fact]
    public Task While_it_turns_video_comes_then_one_whole_picture_and_then_nothing() => RunAsync(async page =>
    {
        Need.Program("ffmpeg", "ffmpeg");
        await WholeAsync(page);
        var before = await page.EvaluateAsync<int[]>(Look);
        await page.EvaluateAsync(CountFrames);
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, "() => frames.filter(([codec]) => codec === 'H.264').length >= 10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WholeAsync(page);
        Assert.True(before.Zip(await page.EvaluateAsync<int[]>(Look), (a, b) => Math.Abs(a - b)).Average() > 1, "it has turned");
        Assert.True(await page.EvaluateAsync<bool>("() => frames.at(-1)[1] && !frames.slice(0, -1).some(([, complete]) => complete)"));

        // Sixty pictures of the page: it would have shown more, had there been any.
        var idle = await page.EvaluateAsync<double>("""
            async () => {
              const remote = document.querySelector('#remote');
              const before = remote.stats.bytes;
              for (let i = 0; i < 60; i++) await new Promise(requestAnimationFrame);
              return remote.stats.bytes - before;
            }
            """);
        Assert.Equal(0, idle);
    });

    [Fact]
    public Task Where_the_browser_has_no_video_decoder_it_is_shown_pictures() => RunAsync(async page =>
    {
        await page.EvaluateAsync(CountFrames);
        await page.GetByRole(AriaRole.Button, new() { Name = "Orbit" }).ClickAsync();
        await WhenAsync(page, "() => frames.length >= 5");
        Assert.Equal("JPEG", Assert.Single((await page.EvaluateAsync<string[]>("() => frames.map(([codec]) => codec)")).Distinct()));
        await Expect(page.Locator("#encoder")).ToHaveTextAsync("JPEG");
    }, before: "delete globalThis.VideoDecoder;");

    [Fact]
    public Task The_keyboard_turns_moves_comes_nearer_and_goes_home() => RunAsync(async page =>
    {
        await WholeAsync(page);
        var home = await CameraAsync(page);
        var view = page.Locator("#view");
        foreach (var key in Moves)
        {
            var last = await CameraAsync(page);
            await view.PressAsync(key);
            await WhenAsync(page, $"() => document.querySelector('#view').dataset.camera !== '{last}'");
        }

        await view.PressAsync("Space");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Orbit" })).ToHaveAttributeAsync("aria-pressed", "true");
        await view.PressAsync("Home");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Orbit" })).ToHaveAttributeAsync("aria-pressed", "false");
        await WhenAsync(page, $"() => document.querySelector('#view').dataset.camera === '{home}'");
    });

    [Fact]
    public Task At_a_desk_in_the_dark_axe_finds_nothing() => RunAsync(async page =>
    {
        await WholeAsync(page);
        Assert.Empty(await FindingsAsync(page));
    }, Script with { Dark = true });
}
