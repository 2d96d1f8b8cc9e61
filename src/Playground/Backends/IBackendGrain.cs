using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Backends;

/// <summary>What is to be started. The definition is looked up again where the backend runs.</summary>
[GenerateSerializer, Immutable]
public sealed record BackendOrder(
    [property: Id(0)] AccountName Account, [property: Id(1)] ServiceName Service, [property: Id(2)] BackendKey? Key)
{
    /// <summary>Which version of the service is meant: who names one joins no backend of another. Null: any.</summary>
    [Id(3)] public string? Tag { get; init; }

    /// <summary>Seconds it may live, where that is less than its service may.</summary>
    [Id(4)] public int? LifetimeSeconds { get; init; }

    /// <summary>Seconds it outlives its last connection, where that is less than its service may.</summary>
    [Id(5)] public int? IdleSeconds { get; init; }

    /// <summary>Whose turn it is, if the caller has waited for a place.</summary>
    [Id(6)] public Guid? Ticket { get; init; }

    /// <summary>The definition with the limits of this order, which are never wider than its own.</summary>
    public ServiceDefinition Narrow(ServiceDefinition service) => service with
    {
        Limits = service.Limits with
        {
            Lifetime = Shorter(service.Limits.Lifetime, LifetimeSeconds), Grace = Shorter(service.Limits.Grace, IdleSeconds),
        },
    };

    private static TimeSpan Shorter(TimeSpan limit, int? seconds) =>
        seconds is { } asked && TimeSpan.FromSeconds(asked) < limit ? TimeSpan.FromSeconds(asked) : limit;
}

/// <summary>A way in: what connect answers with.</summary>
[GenerateSerializer, Immutable]
public sealed record Grant(
    [property: Id(0)] string Token, [property: Id(1)] string Secret, [property: Id(2)] bool Spawned,
    [property: Id(3)] BackendView Backend);

/// <summary>Either a grant or why not.</summary>
[GenerateSerializer, Immutable]
public sealed record ConnectOutcome([property: Id(0)] Grant? Grant, [property: Id(1)] NoRoom? Refusal);

/// <summary>One session backend; the grain's key is the <see cref="BackendId"/>.</summary>
public interface IBackendGrain : IGrainWithStringKey
{
    /// <summary>Makes it and returns at once, in state <see cref="BackendState.Scheduled"/> or later. Called once.</summary>
    Task<ConnectOutcome> Create(BackendOrder order, Caller caller);

    /// <summary>A token for one more tab; null when it is ending, ended or unknown.</summary>
    Task<Grant?> Join(Caller caller);

    /// <summary>
    /// Returns when there are more state changes than <paramref name="seen"/>, when it has ended, or after
    /// <see cref="PlaygroundTimes.ChangeWait"/>. Null when it is unknown (or ended long ago).
    /// </summary>
    Task<BackendView?> ViewAfter(int seen);

    /// <summary>Asks it to end (or kills it) and returns without waiting for that. False when it is not alive.</summary>
    Task<bool> Terminate(EndReason reason, bool hard);
}
