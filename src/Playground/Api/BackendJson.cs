using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>A state a backend was or is in, with Jamsocket's names.</summary>
internal sealed record BackendStateResponse(
    string Status, DateTimeOffset Time, string? TerminationReason, string? TerminationKind, int? ExitCode, string? LastStatus);

/// <summary>A backend in a list, with Jamsocket's names and, after them, ours.</summary>
internal sealed record BackendListEntry(
    string Id, DateTimeOffset CreatedAt, string ServiceName, string ClusterName, string AccountName, BackendStateResponse Status,
    string? Key, int Connections, int Clients, long? MemoryBytes);

internal sealed record BackendListResponse(IReadOnlyList<BackendListEntry> RunningBackends);

/// <summary>A backend, running or ended lately, with Jamsocket's names and, after them, ours.</summary>
/// <param name="MaxMemBytes">What it uses now; null when it has ended.</param>
internal sealed record BackendResponse(
    string Id, DateTimeOffset CreatedAt, string ServiceName, string ClusterName, string AccountName,
    IReadOnlyList<BackendStateResponse> Statuses, string ImageDigest, string? Key, string EnvironmentName, long? MaxMemBytes,
    string FencingToken, int Connections, int Clients, int? Pid, double? CpuSeconds, long BytesIn, long BytesOut,
    DateTimeOffset LastActivity, DateTimeOffset LifetimeEndsAt, DateTimeOffset? IdleEndsAt, string? Reason, string? Message, string? Detail,
    string? InForce);

/// <summary>How backends are written for their account.</summary>
internal static class BackendJson
{
    public static BackendListEntry Entry(BackendView view) => new(
        view.Id.Value, view.CreatedAt, view.Service.Value, ServiceJson.Cluster, view.Account.Value, State(view, view.History.Count - 1),
        view.Key?.Value, view.Connections, view.Clients, view.Process?.MemoryBytes);

    public static BackendResponse From(BackendView view) => new(
        view.Id.Value, view.CreatedAt, view.Service.Value, ServiceJson.Cluster, view.Account.Value,
        [.. Enumerable.Range(0, view.History.Count).Select(step => State(view, step))], ServiceJson.NoImage, view.Key?.Value,
        ServiceJson.Environment, view.Process?.MemoryBytes, view.Fencing.ToString(), view.Connections, view.Clients, view.Process?.Pid,
        view.Process?.CpuTime?.TotalSeconds, view.BytesIn, view.BytesOut, view.LastActivity, view.LifetimeEnds, view.IdleEnds,
        view.Reason?.Wire(), view.Reason?.Sentence(), view.Detail, view.InForce);

    private static BackendStateResponse State(BackendView view, int step)
    {
        var change = view.History[step];
        var ending = change.State >= BackendState.Terminating;
        var ended = change.State == BackendState.Terminated;
        return new BackendStateResponse(
            change.State.Wire(), change.At, ending ? view.Reason?.PlaneWire() : null, ended && view.Reason is not EndReason.Exited ? view.Hard ? "hard" : "soft" : null,
            ended ? view.Exit?.Code : null, ended ? view.History.LastOrDefault(each => each.State < BackendState.Terminating)?.State.Wire() : null);
    }
}
