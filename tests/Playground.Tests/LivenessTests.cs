using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using CsCheck;

namespace BrowserTech.Playground.Tests;

public sealed class LivenessTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 10, 18, 30, 0, TimeSpan.Zero);

    private static readonly ServiceLimits Limits = new()
    {
        Lifetime = TimeSpan.FromMinutes(30), Grace = TimeSpan.FromSeconds(5), Inactivity = TimeSpan.FromMinutes(2),
    };

    [Fact]
    public void A_connected_backend_lives_until_its_lifetime_or_until_it_falls_silent()
    {
        var usage = Fresh() with { Connections = 1, LastActivity = At(600) };
        Assert.Equal(new Verdict(null, At(720)), Liveness.Judge(At(601), usage, Limits));
        Assert.Equal(EndReason.Idle, Liveness.Judge(At(720), usage, Limits).End);
        Assert.Equal(EndReason.Lifetime, Liveness.Judge(At(1800), usage with { LastActivity = At(1799) }, Limits).End);
        Assert.Equal(new Verdict(null, At(1800)), Liveness.Judge(At(1700), usage, Limits with { Inactivity = null }));
    }

    [Fact]
    public void After_the_last_connection_it_waits_for_the_grace_time()
    {
        var usage = Fresh() with { LastDisconnect = At(100), AwaitedSince = null };
        Assert.Equal(new Verdict(null, At(105)), Liveness.Judge(At(104), usage, Limits));
        Assert.Equal(EndReason.Idle, Liveness.Judge(At(105), usage, Limits).End);
    }

    [Fact]
    public void Somebody_who_was_given_a_token_is_waited_for_longer_than_somebody_who_left()
    {
        var end = At(100) + PlaygroundTimes.ConnectDeadline;
        var usage = Fresh() with { AwaitedSince = At(100) };
        Assert.Equal(new Verdict(null, end), Liveness.Judge(At(101), usage, Limits));
        Assert.Equal(EndReason.NeverConnected, Liveness.Judge(end, usage, Limits).End);
        var left = usage with { LastDisconnect = At(99) };
        Assert.Equal(new Verdict(null, end), Liveness.Judge(At(110), left, Limits));
    }

    [Fact]
    public void A_verdict_either_ends_it_or_looks_again_later_but_never_after_the_lifetime() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 3], Gen.Int[0, 2000].Nullable(), Gen.Int[0, 2000].Nullable(), Gen.Int[0, 2000])
            .Sample((now, connections, left, awaited, active) =>
            {
                var usage = new Usage(Start, At(1), connections, left is { } l ? At(l) : null, At(active), awaited is { } a ? At(a) : null);
                var verdict = Liveness.Judge(At(now), usage, Limits);
                if (verdict.End is null)
                {
                    Assert.True(verdict.LookAgain > At(now));
                    Assert.True(verdict.LookAgain <= Start + Limits.Lifetime);
                }
                else if (connections > 0)
                {
                    Assert.NotEqual(EndReason.NeverConnected, verdict.End);
                }
            });

    [Fact]
    public void A_lifetime_is_announced_a_minute_before_or_half_way_where_it_is_shorter()
    {
        var usage = Fresh() with { Connections = 1, LastActivity = At(1739) };
        Assert.Empty(Announce(1739, usage, default).Endings);
        Assert.Equal(At(1740), Announce(1680, usage, default, Limits with { Inactivity = null }).LookAgain);
        var said = Announce(1740, usage, default);
        Assert.Equal((EndReason.Lifetime, At(1800)), (said.Endings.Single().Reason, said.Endings.Single().At));
        Assert.Empty(Announce(1741, usage, said.After).Endings);

        var brief = Limits with { Lifetime = TimeSpan.FromSeconds(20) };
        Assert.Empty(Announce(9, usage, default, brief).Endings);
        Assert.Equal(At(20), Announce(10, usage, default, brief).Endings.Single().At);
    }

    [Fact]
    public void An_idle_end_is_announced_and_taken_back_when_somebody_does_something()
    {
        var usage = Fresh() with { Connections = 1, LastActivity = At(600) };
        Assert.Equal(At(660), Announce(601, usage, default).LookAgain);
        var said = Announce(660, usage, default);
        Assert.Equal((EndReason.Idle, At(720)), (said.Endings.Single().Reason, said.Endings.Single().At));
        Assert.True(said.LookAgain <= At(661), "nobody says that bytes went by");

        var averted = Announce(680, usage with { LastActivity = At(679) }, said.After);
        Assert.True(averted.Staying);
        Assert.Empty(averted.Endings);
        Assert.False(Announce(681, usage with { LastActivity = At(679) }, averted.After).Staying);
        Assert.Single(Announce(740, usage with { LastActivity = At(679) }, averted.After).Endings);
    }

    [Fact]
    public void What_was_said_last_is_the_end_that_strikes_next()
    {
        // Its time is up in a minute, and it falls silent before.
        var silent = Fresh() with { Connections = 1, LastActivity = At(1660) };
        var both = Announce(1745, silent, default);
        Assert.Equal([EndReason.Lifetime, EndReason.Idle], both.Endings.Select(each => each.Reason));
        Assert.True(both.Endings[0].At > both.Endings[1].At);

        // Somebody does something: the idle end is off, and the lifetime's is as near as it was.
        var averted = Announce(1750, silent with { LastActivity = At(1750) }, both.After);
        Assert.True(averted.Staying);
        Assert.Equal((EndReason.Lifetime, At(1800)), (averted.Endings.Single().Reason, averted.Endings.Single().At));
        Assert.Empty(Announce(1751, silent with { LastActivity = At(1750) }, averted.After).Endings);

        // The lifetime's is announced while an idle end before it is: it does not hide that.
        var idle = Announce(1735, silent, default);
        Assert.Equal(EndReason.Idle, idle.Endings.Single().Reason);
        Assert.Equal(EndReason.Idle, Announce(1740, silent, idle.After).Endings[^1].Reason);
    }

    [Fact]
    public void When_it_would_end_for_want_of_use_is_told_only_where_that_is_due()
    {
        Assert.Null(Liveness.IdleEnd(Fresh() with { Connections = 1 }, Limits with { Inactivity = null }));
        Assert.Equal(At(105), Liveness.IdleEnd(Fresh() with { LastDisconnect = At(100), AwaitedSince = null }, Limits));
        Assert.Null(Liveness.IdleEnd(Fresh() with { Connections = 1, LastActivity = At(1750) }, Limits));
    }

    [Fact]
    public void Whatever_is_announced_is_later_done_or_taken_back_and_what_is_done_was_announced() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 2], Gen.Int[0, 2000].Nullable(), Gen.Int[0, 2000].Nullable(), Gen.Int[0, 2000])
            .Sample((now, connections, left, awaited, active) =>
            {
                var usage = new Usage(Start, At(1), connections, left is { } l ? At(l) : null, At(active), awaited is { } a ? At(a) : null);
                var notice = Announce(now, usage, default);
                Assert.True(notice.LookAgain > At(now) || notice.Endings.Count > 0);
                if (Liveness.Judge(At(now), usage, Limits).End is not null) Assert.NotEmpty(notice.Endings);
                // Told once: the same moment again says nothing new and takes nothing back.
                var again = Announce(now, usage, notice.After);
                Assert.Empty(again.Endings);
                Assert.False(again.Staying);
                Assert.All(notice.Endings, ending => Assert.True(ending.At - ending.AnnouncedAt <= PlaygroundTimes.EndAnnounced));
            });

    [Fact]
    public void The_times_are_in_the_order_the_design_needs()
    {
        Assert.True(PlaygroundTimes.KillWait < PlaygroundTimes.HubStopGrace);
        Assert.True(PlaygroundTimes.HubStopGrace < PlaygroundTimes.TermGrace, "a person waits for the hub, nobody for a tab that is gone");
        Assert.True(PlaygroundTimes.DefaultGrace < PlaygroundTimes.ConnectDeadline);
        Assert.True(PlaygroundTimes.ChangeWait < TimeSpan.FromSeconds(30), "Orleans gives up an answer after 30 seconds");
        Assert.True(PlaygroundTimes.ConnectDeadline < PlaygroundTimes.StartDeadline);
        Assert.True(PlaygroundTimes.StartDeadline < PlaygroundTimes.HoldLimit, "a held request hears why the start failed");
        Assert.True(PlaygroundTimes.HoldLimit < PlaygroundTimes.RequestSilence);
        Assert.True(PlaygroundTimes.RequestSilence < PlaygroundTimes.DefaultLifetime);
        Assert.True(PlaygroundTimes.AvertedLook < PlaygroundTimes.EndAnnounced);
        Assert.True(PlaygroundTimes.MetricsPeriod < PlaygroundTimes.ChangeWait, "a metrics stream shows by itself that it lives");
        Assert.True(PlaygroundTimes.EndAnnounced < PlaygroundTimes.DefaultLifetime);
        Assert.True(PlaygroundTimes.DefaultLifetime < PlaygroundTimes.MaxLifetime);
        Assert.True(PlaygroundTimes.PeerSilence + (PlaygroundTimes.PeerProbeInterval * PlaygroundTimes.PeerProbes)
            < PlaygroundTimes.RequestSilence);
        Assert.True(PlaygroundTimes.DefaultGrace < PlaygroundTimes.PeerAnswer, "a phone that changes networks is not dead");
        Assert.True(PlaygroundTimes.PeerAnswer <= PlaygroundTimes.PeerSilence);
        Assert.True(PlaygroundTimes.PeerSilence + PlaygroundTimes.PeerAnswer < PlaygroundTimes.RequestSilence);
        Assert.True(PlaygroundTimes.CutWait < PlaygroundTimes.CloseAnswer, "the answer is waited for longer than the place to ask");
        Assert.True(PlaygroundTimes.EndNotice + PlaygroundTimes.CloseAnswer < PlaygroundTimes.DefaultGrace, "a farewell keeps no process");
        Assert.True(PlaygroundTimes.LastConnectPause < PlaygroundTimes.ConnectBusy);
        Assert.True(PlaygroundTimes.LinkLook < PlaygroundTimes.LinkIdle);
        Assert.True(PlaygroundTimes.LinkIdle < PlaygroundTimes.RequestSilence);
        Assert.True(PlaygroundTimes.FirstConnectPause < PlaygroundTimes.LastConnectPause);
    }

    private static Notice Announce(int now, Usage usage, Announced before, ServiceLimits? limits = null) =>
        Liveness.Announce(At(now), usage, limits ?? Limits, before);

    private static Usage Fresh() => new(Start, At(1), 0, null, At(1), At(0));

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);
}
