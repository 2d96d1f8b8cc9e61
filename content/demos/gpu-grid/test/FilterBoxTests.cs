using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The filter: a real text field under a drawn one.</summary>
public sealed class FilterBoxTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Fact]
    public Task A_filter_narrows_says_how_far_and_lets_go_where_one_was() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.DoAsync("scroll.to(3_000_000)");
        await grid.RestAsync();
        await grid.DoAsync("mirror.focus()");
        await page.Keyboard.PressAsync("/");
        await Expect(grid.Filter).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("storm level>=warn");
        await Expect(grid.Announced).ToHaveTextAsync(new Regex("^[0-9 ]+ of 10 000 000 rows.$"));
        await grid.RestAsync();
        Assert.All(await grid.MirrorAsync(), row => Assert.Contains(row, cell => cell.StartsWith("Storm front", StringComparison.Ordinal)));
        Assert.Equal(await grid.DrawnAsync(), await grid.MirrorAsync());
        await Expect(page.GetByRole(AriaRole.Grid)).ToHaveAttributeAsync("aria-rowcount", $"{await grid.AskAsync<int>("rows.count") + 1}");
        var row = await grid.AskAsync<int>("rows.at(0).id");

        await page.Keyboard.PressAsync("Escape");
        await Expect(grid.Announced).ToHaveTextAsync("All 10 000 000 rows.");
        await grid.RestAsync();
        // Whoever empties the filter stays at the moment that was looked at.
        Assert.Equal(row, (int)await grid.AskAsync<double>("scroll.top"));

        await grid.Filter.FillAsync("duration>soon");
        await Expect(grid.Announced).ToContainTextAsync("a duration is a number with a unit");
        // Whoever mistypes keeps what was seen.
        await grid.RestAsync();
        Assert.Equal(10_000_000, await grid.AskAsync<int>("rows.count"));
        Assert.Equal(row, (int)await grid.AskAsync<double>("scroll.top"));
    }, WithScript);

    [Fact]
    public Task The_real_text_field_lies_where_the_drawn_one_is_and_its_letters_are_as_wide() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.Filter.FillAsync("station:fjóluvík");
        var real = await page.EvaluateAsync<float>("""
            () => {
              const input = document.querySelector('.filter');
              const probe = document.createElement('span');
              const { font, letterSpacing } = getComputedStyle(input);
              Object.assign(probe.style, { font, letterSpacing, whiteSpace: 'pre', position: 'absolute' });
              probe.textContent = input.value;
              document.body.append(probe);
              const { width } = probe.getBoundingClientRect();
              probe.remove();
              return width;
            }
            """);
        var drawn = await grid.AskAsync<float>("picture.field.run('station:fjóluvík').width / devicePixelRatio");
        Assert.InRange(real - drawn, -1, 1);
        Assert.Equal("rgba(0, 0, 0, 0)", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.filter')).color"));
    }, WithScript);

    [Fact]
    public Task A_connection_that_comes_back_leaves_what_was_looked_at_as_it_was() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.Filter.FillAsync("storm level>=warn");
        await Expect(grid.Announced).ToHaveTextAsync(new Regex("^[0-9 ]+ of 10 000 000 rows.$"));
        await grid.RestAsync();
        await grid.DoAsync("scroll.to(40)");
        await page.EvaluateAsync("() => { const { grid } = document.querySelector('.place'); const { timeline } = grid; timeline.from += 864e5; timeline.to -= 864e5; grid.invalidate(); }");
        await grid.RestAsync();
        const string Seen = "() => { const { rows, scroll, timeline, filtered } = document.querySelector('.place').grid; return [rows.count, scroll.top, timeline.from, timeline.to, filtered].join(); }";
        var before = (await page.EvaluateAsync<string>(Seen), await grid.MirrorAsync());
        // Every count that is ever shown from here on.
        await page.EvaluateAsync("""
            () => {
              const { rows, socket } = document.querySelector('.place').grid;
              let count = rows.count;
              globalThis.counts = new Set();
              Object.defineProperty(rows, 'count', { get: () => count, set: (value) => { count = value; globalThis.counts.add(value); } });
              // Its first words, and then that it has searched again.
              let greeted = false;
              globalThis.back = new Promise((resolve) => socket.addEventListener('message', ({ data }) => {
                if (typeof data === 'string') greeted = true;
                else if (greeted && new Uint8Array(data)[0] === 2 && new Uint8Array(data)[1] === 1) resolve();
              }));
              socket.reconnect();
            }
            """);
        await page.EvaluateAsync("() => globalThis.back");
        await grid.RestAsync();
        Assert.Equal(before.Item1, await page.EvaluateAsync<string>(Seen));
        Assert.Equal(before.Item2, await grid.MirrorAsync());
        Assert.DoesNotContain(10_000_000, await page.EvaluateAsync<int[]>("() => [...globalThis.counts]"));
    }, WithScript);
}
