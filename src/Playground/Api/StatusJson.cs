using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Api;

/// <summary>How a backend is written in the API.</summary>
internal static class StatusJson
{
    public static StatusResponse From(BackendView view) => At(view, view.History.Count - 1);

    /// <summary>
    /// What a program writes may hold anything and is its account's; only where it did not start is it the answer to whoever asked for it, who
    /// would learn nothing otherwise, and before whom nobody has used it.
    /// </summary>
    private static bool NeverStarted(BackendView view) => view.Reason is EndReason.StartFailed or EndReason.StartTimeout;

    /// <summary>As it was when it entered a state; what is known only at the end is told only with the last state.</summary>
    public static StatusResponse At(BackendView view, int step)
    {
        var change = view.History[step];
        var ending = change.State >= BackendState.Terminating ? view.Reason : null;
        var ended = change.State == BackendState.Terminated;
        return new StatusResponse(
            view.Id.Value,
            change.State.Wire(),
            change.At,
            ending?.PlaneWire(),
            ending is null or EndReason.Exited ? null : view.Hard ? "hard" : "soft",
            ended ? view.Exit?.IsError ?? view.Reason is EndReason.StartFailed : null,
            ended ? view.Exit?.Code : null,
            ending?.Wire(),
            ending?.Sentence(),
            ended ? view.Detail : null,
            ended && NeverStarted(view) ? view.LastOutput : null,
            view.Key?.Value,
            view.Fencing.ToString(),
            view.Connections,
            view.Clients,
            view.Process?.Pid,
            view.Process?.MemoryBytes,
            view.Grace.TotalSeconds,
            view.CreatedAt,
            view.LifetimeEnds,
            view.LifetimeLeft is { } left ? (int)Math.Ceiling(left.TotalSeconds) : null,
            ended ? null : view.IdleEnds,
            view.InForce,
            [.. view.History.Take(step + 1).Select(each => new StatusStep(each.State.Wire(), each.At))]);
    }
}
