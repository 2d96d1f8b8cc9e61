using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What is moved along an axis: time, and the edges of columns.</summary>
public sealed class TimelineTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public Task The_timeline_is_a_slider_that_goes_to_a_time() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.Timeline.FocusAsync();
        await page.Keyboard.PressAsync("PageUp");
        await Expect(grid.Timeline).ToHaveAttributeAsync("aria-valuetext", new Regex("^03 Mar 1[89]:.* UTC, row [0-9 ]+ of 10 000 000$"));
        await page.Keyboard.PressAsync("End");
        await Expect(grid.Timeline).ToHaveAttributeAsync("aria-valuetext", new Regex("^28 Mar 23:59:"));
        // A click in the middle of the bars is the middle of the time.
        var box = (await grid.Timeline.BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + box.Width / 2, box.Y + 30);
        await Expect(grid.Timeline).ToHaveAttributeAsync("aria-valuetext", new Regex("^1[45] Mar"));
        await grid.RestAsync();
        var time = await grid.AskAsync<double>("timeOf(Math.floor(document.querySelector('.place').grid.scroll.top + document.querySelector('.place').grid.scroll.visible / 3))");
        Assert.InRange(time - new DateTimeOffset(2031, 3, 15, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), -60_000 * 5, 60_000 * 5);

        // A brush says how much is in it; bars are asked for again when the window is another.
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 30);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 400, box.Y + 30, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        Assert.InRange(await grid.AskAsync<int>("timeline.brushed"), 100_000, 5_000_000);
        await page.Mouse.WheelAsync(0, -600);
        await page.WaitForFunctionAsync("() => { const { timeline } = document.querySelector('.place').grid; return timeline.to - timeline.from < 20 * 864e5 && timeline.strips[1].from === timeline.from; }");
    }, WithScript);

    [Fact]
    public Task A_column_is_made_wider_with_keys_and_with_the_mouse() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        var edge = page.GetByRole(AriaRole.Separator, new() { Name = "Width of Station" });
        await edge.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(edge).ToHaveAttributeAsync("aria-valuenow", "108");
        var box = (await edge.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 5, box.Y + 14);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 45, box.Y + 14, new() { Steps = 3 });
        await page.Mouse.UpAsync();
        await Expect(edge).ToHaveAttributeAsync("aria-valuenow", "148");
        Assert.Equal(148, await grid.AskAsync<int>("columns.shown.find(({ name }) => name === 'station').width"));
    }, WithScript);
}
