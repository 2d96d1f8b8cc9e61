using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground.Backends;

/// <summary>One step of a backend's history.</summary>
[GenerateSerializer, Immutable]
public sealed record StateChange([property: Id(0)] BackendState State, [property: Id(1)] DateTimeOffset At);

/// <summary>
/// All that may be told about a backend, at one moment. It holds no token, no address and no environment, so it may be shown
/// to anybody who knows the backend's id.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record BackendView
{
    [Id(0)] public required BackendId Id { get; init; }

    [Id(1)] public required AccountName Account { get; init; }

    [Id(2)] public required ServiceName Service { get; init; }

    /// <summary>The name tabs share it under; null when it belongs to one tab.</summary>
    [Id(3)] public BackendKey? Key { get; init; }

    [Id(4)] public required FencingToken Fencing { get; init; }

    /// <summary>Every state entered so far, oldest first; never empty.</summary>
    [Id(5)] public required IReadOnlyList<StateChange> History { get; init; }

    [Id(6)] public EndReason? Reason { get; init; }

    /// <summary>Whether it was, or had to be, killed.</summary>
    [Id(7)] public bool Hard { get; init; }

    [Id(8)] public ProcessExit? Exit { get; init; }

    /// <summary>What went wrong, where there is more to say than the reason.</summary>
    [Id(9)] public string? Detail { get; init; }

    /// <summary>The last lines it wrote, given once it has ended; oldest first.</summary>
    [Id(10)] public IReadOnlyList<string> LastOutput { get; init; } = [];

    [Id(11)] public int Connections { get; init; }

    /// <summary>Tokens handed out that are connected now: the number of tabs, where each tab calls connect.</summary>
    [Id(12)] public int Clients { get; init; }

    [Id(13)] public DateTimeOffset LastActivity { get; init; }

    [Id(14)] public ProcessFigures? Process { get; init; }

    [Id(15)] public required TimeSpan Grace { get; init; }

    /// <summary>When its lifetime limit strikes.</summary>
    [Id(16)] public required DateTimeOffset LifetimeEnds { get; init; }

    [Id(17)] public long BytesIn { get; init; }

    [Id(18)] public long BytesOut { get; init; }

    /// <summary>What it is held to and by what, in words; null before it has been prepared.</summary>
    [Id(19)] public string? InForce { get; init; }

    /// <summary>Lines it has written in all; the last of <see cref="LastOutput"/> has this number.</summary>
    [Id(20)] public long OutputLines { get; init; }

    /// <summary>When it ends if nobody uses it until then; null while its limits do not say so.</summary>
    [Id(21)] public DateTimeOffset? IdleEnds { get; init; }

    /// <summary>Until its lifetime limit strikes, from when this was looked at; never negative. Null once it has ended.</summary>
    [Id(22)] public TimeSpan? LifetimeLeft { get; init; }

    public BackendState State => History[^1].State;

    public DateTimeOffset CreatedAt => History[0].At;

    public bool Ended => State == BackendState.Terminated;
}
