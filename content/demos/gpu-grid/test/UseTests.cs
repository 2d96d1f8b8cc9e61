using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The grid as people use it: with a wheel, a finger, keys alone, or a screen reader.</summary>
public sealed class UseTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    private static readonly string[] Keys = ["ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Control+ArrowDown", "Control+ArrowDown", " "];

    [Fact]
    public Task The_last_of_ten_million_rows_is_one_key_away() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        await grid.DoAsync("mirror.focus()");
        await visitor.Page.Keyboard.PressAsync("Control+End");
        await grid.RestAsync();
        var last = visitor.Page.Locator(".grid [aria-rowindex='10000001']");
        await Expect(last).ToBeFocusedAsync();
        await Expect(last).ToContainTextAsync("10\u2009000\u2009000");
        await Expect(last).ToHaveAttributeAsync("aria-selected", "true");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await grid.RestAsync();
        // It is drawn where it is said to be, at the very end of the rows, with ink in it.
        var box = (await last.BoundingBoxAsync())!;
        var place = (await visitor.Page.Locator(".place").BoundingBoxAsync())!;
        Assert.InRange(place.Y + place.Height - GridPage.Footer - (box.Y + box.Height), -1, 1);
        Assert.InRange(await grid.InkAsync(box.X + 20 - place.X, box.Y - place.Y, 900, box.Height), 200, 20_000);

        await visitor.Page.Keyboard.PressAsync("Home");
        await Expect(visitor.Page.Locator(".grid [aria-rowindex='2']")).ToBeFocusedAsync();
        Assert.Equal(0, await grid.AskAsync<double>("scroll.top"));
    }, WithScript);

    [Fact]
    public Task A_wheel_moves_by_parts_of_rows_also_where_floats_could_not() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        await grid.DoAsync("scroll.to(9_000_000)");
        await visitor.Page.Mouse.MoveAsync(600, 500);
        await visitor.Page.Mouse.WheelAsync(0, 7);
        await visitor.Page.WaitForFunctionAsync("() => document.querySelector('.place').grid.scroll.top !== 9_000_000");
        Assert.Equal(9_000_000.25, await grid.AskAsync<double>("scroll.top"), 9);
    }, WithScript);

    [Fact]
    public Task Rows_are_selected_with_keys_and_the_selection_is_drawn_and_told() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        using var before = await grid.PictureAsync();
        await grid.DoAsync("mirror.focus()");
        foreach (var key in Keys) await page.Keyboard.PressAsync(key);
        Assert.Equal("2 3 4 6", string.Join(" ", await SelectedAsync(page)));
        await Expect(page.Locator(".grid [aria-rowindex='7']")).ToBeFocusedAsync();
        await grid.RestAsync();
        using var after = await grid.PictureAsync();
        var top = (int)await grid.AskAsync<double>("picture.at.rows.y");
        // Row 3 (the third) has another ground, row 5 (between the ranges) has not.
        Assert.NotEqual(before.GetPixel(700, top + 2 * 28 + 3), after.GetPixel(700, top + 2 * 28 + 3));
        Assert.Equal(before.GetPixel(700, top + 4 * 28 + 3), after.GetPixel(700, top + 4 * 28 + 3));

        await page.Keyboard.PressAsync("Control+a");
        Assert.Equal(10_000_000, await grid.AskAsync<int>("selection.count"));
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await grid.AskAsync<int>("selection.count"));
    }, WithScript);

    [Fact]
    public Task A_click_selects_what_lies_under_it_and_what_lies_under_it_is_the_same_for_everybody() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.DoAsync("scroll.to(1000.5)");
        await grid.RestAsync();
        var place = (await page.Locator(".place").BoundingBoxAsync())!;
        foreach (var y in new[] { 300.0, 411, 555 })
        {
            var under = await page.EvaluateAsync<int>("([x, y]) => Number(document.elementFromPoint(x, y).closest('[role=row]').getAttribute('aria-rowindex')) - 2", new[] { place.X + 640.0, place.Y + y });
            await page.Mouse.ClickAsync(place.X + 640, place.Y + (float)y);
            Assert.Equal(under, await grid.AskAsync<int>("selection.active"));
        }

        await page.Mouse.ClickAsync(place.X + 640, place.Y + 300, new() { Button = MouseButton.Left });
        await page.Keyboard.DownAsync("Shift");
        await page.Mouse.ClickAsync(place.X + 640, place.Y + 300 + 3 * 28);
        await page.Keyboard.UpAsync("Shift");
        Assert.Equal(4, await grid.AskAsync<int>("selection.count"));
    }, WithScript);

    [Fact]
    public Task Selected_rows_are_copied_as_the_process_would_write_them() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        await grid.DoAsync("mirror.focus()");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        var text = await page.EvaluateAsync<string>("""
            () => {
              const event = new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
              document.activeElement.dispatchEvent(event);
              return event.clipboardData.getData('text/plain');
            }
            """);
        var log = new EventLog();
        var expected = new System.Text.StringBuilder();
        Tsv.Append(expected, log.Row(0));
        Tsv.Append(expected, log.Row(1));
        Assert.Equal(expected.ToString(), text);
        await Expect(grid.Announced).ToHaveTextAsync("Copied 2 rows.");
    }, WithScript);

    [Theory]
    [InlineData("switch", "Nothing was copied: the rows became others.")]
    [InlineData("lose", "The connection was lost: nothing was copied. Copy again when it is back.")]
    public Task Rows_that_were_to_be_copied_and_will_not_come_are_waited_for_no_more_and_it_is_said(string how, string words) => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        // The clipboard, which waits; and a process that is not asked.
        await page.EvaluateAsync("""
            () => {
              const { grid } = document.querySelector('.place');
              globalThis.kept = 'waits';
              const write = async ([item]) => {
                try {
                  await (await item.getType('text/plain')).text();
                  globalThis.kept = 'copied';
                } catch {
                  globalThis.kept = 'given up';
                  throw new Error('There is nothing to write.');
                }
              };
              Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { write } });
              const send = grid.socket.send.bind(grid.socket);
              grid.socket.send = (message) => (new Uint8Array(message)[0] === 5 ? true : send(message));
            }
            """);
        await grid.DoAsync("mirror.focus()");
        await page.Keyboard.PressAsync("Control+a");
        await page.EvaluateAsync("() => document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true, cancelable: true }))");
        await Expect(grid.Announced).ToContainTextAsync("Fetching 50 000 rows to copy");
        Assert.Equal("waits", await page.EvaluateAsync<string>("kept"));
        if (how == "switch") await grid.DoAsync("look('storm')");
        else await grid.DoAsync("socket.reconnect()");
        await Expect(grid.Announced).ToContainTextAsync(words);
        await page.WaitForFunctionAsync("() => kept === 'given up' && document.querySelector('.place').grid.copying.pending === null");
        // What comes late is not taken for anything.
        await grid.DoAsync("copying.heard({ token: document.querySelector('.place').grid.copying.token, rows: 1, isLast: true, text: 'late' })");
        Assert.Equal("given up", await page.EvaluateAsync<string>("kept"));
    }, WithScript);

    [Fact]
    public Task On_a_phone_rows_are_two_lines_and_a_finger_scrolls_them() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal(56, await grid.AskAsync<int>("picture.at.rowHeight"));
        Assert.Equal(4, (await grid.MirrorAsync())[0].Length);
        var session = await visitor.Context.NewCDPSessionAsync(page);
        async Task Touch(string type, double? y) => await session.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = type, ["touchPoints"] = y is null ? Array.Empty<object>() : new object[] { new { x = 180.0, y } },
        });
        await Touch("touchStart", 700);
        for (var y = 690; y >= 420; y -= 30) await Touch("touchMove", y);
        await Touch("touchEnd", null);
        await page.WaitForFunctionAsync("() => document.querySelector('.place').grid.scroll.top > 3");
        await grid.RestAsync();
        Assert.Equal(await grid.DrawnAsync(), (await grid.MirrorAsync()).Skip(1));
        await Axe.BringAsync(page);
        Report.AssertNone(await Axe.AskAsync(page));
    }, WithScript with { Width = 390, Height = 844 });

    private static Task<int[]> SelectedAsync(IPage page) => page.EvaluateAsync<int[]>(
        "[...document.querySelectorAll('.grid [aria-selected=true]')].map((row) => Number(row.getAttribute('aria-rowindex')) - 1)");
}
