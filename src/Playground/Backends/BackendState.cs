namespace BrowserTech.Playground.Backends;

/// <summary>
/// Where a backend is in its life. The eight states and their names are Plane's, so that clients written for it
/// understand ours. The order is the whole contract: a state may be skipped, and never comes back.
/// </summary>
public enum BackendState
{
    /// <summary>Accepted; a worker has been chosen.</summary>
    Scheduled = 10,

    /// <summary>Its folder and sandbox are being prepared.</summary>
    Loading = 20,

    /// <summary>The process is being started.</summary>
    Starting = 30,

    /// <summary>The process runs and has not yet said that it is ready.</summary>
    Waiting = 40,

    /// <summary>It answers.</summary>
    Ready = 50,

    /// <summary>It has been asked to end (SIGTERM).</summary>
    Terminating = 60,

    /// <summary>It is being killed (SIGKILL).</summary>
    HardTerminating = 65,

    /// <summary>The process is gone, and everything it left is removed.</summary>
    Terminated = 70,
}

/// <summary>Why a backend ended or is ending.</summary>
public enum EndReason
{
    /// <summary>The last connection closed and nobody came back within the grace time.</summary>
    Idle = 1,

    /// <summary>Started, and nobody ever connected.</summary>
    NeverConnected,

    /// <summary>It reached its lifetime limit.</summary>
    Lifetime,

    /// <summary>A client that holds a token asked for it.</summary>
    Requested,

    /// <summary>An organiser stopped it.</summary>
    Organizer,

    /// <summary>It could not be started, or ended before it was ready.</summary>
    StartFailed,

    /// <summary>It was not ready in time.</summary>
    StartTimeout,

    /// <summary>It ended by itself after it was ready.</summary>
    Exited,

    /// <summary>The hub is stopping.</summary>
    HubStopping,

    /// <summary>The hub made a mistake; the log has it.</summary>
    InternalError,

    /// <summary>It used more memory than its service may.</summary>
    Memory,

    /// <summary>It wrote where only sockets may be.</summary>
    Disk,

    /// <summary>The hub that ran it was killed.</summary>
    Lost,

    /// <summary>There is a newer build of its program.</summary>
    Replaced,
}

public static class BackendWords
{
    /// <summary>The state as it is written in the API: <c>ready</c>, <c>hard-terminating</c>…</summary>
    public static string Wire(this BackendState state) => state switch
    {
        BackendState.Scheduled => "scheduled",
        BackendState.Loading => "loading",
        BackendState.Starting => "starting",
        BackendState.Waiting => "waiting",
        BackendState.Ready => "ready",
        BackendState.Terminating => "terminating",
        BackendState.HardTerminating => "hard-terminating",
        BackendState.Terminated => "terminated",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state."),
    };

    public static BackendState? ParseState(string? wire) =>
        Enum.GetValues<BackendState>().Cast<BackendState?>().FirstOrDefault(state => state!.Value.Wire() == wire);

    /// <summary>Our own word for a reason, finer than Plane's.</summary>
    public static string Wire(this EndReason reason) => reason switch
    {
        EndReason.Idle => "idle",
        EndReason.NeverConnected => "never_connected",
        EndReason.Lifetime => "lifetime",
        EndReason.Requested => "requested",
        EndReason.Organizer => "organizer",
        EndReason.StartFailed => "start_failed",
        EndReason.StartTimeout => "start_timeout",
        EndReason.Exited => "exited",
        EndReason.HubStopping => "hub_stopping",
        EndReason.InternalError => "internal_error",
        EndReason.Memory => "memory",
        EndReason.Disk => "disk",
        EndReason.Lost => "lost",
        EndReason.Replaced => "replaced",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };

    /// <summary>Plane's word for a reason, null where Plane has none (the backend ended by itself).</summary>
    public static string? PlaneWire(this EndReason reason) => reason switch
    {
        EndReason.Idle or EndReason.NeverConnected or EndReason.Lifetime => "swept",
        EndReason.Requested or EndReason.Organizer or EndReason.Replaced => "external",
        EndReason.StartTimeout => "startuptimeout",
        EndReason.HubStopping or EndReason.Lost => "lost",
        EndReason.InternalError => "internalerror",
        _ => null,
    };

    /// <summary>A sentence for the person who pressed Run.</summary>
    public static string Sentence(this EndReason reason) => reason switch
    {
        EndReason.Idle => "Nobody used the process any more, so it was ended.",
        EndReason.NeverConnected => "Nobody connected to the process in time, so it was ended.",
        EndReason.Lifetime => "The process reached the end of its lifetime limit.",
        EndReason.Requested => "The process was stopped on request.",
        EndReason.Organizer => "An organiser stopped the process.",
        EndReason.StartFailed => "The process could not be started.",
        EndReason.StartTimeout => "The process was not ready in time, so it was ended.",
        EndReason.Exited => "The process ended without being asked to.",
        EndReason.HubStopping => "The server is restarting, and took the process with it.",
        EndReason.InternalError => "Something went wrong on the server.",
        EndReason.Memory => "The process used more memory than it may, so it was ended.",
        EndReason.Disk => "The process wrote files outside its /tmp, so it was ended.",
        EndReason.Lost => "The server was restarted, and the process with it.",
        EndReason.Replaced => "The program was changed, and the process of the old one ended.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
    };
}
