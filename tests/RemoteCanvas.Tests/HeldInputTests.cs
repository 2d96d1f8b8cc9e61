using BrowserTech.RemoteCanvas.Flow;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class HeldInputTests
{
    private static readonly Gen<CanvasInput> Inputs = Gen.Select(Gen.Bool, Gen.Int[0, 4], Gen.Enum<PointerAction>(), Gen.Bool).Select((isKey, which, action, isDown) => isKey
        ? new CanvasInput { Kind = InputKind.Key, Sequence = 1, Code = $"Key{which}", IsDown = isDown }
        : new CanvasInput { Kind = InputKind.Pointing, Sequence = 1, PointerId = (byte)which, Action = action, Buttons = (byte)(isDown ? 1 : 0) });

    [Fact]
    public void Whatever_was_pressed_is_let_go_once_and_what_was_not_is_not() => Inputs.Array[0, 100].Sample(inputs =>
    {
        var held = new HeldInput();
        foreach (var input in inputs) held.Note(input);
        var released = held.Release(9);
        Assert.Equal(
            Newest(inputs, InputKind.Key).Where(input => input.IsDown).Select(input => input.Code).Order(StringComparer.Ordinal),
            released.Where(input => input.Kind == InputKind.Key).Select(input => input.Code).Order(StringComparer.Ordinal));
        Assert.Equal(
            Newest(inputs, InputKind.Pointing).Where(input => input.Buttons != 0 && input.Action is PointerAction.Down or PointerAction.Move).Select(input => input.PointerId).Order(),
            released.Where(input => input.Kind == InputKind.Pointing).Select(input => input.PointerId).Order());
        Assert.All(released, input => Assert.True(input is { IsDown: false, Buttons: 0, Sequence: 9 }));
        Assert.Empty(held.Release(10));
    });

    [Fact]
    public void Who_holds_more_keys_than_there_are_fingers_is_refused()
    {
        var held = new HeldInput();
        Assert.Throws<RefusedInputException>(() =>
        {
            for (var key = 0; key < 100; key++) held.Note(new CanvasInput { Kind = InputKind.Key, Sequence = 1, Code = $"Key{key}", IsDown = true });
        });
    }

    /// <summary>The last word on each key, or on each pointer; a wheel says nothing about buttons.</summary>
    private static IEnumerable<CanvasInput> Newest(CanvasInput[] inputs, InputKind kind) => inputs
        .Where(input => input.Kind == kind && !(kind == InputKind.Pointing && input.Action == PointerAction.Wheel))
        .GroupBy(input => (input.Code, input.PointerId)).Select(group => group.Last());
}
