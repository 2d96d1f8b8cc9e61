using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Capacity;
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
/// resource both write to can tell them apart. A caller who names a tag is refused while a backend of another tag lives: a page
/// of a new version must not talk to a process of the old one.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class KeyGrain : Grain, IKeyGrain
{
    private BackendId? _holder;
    private string? _tag;

    public async Task<ConnectOutcome> Connect(BackendOrder order, Caller caller, bool spawn)
    {
        if (_holder is { } holder)
        {
            var backend = GrainFactory.GetGrain<IBackendGrain>(holder.Value);
            if (order.Tag is { } tag && tag != _tag && await backend.ViewAfter(0) is { State: < BackendState.Terminating })
                return new ConnectOutcome(null, new NoRoom("key_held", HeldByAnother(tag)));
            if (await backend.Join(caller) is { } joined) return new ConnectOutcome(joined, null);
        }

        if (!spawn)
        {
            if (_holder is null) DeactivateOnIdle();
            return new ConnectOutcome(
                null, new NoRoom("key_unheld_no_spawn_config", "No process holds this key, and spawn is false."));
        }

        var id = BackendId.New();
        ConnectOutcome outcome;
        try
        {
            outcome = await GrainFactory.GetGrain<IBackendGrain>(id.Value).Create(order, caller);
        }
        catch
        {
            if (_holder is null) DeactivateOnIdle();
            throw;
        }

        if (outcome.Grant is not null) (_holder, _tag) = (id, order.Tag);
        else if (_holder is null) DeactivateOnIdle();
        return outcome;
    }

    private string HeldByAnother(string tag) => _tag is null
        ? $"The process that holds this key has no tag, and '{tag}' was asked for. End it, or connect without a tag."
        : $"The process that holds this key has the tag '{_tag}', and '{tag}' was asked for. End it, or connect without a tag.";

    public Task Released(BackendId id)
    {
        if (_holder == id) _holder = null;
        // Nothing to remember: the next connect may activate it anew.
        if (_holder is null) DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
