using BrowserTech.Playground.Backends;
using CsCheck;

namespace BrowserTech.Playground.Tests;

public sealed class LifecycleTests
{
    private static readonly ProcessExit Clean = new(0, null);

    private static readonly Gen<LifeEvent> AnyEvent = Gen.OneOf(
        Gen.Const<LifeEvent>(new LifeEvent.Begin()),
        Gen.Const<LifeEvent>(new LifeEvent.Prepared()),
        Gen.Const<LifeEvent>(new LifeEvent.Spawned()),
        Gen.Const<LifeEvent>(new LifeEvent.BecameReady()),
        Gen.Const<LifeEvent>(new LifeEvent.CouldNotStart("no program")),
        Gen.Const<LifeEvent>(new LifeEvent.StartTimedOut()),
        Gen.Const<LifeEvent>(new LifeEvent.TermTimedOut()),
        Gen.Const<LifeEvent>(new LifeEvent.ProcessEnded(Clean, null)),
        Gen.Select(Gen.Enum<EndReason>(), Gen.Bool, (reason, hard) => (LifeEvent)new LifeEvent.TerminateRequested(reason, hard)));

    [Fact]
    public void A_backend_goes_through_all_states_in_order()
    {
        var (life, effects) = Run(
            new LifeEvent.Begin(), new LifeEvent.Prepared(), new LifeEvent.Spawned(), new LifeEvent.BecameReady(),
            new LifeEvent.TerminateRequested(EndReason.Idle, Hard: false), new LifeEvent.TermTimedOut(),
            new LifeEvent.ProcessEnded(new ProcessExit(137, 9), null));
        Assert.Equal(new BackendLife(BackendState.Terminated, EndReason.Idle, Hard: true, new ProcessExit(137, 9)), life);
        Assert.Equal(
        [
            LifeEffect.ArmStartDeadline, LifeEffect.Prepare, LifeEffect.Spawn, LifeEffect.AwaitReady, LifeEffect.WatchLiveness,
            LifeEffect.SignalTerm, LifeEffect.ArmTermDeadline, LifeEffect.Kill, LifeEffect.CleanUp,
        ], effects);
    }

    [Fact]
    public void An_end_before_ready_is_a_failed_start_and_after_it_an_exit()
    {
        var (early, _) = Run(
            new LifeEvent.Begin(), new LifeEvent.Prepared(), new LifeEvent.Spawned(), new LifeEvent.ProcessEnded(new(3, null), "x"));
        Assert.Equal(EndReason.StartFailed, early.Reason);
        Assert.Equal("x", early.Detail);
        var (late, _) = Run(
            new LifeEvent.Begin(), new LifeEvent.Prepared(), new LifeEvent.Spawned(), new LifeEvent.BecameReady(),
            new LifeEvent.ProcessEnded(new(7, null), null));
        Assert.Equal(EndReason.Exited, late.Reason);
    }

    [Fact]
    public void A_backend_stopped_while_it_is_prepared_is_never_spawned()
    {
        var (life, effects) = Run(
            new LifeEvent.Begin(), new LifeEvent.TerminateRequested(EndReason.Requested, Hard: false), new LifeEvent.Prepared());
        Assert.Equal(BackendState.Terminated, life.State);
        Assert.DoesNotContain(LifeEffect.Spawn, effects);
        Assert.Equal(LifeEffect.CleanUp, effects[^1]);
    }

    [Theory]
    [InlineData(false, LifeEffect.SignalTerm)]
    [InlineData(true, LifeEffect.Kill)]
    public void A_backend_stopped_while_it_is_spawned_is_signalled_as_soon_as_it_exists(bool hard, LifeEffect signal)
    {
        var (life, effects) = Run(
            new LifeEvent.Begin(), new LifeEvent.Prepared(), new LifeEvent.TerminateRequested(EndReason.Requested, hard),
            new LifeEvent.Spawned());
        Assert.True(life.State is BackendState.Terminating or BackendState.HardTerminating);
        Assert.Equal(signal, effects[^1]);
    }

    [Fact]
    public void The_state_never_goes_back_the_end_is_final_and_the_first_reason_stays() =>
        AnyEvent.Array[0, 30].Sample(events =>
        {
            var life = BackendLife.Beginning;
            foreach (var happened in events)
            {
                var (next, effects) = Lifecycle.Step(life, happened);
                Assert.True(next.State >= life.State);
                if (life.Reason is { } reason) Assert.Equal(reason, next.Reason);
                if (life.State == BackendState.Terminated)
                {
                    Assert.Equal(life, next);
                    Assert.Empty(effects);
                }

                life = next;
            }
        });

    [Fact]
    public void Nothing_is_prepared_spawned_or_cleaned_up_twice() =>
        AnyEvent.Array[0, 30].Sample(events =>
        {
            var (_, effects) = Run(events);
            foreach (var once in new[] { LifeEffect.Prepare, LifeEffect.Spawn, LifeEffect.CleanUp, LifeEffect.WatchLiveness })
                Assert.True(effects.Count(each => each == once) <= 1, once.ToString());
        });

    [Fact]
    public void Whatever_happened_before_the_end_of_the_process_ends_the_backend_and_has_a_reason() =>
        AnyEvent.Array[0, 30].Sample(events =>
        {
            var (life, effects) = Run([.. events, new LifeEvent.ProcessEnded(Clean, null)]);
            Assert.Equal(BackendState.Terminated, life.State);
            Assert.Contains(LifeEffect.CleanUp, effects);
            Assert.NotNull(life.Reason);
        });

    [Fact]
    public void Every_state_and_reason_has_a_word_and_a_state_is_read_back_from_its_word()
    {
        foreach (var state in Enum.GetValues<BackendState>()) Assert.Equal(state, BackendWords.ParseState(state.Wire()));
        foreach (var reason in Enum.GetValues<EndReason>())
        {
            Assert.NotEmpty(reason.Wire());
            Assert.EndsWith(".", reason.Sentence(), StringComparison.Ordinal);
        }

        Assert.Null(BackendWords.ParseState("sleeping"));
    }

    private static (BackendLife Life, List<LifeEffect> Effects) Run(params LifeEvent[] events)
    {
        var life = BackendLife.Beginning;
        List<LifeEffect> effects = [];
        foreach (var happened in events)
        {
            (life, var more) = Lifecycle.Step(life, happened);
            effects.AddRange(more);
        }

        return (life, effects);
    }
}
