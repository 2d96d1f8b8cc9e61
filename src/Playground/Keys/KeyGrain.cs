using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Keys;

/// <summary>The name under which a key's grain is found: account, service and key.</summary>
public static class KeyName
{
    // Account and service contain no slash, so the key may contain anything.
    public static string Of(ServiceDefinition service, BackendKey key) => $"{service.Account}/{service.Name}/{key}";

    public static string Of(BackendOrder order) => $"{order.Account}/{order.Service}/{order.Key}";
}

/// <summary>One key of one service: get the backend that holds it, or create one.</summary>
public interface IKeyGrain : IGrainWithStringKey
{
    /// <param name="order">What to start if nothing holds the key; it has the key in it.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="spawn">False: only join.</param>
    Task<ConnectOutcome> Connect(BackendOrder order, Caller caller, bool spawn);

    /// <summary>The backend is gone. Nothing happens if another one holds the key by now.</summary>
    Task Released(BackendId id);
}

/// <summary>
/// Makes one backend of any number of simultaneous connects, by being one: calls to a grain run one after the other. A
/// backend that is on its way out is not joined; its successor is started at once and has a higher fencing token, so a
/// resource both write to can tell them apart.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class KeyGrain : Grain, IKeyGrain
{
    private BackendId? _holder;

    public async Task<ConnectOutcome> Connect(BackendOrder order, Caller caller, bool spawn)
    {
        if (_holder is { } holder && await GrainFactory.GetGrain<IBackendGrain>(holder.Value).Join(caller) is { } joined)
            return new ConnectOutcome(joined, null);
        if (!spawn)
        {
            if (_holder is null) DeactivateOnIdle();
            return new ConnectOutcome(
                null, new NoRoom("key_unheld_no_spawn_config", "No process holds this key, and spawn is false."));
        }

        var id = BackendId.New();
        var outcome = await GrainFactory.GetGrain<IBackendGrain>(id.Value).Create(order, caller);
        if (outcome.Grant is not null) _holder = id;
        else if (_holder is null) DeactivateOnIdle();
        return outcome;
    }

    public Task Released(BackendId id)
    {
        if (_holder == id) _holder = null;
        // Nothing to remember: the next connect may activate it anew.
        if (_holder is null) DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
