using System.Globalization;
using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>In one hand, with two fingers of the other.</summary>
public sealed class PhoneJourney(BrowserHub hub) : PointsPage(hub)
{
    private static readonly VisitOptions Phone = VisitOptions.Phone with { Script = true };

    [Fact]
    public Task The_picture_has_the_room_and_everything_can_be_reached() => RunAsync(async page =>
    {
        await WholeAsync(page);
        Assert.True(await HeightAsync(page, ".stage__bar") <= 64, "one row above it");
        Assert.True(await HeightAsync(page, ".stage__panel") <= 80, "one below");
        Assert.True(await HeightAsync(page, ".stage__scene") >= 844 * 0.75);
        await FitsAsync(page);
        await Expect(page.Locator("#photon")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Slider)).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "All figures" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Slider)).ToBeVisibleAsync();
        await Expect(page.Locator("#renderer")).ToBeVisibleAsync();
        await Expect(page.Locator("#budget")).ToBeVisibleAsync();
        // Nothing lies over the picture, and there is still one.
        Assert.True(await HeightAsync(page, ".stage__scene") >= 844 / 2);
        await FitsAsync(page);

        await page.GetByRole(AriaRole.Slider).PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Slider)).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Settings" })).ToBeFocusedAsync();
    }, Phone);

    [Fact]
    public Task Two_fingers_bring_the_town_nearer_and_one_turns_it() => RunAsync(async page =>
    {
        await WholeAsync(page);
        var before = await PlaceAsync(page);
        var fingers = await page.Context.NewCDPSessionAsync(page);
        await fingers.SendAsync("Emulation.setTouchEmulationEnabled", new() { ["enabled"] = true, ["maxTouchPoints"] = 2 });

        // Apart, evenly: twice as far from each other is half as far from the town.
        await TouchAsync(fingers, "touchStart", (170, 400), (220, 400));
        await TouchAsync(fingers, "touchMove", (165, 400), (225, 400));
        await TouchAsync(fingers, "touchMove", (145, 400), (245, 400));
        await TouchAsync(fingers, "touchEnd");
        await WhenAsync(page, $"() => JSON.parse(document.querySelector('#view').dataset.camera).distance < {(before.Distance * 0.7).ToString(CultureInfo.InvariantCulture)}");
        var near = await PlaceAsync(page);
        Assert.InRange(near.Distance / before.Distance, 0.49, 0.62);
        Assert.Equal(before.Yaw, near.Yaw);
        Assert.Equal(before.Pitch, near.Pitch);

        await TouchAsync(fingers, "touchStart", (100, 400));
        await TouchAsync(fingers, "touchMove", (160, 400));
        await TouchAsync(fingers, "touchEnd");
        await WhenAsync(page, $"() => JSON.parse(document.querySelector('#view').dataset.camera).yaw !== {near.Yaw.ToString("R", CultureInfo.InvariantCulture)}");
        Assert.Equal(near.Distance, (await PlaceAsync(page)).Distance);

        // Together again.
        await TouchAsync(fingers, "touchStart", (100, 400), (280, 400));
        await TouchAsync(fingers, "touchMove", (150, 400), (230, 400));
        await TouchAsync(fingers, "touchMove", (170, 400), (210, 400));
        await TouchAsync(fingers, "touchEnd");
        await WhenAsync(page, $"() => JSON.parse(document.querySelector('#view').dataset.camera).distance > {near.Distance.ToString("R", CultureInfo.InvariantCulture)}");
        await WholeAsync(page);
    }, Phone);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Axe_finds_nothing_folded_or_not(bool isDark) => RunAsync(async page =>
    {
        await WholeAsync(page);
        Assert.Empty(await FindingsAsync(page));
        foreach (var fold in await page.Locator(".fold").AllAsync()) await fold.ClickAsync();
        Assert.Empty(await FindingsAsync(page));
    }, Phone with { Dark = isDark });

    /// <summary>No scrolling sideways, and nothing to press is smaller than a finger.</summary>
    private static async Task FitsAsync(IPage page)
    {
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('button, select, .stage__switch label, .slider input')]
              .filter((each) => each.checkVisibility() && !each.closest('.stage__curtain'))
              .map((each) => [each.textContent.trim().slice(0, 20) || each.id, each.getBoundingClientRect()])
              .filter(([, { width, height }]) => width < 44 || height < 44).map(([name, { width, height }]) => `${name} ${width} × ${height}`)
            """));
    }

    private static async Task<double> HeightAsync(IPage page, string part) => (await page.Locator(part).BoundingBoxAsync())!.Height;

    private static async Task<(double Yaw, double Pitch, double Distance)> PlaceAsync(IPage page)
    {
        using var camera = JsonDocument.Parse(await CameraAsync(page));
        return (Of("yaw"), Of("pitch"), Of("distance"));

        double Of(string name) => camera.RootElement.GetProperty(name).GetDouble();
    }

    private static Task TouchAsync(ICDPSession fingers, string type, params (int X, int Y)[] places) => fingers.SendAsync("Input.dispatchTouchEvent", new()
    {
        ["type"] = type, ["touchPoints"] = places.Select((place, id) => new Dictionary<string, object> { ["x"] = place.X, ["y"] = place.Y, ["id"] = id }).ToArray(),
    });
}
