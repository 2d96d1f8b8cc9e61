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
                State = new[] { each.Value }, IsDown = true, Code = each.Kind == InputKind.Key ? "KeyA" : null,
            }).ToList();
            foreach (var each in all) Assert.True(queue.Add(each));
            var kept = new List<CanvasInput>();
            queue.Drain(kept);

            Assert.True(queue.IsEmpty);
            Assert.Equal((uint)all.Count, queue.Newest);
            Assert.Equal(Clicks(all), Clicks(kept));
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

    private static List<uint> Clicks(List<CanvasInput> inputs) => [.. inputs.Where(each => !IsState(each) && !IsMove(each) && !IsWheel(each)).Select(each => each.Sequence)];

    private static bool IsState(CanvasInput input) => input.Kind == InputKind.State;

    private static bool IsMove(CanvasInput input) => input is { Kind: InputKind.Pointing, Action: PointerAction.Move };

    private static bool IsWheel(CanvasInput input) => input is { Kind: InputKind.Pointing, Action: PointerAction.Wheel };
}
