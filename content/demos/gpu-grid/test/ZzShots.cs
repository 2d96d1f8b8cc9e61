using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
namespace BrowserTech.Demos.Shots;
public sealed class ZzShots(BrowserHub hub)
{
    [Theory]
    [InlineData(390, false)] [InlineData(390, true)] [InlineData(1440, false)] [InlineData(1440, true)]
    public Task Shot(int width, bool dark) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        Directory.CreateDirectory("/tmp/dkx/shots");
        var name = $"/tmp/dkx/shots/{width}-{(dark ? "dark" : "light")}";
        var grid = await BrowserTech.Demos.GpuGrid.GridPage.OpenAsync(page, hub.Hub.Port);
        await page.ScreenshotAsync(new() { Path = name + "-grid.png" });
        if (width == 1440) { await grid.Filter.FillAsync("storm level>=warn"); await Expect(grid.Announced).ToContainTextAsync("rows."); await grid.RestAsync(); await page.ScreenshotAsync(new() { Path = name + "-grid-filter.png" }); }
        var demo = await BrowserTech.Demos.DuckDb.DuckDbPage.OpenAsync(hub, page);
        await page.ScreenshotAsync(new() { Path = name + "-duck.png", FullPage = true });
        await demo.WhereAsync("both");
        await demo.RunAsync("SELECT bike, count(*) AS trips, sum(metres) / 1000::DECIMAL(9,2) AS km, max(started) AS latest, INTERVAL 3 DAY AS span, [1, 2] AS l FROM trips GROUP BY ALL ORDER BY bike");
        await page.ScreenshotAsync(new() { Path = name + "-duck-both.png", FullPage = true });
        await demo.RunAsync("SELECT no_such FROM trips");
        await page.ScreenshotAsync(new() { Path = name + "-duck-trouble.png", FullPage = true });
    }, new VisitOptions { Script = true, Width = width, Height = width == 390 ? 844 : 900, Dark = dark });
}
