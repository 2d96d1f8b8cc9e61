namespace BrowserTech.Playground.Backends;

/// <summary>What is known about a backend's life at one moment.</summary>
/// <param name="State">Never goes back.</param>
/// <param name="Reason">Why it ends; the first reason given stays.</param>
/// <param name="Hard">Whether it was, or had to be, killed.</param>
/// <param name="Exit">How the process ended, once it has.</param>
/// <param name="Detail">What went wrong, in words, where there is more to say than the reason.</param>
public sealed record BackendLife(
    BackendState State, EndReason? Reason = null, bool Hard = false, ProcessExit? Exit = null, string? Detail = null)
{
    public static readonly BackendLife Beginning = new(BackendState.Scheduled);

    /// <summary>A new tab may join only a backend that is not on its way out.</summary>
    public bool Joinable => State < BackendState.Terminating;
}

/// <summary>How a process ended: a code from 0 to 255, and the signal that killed it, if one did.</summary>
[GenerateSerializer, Immutable]
public sealed record ProcessExit([property: Id(0)] int Code, [property: Id(1)] int? Signal)
{
    /// <summary>The kernel ended a process of it for want of memory.</summary>
    [Id(2)] public bool OutOfMemory { get; init; }

    /// <summary>A process that was asked to end and died of that very signal ended in order.</summary>
    public bool IsError => Code != 0;

    public override string ToString() => Signal is { } signal ? $"was ended by signal {signal}" : $"exited with code {Code}";
}

/// <summary>What can happen to a backend.</summary>
public abstract record LifeEvent
{
    private LifeEvent()
    {
    }

    public sealed record Begin : LifeEvent;

    /// <summary>Folder, sockets and sandbox arguments are there.</summary>
    public sealed record Prepared : LifeEvent;

    /// <summary>The process exists.</summary>
    public sealed record Spawned : LifeEvent;

    public sealed record BecameReady : LifeEvent;

    /// <summary>Preparing or spawning threw; there is no process.</summary>
    public sealed record CouldNotStart(string Detail) : LifeEvent;

    public sealed record StartTimedOut : LifeEvent;

    public sealed record TerminateRequested(EndReason Reason, bool Hard, string? Detail = null) : LifeEvent;

    /// <summary>It did not end in the time it has after SIGTERM.</summary>
    public sealed record TermTimedOut : LifeEvent;

    public sealed record ProcessEnded(ProcessExit Exit, string? Detail) : LifeEvent;
}

/// <summary>What is to be done because of an event. Each is carried out once, in order, by the backend's grain.</summary>
public enum LifeEffect
{
    Prepare,
    Spawn,
    AwaitReady,
    WatchLiveness,
    ArmStartDeadline,
    ArmTermDeadline,
    SignalTerm,
    Kill,
    CleanUp,
}

/// <summary>
/// The rules of a backend's life, without clock, process or network: given what is known and what happened, what is
/// known now and what is to be done. Three properties hold for every sequence of events and are tested as such: the
/// state never goes back, <see cref="BackendState.Terminated"/> is final, and the first reason stays.
/// <para>
/// A request to end can arrive while the process is being made. There is nothing to signal then, so the state moves on and
/// the step that is under way finds it moved: a prepared backend is cleaned up instead of spawned, and a
/// spawned one is signalled at once.
/// </para>
/// </summary>
public static class Lifecycle
{
    public static (BackendLife Life, IReadOnlyList<LifeEffect> Effects) Step(BackendLife life, LifeEvent happened)
    {
        if (life.State == BackendState.Terminated) return (life, []);
        return happened switch
        {
            LifeEvent.Begin when life.State == BackendState.Scheduled =>
                (life with { State = BackendState.Loading }, [LifeEffect.ArmStartDeadline, LifeEffect.Prepare]),

            LifeEvent.Prepared when life.State == BackendState.Loading =>
                (life with { State = BackendState.Starting }, [LifeEffect.Spawn]),
            LifeEvent.Prepared when Ending(life) => (Over(life), [LifeEffect.CleanUp]),

            LifeEvent.Spawned when life.State == BackendState.Starting =>
                (life with { State = BackendState.Waiting }, [LifeEffect.AwaitReady]),
            LifeEvent.Spawned when life.State == BackendState.Terminating => (life, [LifeEffect.SignalTerm]),
            LifeEvent.Spawned when life.State == BackendState.HardTerminating => (life, [LifeEffect.Kill]),

            LifeEvent.BecameReady when life.State == BackendState.Waiting =>
                (life with { State = BackendState.Ready }, [LifeEffect.WatchLiveness]),

            LifeEvent.CouldNotStart failed =>
                (Over(life) with { Reason = life.Reason ?? EndReason.StartFailed, Detail = life.Detail ?? failed.Detail },
                    [LifeEffect.CleanUp]),

            LifeEvent.StartTimedOut when life.State < BackendState.Ready => Kill(life, EndReason.StartTimeout),

            LifeEvent.TerminateRequested request => Terminate(life, request),

            LifeEvent.TermTimedOut when life.State == BackendState.Terminating => Kill(life, EndReason.Requested),

            LifeEvent.ProcessEnded ended => (Ended(life, ended), [LifeEffect.CleanUp]),

            _ => (life, []),
        };
    }

    private static (BackendLife, IReadOnlyList<LifeEffect>) Terminate(
        BackendLife life, LifeEvent.TerminateRequested request)
    {
        if (life.State == BackendState.Scheduled)
            return (Over(life) with { Reason = request.Reason, Hard = request.Hard, Detail = request.Detail }, [LifeEffect.CleanUp]);
        if (request.Hard)
        {
            return life.State < BackendState.HardTerminating
                ? Kill(life with { Detail = life.Detail ?? request.Detail }, request.Reason) : (life, []);
        }

        if (Ending(life)) return (life, []);

        var ending = life with { State = BackendState.Terminating, Reason = request.Reason, Detail = request.Detail };
        return HasProcess(life)
            ? (ending, [LifeEffect.SignalTerm, LifeEffect.ArmTermDeadline])
            : (ending, [LifeEffect.ArmTermDeadline]);
    }

    private static (BackendLife, IReadOnlyList<LifeEffect>) Kill(BackendLife life, EndReason reason)
    {
        var killing = life with
        {
            State = BackendState.HardTerminating, Reason = life.Reason ?? reason, Hard = true,
        };
        // In Terminating a process may not exist yet; killing nothing is harmless, and Spawned kills it then.
        return HasProcess(life) || life.State == BackendState.Terminating ? (killing, [LifeEffect.Kill]) : (killing, []);
    }

    private static BackendLife Ended(BackendLife life, LifeEvent.ProcessEnded ended) => Over(life) with
    {
        Exit = ended.Exit,
        Hard = life.Hard || ended.Exit.OutOfMemory,
        Reason = life.Reason ?? (ended.Exit is { OutOfMemory: true, Signal: not null } ? EndReason.Memory
            : life.State < BackendState.Ready ? EndReason.StartFailed : EndReason.Exited),
        Detail = life.Detail ?? ended.Detail,
    };

    private static BackendLife Over(BackendLife life) => life with { State = BackendState.Terminated };

    private static bool Ending(BackendLife life) =>
        life.State is BackendState.Terminating or BackendState.HardTerminating;

    private static bool HasProcess(BackendLife life) => life.State is BackendState.Waiting or BackendState.Ready;
}
