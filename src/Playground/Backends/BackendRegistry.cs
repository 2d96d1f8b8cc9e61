using System.Collections.Concurrent;
using BrowserTech.Playground.Capacity;

namespace BrowserTech.Playground.Backends;

/// <summary>
/// The backends this machine runs, and the last ones that ended. The proxy finds a backend here without asking the
/// cluster.
/// </summary>
public sealed class BackendRegistry(Places places)
{
    /// <summary>Ended backends an organiser is shown.</summary>
    public const int EndedShown = 100;

    /// <summary>
    /// Ended backends whose state can still be asked for. A few kB each; with a hundred places that turn over every minute it is
    /// ten minutes, mostly far more.
    /// </summary>
    public const int EndedKnown = 1000;

    private readonly ConcurrentDictionary<BackendId, LiveBackend> _live = new();
    private readonly Queue<BackendView> _ended = new();
    private readonly Dictionary<BackendId, BackendView> _endedById = [];
    private readonly Lock _lock = new();

    public IReadOnlyCollection<LiveBackend> Live => [.. _live.Values];

    /// <summary>The most recently ended first.</summary>
    public IReadOnlyList<BackendView> Ended
    {
        get
        {
            lock (_lock) return [.. _ended.Reverse().Take(EndedShown)];
        }
    }

    public LiveBackend? Find(BackendId id) => _live.GetValueOrDefault(id);

    /// <summary>One of the last that ended; null for any other.</summary>
    public BackendView? FindEnded(BackendId id)
    {
        lock (_lock) return _endedById.GetValueOrDefault(id);
    }

    /// <summary>Adds it, or says why there is no room.</summary>
    /// <param name="ticket">Whose turn it is, if its caller has waited for a place.</param>
    public NoRoom? TryAdd(LiveBackend backend, Guid? ticket)
    {
        if (places.TryTake(backend.Place, ticket) is { } refusal) return refusal;
        _live[backend.Id] = backend;
        return null;
    }

    public void Remove(LiveBackend backend)
    {
        var view = backend.View();
        // In this order: whoever asks for it finds it in one of the two.
        AddEnded(view);
        if (!_live.TryRemove(backend.Id, out _)) return;
        places.GiveBack(backend.Place);
        backend.SayEnded();
    }

    /// <summary>One that has ended, here or in the hub before this one.</summary>
    public void AddEnded(BackendView view)
    {
        lock (_lock)
        {
            _ended.Enqueue(view);
            _endedById[view.Id] = view;
            if (_ended.Count > EndedKnown) _endedById.Remove(_ended.Dequeue().Id);
        }
    }
}
