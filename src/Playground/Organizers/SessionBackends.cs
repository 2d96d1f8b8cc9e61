using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Warm;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Organizers;

/// <summary>What an organiser may see and do: every backend of this hub, what it said, and Stop.</summary>
public interface ISessionBackends
{
    /// <summary>Running now, the newest first.</summary>
    IReadOnlyList<BackendView> Live { get; }

    /// <summary>The last ones that ended, the most recent first, each with its last lines of output.</summary>
    IReadOnlyList<BackendView> Ended { get; }

    /// <summary>One that runs or ended lately; null when it is unknown.</summary>
    BackendView? Find(BackendId id);

    /// <summary>The last lines a backend wrote, oldest first; null when it is unknown.</summary>
    IReadOnlyList<string>? Output(BackendId id, int lines);

    /// <summary>False when it was not running any more.</summary>
    Task<bool> TerminateAsync(BackendId id, bool hard);

    /// <summary>Ends every backend of this service, those that wait for somebody too: its program was changed.</summary>
    /// <returns>How many were somebody's.</returns>
    Task<int> ReplaceAsync(AccountName account, ServiceName service);
}

internal sealed class SessionBackends(BackendRegistry registry, PlaygroundSilo silo, WarmPools? pools = null) : ISessionBackends
{
    public IReadOnlyList<BackendView> Live =>
        [.. registry.Live.Select(backend => backend.View()).OrderByDescending(view => view.Fencing.Value)];

    public IReadOnlyList<BackendView> Ended => registry.Ended;

    public BackendView? Find(BackendId id) => registry.Find(id)?.View() ?? registry.FindEnded(id);

    public IReadOnlyList<string>? Output(BackendId id, int lines) => registry.Find(id) is { } live
        ? live.Instance?.LastOutput(lines) ?? []
        : registry.FindEnded(id)?.LastOutput.TakeLast(lines).ToList();

    public async Task<bool> TerminateAsync(BackendId id, bool hard) =>
        registry.Find(id) is not null
        && await (await silo.Grains()).GetGrain<IBackendGrain>(id.Value).Terminate(EndReason.Organizer, hard);

    public async Task<int> ReplaceAsync(AccountName account, ServiceName service)
    {
        if (pools is not null) await pools.Renew(account, service);
        var grains = await silo.Grains();
        var ended = await Task.WhenAll(registry.Live.Where(live => live.Spec.Service.Account == account && live.Spec.Service.Name == service)
            .Select(live => grains.GetGrain<IBackendGrain>(live.Id.Value).Terminate(EndReason.Replaced, hard: false)));
        return ended.Count(each => each);
    }
}
