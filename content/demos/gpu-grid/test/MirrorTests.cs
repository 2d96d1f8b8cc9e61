using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What is there for whoever does not see the picture.</summary>
public sealed class MirrorTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public Task The_mirror_says_what_is_drawn_where_it_is_drawn() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        foreach (var top in new[] { 0.0, 77_777.4, 9_999_990 })
        {
            await grid.DoAsync($"scroll.to({top.ToString(System.Globalization.CultureInfo.InvariantCulture)})");
            await grid.RestAsync();
            var drawn = await grid.DrawnAsync();
            var mirrored = await grid.MirrorAsync();
            // The row that has the tab stop stays, wherever the view goes.
            Assert.Equal(drawn, top == 0 ? mirrored : mirrored.Skip(1));
        }

        var wrong = await page.EvaluateAsync<string[]>("""
            () => {
              const { grid } = document.querySelector('.place');
              const zero = document.querySelector('.place').getBoundingClientRect().top;
              return [...document.querySelectorAll('.grid [role=row]')].slice(1).filter((row) => row.index >= Math.floor(grid.scroll.top))
                .map((row) => [row.index, row.getBoundingClientRect().top - zero, grid.picture.yOf(row.index)])
                .filter(([, real, drawn]) => Math.abs(real - drawn) > 1).map(String);
            }
            """);
        Assert.Empty(wrong);
    }, WithScript);

    [Fact]
    public Task A_tree_is_there_for_whoever_does_not_see_the_picture() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await Expect(page.Locator(".place")).ToMatchAriaSnapshotAsync("""
            - textbox "Filter the events"
            - slider "Time"
            - grid "Events":
              - row:
                - columnheader "Row"
                - columnheader "Time (UTC)"
                - columnheader "Station"
              - row:
                - gridcell "1"
                - gridcell /01 Mar 00:00:00\.\d+/
            - group "Column widths":
              - separator "Width of Row"
            - img /Frame times/
            """);
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
        await grid.DoAsync("mirror.focus()");
        await grid.DoAsync("scroll.to(5_000_000)");
        await grid.RestAsync();
        Report.AssertNone(await Axe.AskAsync(page));
    }, WithScript);
}
