using BrowserTech.RemoteCanvas.Flow;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class InputQueueTests
{
    private static readonly Gen<(InputKind Kind, PointerAction Action, byte Value)> Inputs =
        Gen.Select(Gen.Enum<InputKind>(), Gen.Enum<PointerAction>(), Gen.Byte);

    [Fact]
    public void Of_anything_in_any_order_no_click_and_no_key_is_lost_and_the_newest_state_and_move_remain() =>
        Inputs.List[1, 200].Sample(inputs =>
        {
            var queue = new InputQueue(1000);
            var all = inputs.Select((each, i) => new CanvasInput
            {
                Kind = each.Kind, Action = each.Kind == InputKind.Pointing ? each.Action : default, Sequence = (uint)i + 1, X = each.Value, DeltaY = each.Value,
                State = new[] { each.Value }, IsDown = each.Value % 4 != 0, Code = each.Kind == InputKind.Key ? $"Key{each.Value % 3}" : null,
            }).ToList();
            foreach (var each in all) Assert.True(queue.Add(each));
            var kept = new List<CanvasInput>();
            queue.Drain(kept);

            Assert.True(queue.IsEmpty);
            Assert.Equal((uint)all.Count, queue.Newest);
            Assert.Equal(Clicks(WithoutRepeats(all)), Clicks(kept));
            Assert.Equal(all.LastOrDefault(IsState).State.ToArray(), kept.LastOrDefault(IsState).State.ToArray());
            Assert.True(kept.Count(IsState) <= 1);
            Assert.Equal(all.LastOrDefault(IsMove).X, kept.LastOrDefault(IsMove).X);
            Assert.Equal(all.Where(IsWheel).Sum(each => each.DeltaY), kept.Where(IsWheel).Sum(each => each.DeltaY));
        });

    [Fact]
    public void Who_presses_more_than_can_wait_is_noticed()
    {
        var queue = new InputQueue(10);
        for (var press = 0u; press < 10; press++) Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = press, Code = "KeyA" }));
        Assert.False(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = 11, Code = "KeyA" }));
    }

    [Fact]
    public void Three_seconds_of_moving_turning_and_holding_that_nobody_takes_are_a_handful()
    {
        var queue = new InputQueue(256);
        uint sequence = 0;
        Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = ++sequence, IsDown = true, Code = "KeyW" }));
        for (var turn = 0; turn < 360; turn++)
        {
            Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Pointing, Sequence = ++sequence, Action = PointerAction.Move, X = turn }));
            Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Pointing, Sequence = ++sequence, Action = PointerAction.Wheel, DeltaY = 2 }));
            Assert.True(queue.Add(new CanvasInput { Kind = InputKind.State, Sequence = ++sequence, State = new byte[] { 1 } }));
            Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = ++sequence, IsDown = true, Code = "KeyW" }));
        }

        var kept = new List<CanvasInput>();
        queue.Drain(kept);
        Assert.Equal(4, kept.Count);
        Assert.Equal(720, kept.Where(IsWheel).Sum(each => each.DeltaY));
        Assert.Equal(359, kept.Last(IsMove).X);
    }

    [Fact]
    public void When_all_places_are_taken_moves_and_the_wheel_make_room_for_clicks()
    {
        var queue = new InputQueue(10);
        for (var turn = 0u; turn < 20; turn++)
        {
            // Another button each time, so that none is merged.
            Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Pointing, Sequence = turn, Action = PointerAction.Move, Buttons = (byte)turn }));
        }

        for (var press = 20u; press < 30; press++) Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = press, Code = "KeyA" }));
        Assert.True(queue.Add(new CanvasInput { Kind = InputKind.Pointing, Sequence = 30, Action = PointerAction.Move }));
        Assert.False(queue.Add(new CanvasInput { Kind = InputKind.Key, Sequence = 31, Code = "KeyA" }));
        var kept = new List<CanvasInput>();
        queue.Drain(kept);
        Assert.Equal(Enumerable.Range(20, 10).Select(press => (uint)press), kept.Select(each => each.Sequence));
    }

    /// <summary>Of a key that goes down again and again, with nothing but moves between, the newest.</summary>
    private static List<CanvasInput> WithoutRepeats(List<CanvasInput> inputs)
    {
        List<CanvasInput> pressed = [.. inputs.Where(each => !IsState(each) && !IsMove(each) && !IsWheel(each))];
        return [.. pressed.Where((each, i) => !(i + 1 < pressed.Count && each.Kind == InputKind.Key && each.IsDown && pressed[i + 1].IsDown && pressed[i + 1].Code == each.Code))];
    }

    private static List<uint> Clicks(List<CanvasInput> inputs) => [.. inputs.Where(each => !IsState(each) && !IsMove(each) && !IsWheel(each)).Select(each => each.Sequence)];

    private static bool IsState(CanvasInput input) => input.Kind == InputKind.State;

    private static bool IsMove(CanvasInput input) => input is { Kind: InputKind.Pointing, Action: PointerAction.Move };

    private static bool IsWheel(CanvasInput input) => input is { Kind: InputKind.Pointing, Action: PointerAction.Wheel };
}
