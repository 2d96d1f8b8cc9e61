using BrowserTech.RemoteCanvas.Flow;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class FrameFlowTests
{
    private static readonly CanvasLimits Limits = new();

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Nothing_is_drawn_before_something_changes() => Assert.Equal((Step.Wait, null), new FrameFlow(Limits).Next(Ms(10_000)));

    [Fact]
    public void A_change_is_drawn_at_once_and_when_nothing_follows_the_whole_picture_once_and_then_nothing()
    {
        var flow = new FrameFlow(Limits);
        flow.Change(Ms(0));
        Assert.Equal(Step.Motion, flow.Next(Ms(0)).Step);
        flow.Begin(1, Step.Motion, Ms(0));
        flow.Acknowledge(1, Ms(20));
        Assert.Equal((Step.Wait, Limits.StillAfter), flow.Next(Ms(20)));
        Assert.Equal(Step.Still, flow.Next(Limits.StillAfter).Step);
        flow.Begin(2, Step.Still, Limits.StillAfter);
        flow.Acknowledge(2, Ms(300));
        Assert.Equal((Step.Wait, null), flow.Next(Ms(100_000)));
    }

    [Fact]
    public void A_still_that_was_overtaken_is_made_again_when_things_have_come_to_rest()
    {
        var flow = new FrameFlow(Limits);
        flow.Change(Ms(0));
        flow.Begin(1, Step.Motion, Ms(0));
        flow.Acknowledge(1, Ms(10));
        flow.Begin(2, Step.Still, Ms(200));
        flow.Change(Ms(210));
        flow.Abandon(2);
        Assert.Equal(Step.Motion, flow.Next(Ms(211)).Step);
        flow.Begin(2, Step.Motion, Ms(211));
        flow.Acknowledge(2, Ms(220));
        Assert.Equal(Step.Still, flow.Next(Ms(210) + Limits.StillAfter).Step);
    }

    [Fact]
    public void A_viewer_that_never_acknowledges_is_sent_no_more_than_its_share_and_is_taken_for_gone()
    {
        var flow = new FrameFlow(Limits);
        uint sent = 0;
        for (var now = 0; now < 20_000; now += 5)
        {
            flow.Change(Ms(now));
            if (flow.Next(Ms(now)).Step != Step.Wait) flow.Begin(++sent, Step.Motion, Ms(now));
        }

        Assert.Equal((uint)Limits.FramesInFlight, sent);
        Assert.False(flow.IsLooking);
        flow.Hear(Ms(20_000));
        Assert.Equal(Step.Motion, flow.Next(Ms(20_000)).Step);
    }

    [Fact]
    public void Who_does_not_look_is_sent_nothing_and_what_was_missed_when_it_looks_again()
    {
        var flow = new FrameFlow(Limits);
        flow.Look(false, Ms(0));
        flow.Change(Ms(1));
        Assert.Equal((Step.Wait, null), flow.Next(Ms(1000)));
        flow.Look(true, Ms(2000));
        Assert.Equal(Step.Motion, flow.Next(Ms(2000)).Step);
    }

    [Fact]
    public void Whatever_happens_no_more_are_under_way_than_allowed_and_what_has_come_to_rest_is_complete() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 60]).List[1, 200].Sample(events =>
        {
            var flow = new FrameFlow(Limits);
            var (now, next, pending) = (0.0, 1u, new Queue<uint>());
            var lastStep = Step.Wait;
            foreach (var (what, passed) in events)
            {
                now += passed;
                if (what == 0) flow.Change(Ms(now));
                else if (what == 1 && pending.TryDequeue(out var frame)) flow.Acknowledge(frame, Ms(now));
                else Draw();
                Assert.InRange(flow.InFlight, 0, Limits.FramesInFlight);
            }

            // Left alone, with every frame acknowledged.
            flow.Change(Ms(now));
            for (var i = 0; i < 100; i++)
            {
                now += 50;
                Draw();
                while (pending.TryDequeue(out var frame)) flow.Acknowledge(frame, Ms(now));
            }

            Assert.Equal(Step.Still, lastStep);
            Assert.Equal((Step.Wait, null), flow.Next(Ms(now + 100)));

            void Draw()
            {
                if (flow.Next(Ms(now)).Step is Step.Wait) return;
                lastStep = flow.Next(Ms(now)).Step;
                pending.Enqueue(next);
                flow.Begin(next++, lastStep, Ms(now));
            }
        });
}
