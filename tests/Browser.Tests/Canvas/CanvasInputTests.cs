using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Canvas;

/// <summary>What a process is told of mouse and keyboard, and what is left to the browser.</summary>
public sealed class CanvasInputTests(BrowserHub hub)
{
    [Fact]
    public Task Keys_that_are_held_are_told_with_what_happens() => RunAsync(async visit =>
    {
        await visit.Page.EvaluateAsync("canvas.setAttribute('input', 'pointer wheel key shortcuts')");
        var (mouse, keyboard) = (visit.Page.Mouse, visit.Page.Keyboard);
        await visit.Page.Locator("remote-canvas").FocusAsync();
        await mouse.MoveAsync(160, 90);
        await keyboard.DownAsync("Shift");
        await mouse.DownAsync();
        await mouse.UpAsync();
        await keyboard.UpAsync("Shift");
        await keyboard.DownAsync("Control");
        await keyboard.DownAsync("Alt");
        await keyboard.PressAsync("b");
        await keyboard.UpAsync("Alt");
        await keyboard.UpAsync("Control");
        await mouse.WheelAsync(0, 30);
        var told = await visit.ToldAsync(lines => lines.Contains("wheel 0 0 0.25 30"));
        Assert.Equal(
            [
                "key down ShiftLeft 1", "down 1 1 0.25 0", "up 0 1 0.25 0", "key up ShiftLeft 0",
                "key down ControlLeft 2", "key down AltLeft 6", "key down KeyB 6", "key up KeyB 6", "key up AltLeft 2", "key up ControlLeft 0", "wheel 0 0 0.25 30",
            ],
            told.Where(line => !line.StartsWith("move", StringComparison.Ordinal)));
    });

    [Fact]
    public Task Who_looks_elsewhere_lets_go_of_what_was_held() => RunAsync(async visit =>
    {
        await visit.Page.Locator("remote-canvas").FocusAsync();
        await visit.Page.Keyboard.DownAsync("w");
        await visit.Page.EvaluateAsync("canvas.blur()");
        await visit.ToldAsync(lines => lines.Contains("key up KeyW 0"));

        await visit.Page.Mouse.MoveAsync(320, 180);
        await visit.Page.Mouse.DownAsync();
        await visit.ToldAsync(lines => lines.Contains("down 1 0 0.50 0"));
        await visit.Page.EvaluateAsync("dispatchEvent(new Event('blur'))");
        var told = await visit.ToldAsync(lines => lines.Contains("cancel 0 0 0.50 0"));
        Assert.Single(told, line => line.StartsWith("key up", StringComparison.Ordinal));
        await visit.Page.Mouse.UpAsync();
    });

    [Fact]
    public Task Paused_it_lets_go_and_tells_nothing() => RunAsync(async visit =>
    {
        await visit.Page.Locator("remote-canvas").FocusAsync();
        await visit.Page.Keyboard.DownAsync("w");
        await visit.Page.EvaluateAsync("canvas.paused = true");
        await visit.ToldAsync(lines => lines.Contains("key up KeyW 0"));
        await visit.Page.Keyboard.PressAsync("x");
        await visit.Page.EvaluateAsync("canvas.paused = false");
        await visit.Page.Keyboard.PressAsync("y");
        Assert.DoesNotContain(await visit.ToldAsync(lines => lines.Contains("key up KeyY 0")), line => line.Contains("KeyX", StringComparison.Ordinal));
    });

    [Fact]
    public Task The_wheel_with_Ctrl_is_the_browsers_unless_the_page_says_otherwise() => RunAsync(async visit =>
    {
        await visit.Page.EvaluateAsync("addEventListener('wheel', (event) => { globalThis.taken = event.defaultPrevented; event.preventDefault(); }, { passive: false })");
        await visit.Page.Mouse.MoveAsync(320, 180);
        await visit.Page.Keyboard.DownAsync("Control");
        await visit.Page.Mouse.WheelAsync(0, 40);
        await visit.Page.WaitForFunctionAsync("globalThis.taken === false");
        await visit.Page.EvaluateAsync("() => { canvas.setAttribute('input', 'wheel zoom'); delete globalThis.taken; }");
        await visit.Page.Mouse.WheelAsync(0, 50);
        await visit.Page.WaitForFunctionAsync("globalThis.taken === true");
        Assert.Equal(["wheel 0 2 0.50 50"], (await visit.ToldAsync(lines => lines.Any(IsWheel))).Where(IsWheel));

        static bool IsWheel(string line) => line.StartsWith("wheel", StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("Control", "l")]
    [InlineData("Alt", "ArrowLeft")]
    [InlineData("Meta", "l")]
    [InlineData(null, "F6")]
    public Task What_asks_something_of_the_browser_is_the_browsers_unless_the_page_says_otherwise(string? held, string pressed) => RunAsync(async visit =>
    {
        // What the canvas left to the browser, kept from it here: it would lead away.
        await visit.Page.EvaluateAsync("key => addEventListener('keydown', (event) => { if (event.key === key) { globalThis.taken = event.defaultPrevented; event.preventDefault(); } })", pressed);
        var keyboard = visit.Page.Keyboard;
        await visit.Page.Locator("remote-canvas").FocusAsync();
        if (held is not null) await keyboard.DownAsync(held);
        await keyboard.PressAsync(pressed);
        Assert.False(await visit.Page.EvaluateAsync<bool>("taken"));
        if (held is not null) await keyboard.UpAsync(held);
        await keyboard.PressAsync("y");
        var lines = await visit.ToldAsync(lines => lines.Contains("key up KeyY 0"));
        Assert.Equal((held is null ? [] : new[] { $"key up {held}Left 0" }).Append("key up KeyY 0"), lines.Where(line => line.StartsWith("key up", StringComparison.Ordinal)));

        await visit.Page.EvaluateAsync("canvas.setAttribute('input', 'key shortcuts')");
        if (held is not null) await keyboard.DownAsync(held);
        await keyboard.PressAsync(pressed);
        Assert.True(await visit.Page.EvaluateAsync<bool>("taken"));
        if (held is not null) await keyboard.UpAsync(held);
    });

    [Fact]
    public Task When_the_line_is_cut_the_process_lets_go_and_what_is_done_meanwhile_is_forgotten() => RunAsync(async visit =>
    {
        await visit.Page.Locator("remote-canvas").FocusAsync();
        await visit.Page.Keyboard.DownAsync("w");
        await visit.ToldAsync(lines => lines.Contains("key down KeyW 0"));
        visit.Client.Link.Cut();
        await visit.Page.WaitForFunctionAsync("!canvas.socket.isOpen");
        await visit.Page.Keyboard.PressAsync("x");
        visit.Client.Link.Restore();
        await visit.Page.EvaluateAsync("dispatchEvent(new Event('online'))");
        await visit.Page.WaitForFunctionAsync("canvas.socket.isOpen && canvas.isComplete");
        await visit.Page.Keyboard.UpAsync("w");
        await visit.Page.Keyboard.PressAsync("y");
        var told = await visit.ToldAsync(lines => lines.Contains("key up KeyY 0"));
        Assert.Equal("key up KeyW 0", told[Array.IndexOf(told, "key down KeyW 0") + 1]);
        Assert.DoesNotContain(told, line => line.Contains("KeyX", StringComparison.Ordinal));
    });

    private Task RunAsync(Func<CanvasVisit, Task> use) => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Connected);
        await use(visit);
    });
}
