using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Backends;

/// <summary>
/// The backends this machine runs, and the last ones that ended. The proxy finds a backend here without asking the
/// cluster. It also keeps the caps: room is taken before a backend is made and given back when it is gone, under one
/// lock, so that a burst cannot slip past a limit.
/// </summary>
public sealed class BackendRegistry(IOptions<PlaygroundOptions> options)
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
    private readonly Counts<(AccountName, ServiceName)> _byService = new();
    private readonly Counts<string> _byClient = new();
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
    public NoRoom? TryAdd(LiveBackend backend)
    {
        lock (_lock)
        {
            var service = backend.Spec.Service;
            // An account asks for many people from one address.
            var counts = new Occupancy(
                _live.Count, _byService[(service.Account, service.Name)], backend.Owner.ByAccount ? 0 : _byClient[backend.Owner.Client]);
            if (Room.Judge(counts, options.Value, service) is { } refusal) return refusal;
            _live[backend.Id] = backend;
            _byService.Add((service.Account, service.Name), 1);
            _byClient.Add(backend.Owner.Client, 1);
            return null;
        }
    }

    public void Remove(LiveBackend backend)
    {
        var view = backend.View();
        lock (_lock)
        {
            if (!_live.TryRemove(backend.Id, out _)) return;
            _byService.Add((view.Account, view.Service), -1);
            _byClient.Add(backend.Owner.Client, -1);
            Keep(view);
        }

        backend.SayEnded();
    }

    /// <summary>One that has ended, here or in the hub before this one.</summary>
    public void AddEnded(BackendView view)
    {
        lock (_lock) Keep(view);
    }

    private void Keep(BackendView view)
    {
        _ended.Enqueue(view);
        _endedById[view.Id] = view;
        if (_ended.Count > EndedKnown) _endedById.Remove(_ended.Dequeue().Id);
    }

    /// <summary>How many of each; what there is none of takes no room.</summary>
    private sealed class Counts<T>
        where T : notnull
    {
        private readonly Dictionary<T, int> _counts = [];

        public int this[T key] => _counts.GetValueOrDefault(key);

        public void Add(T key, int change)
        {
            var count = this[key] + change;
            if (count == 0) _counts.Remove(key);
            else _counts[key] = count;
        }
    }
}

/// <summary>How many backends are alive now: in all, of the service, for the client's address.</summary>
public sealed record Occupancy(int All, int OfService, int OfClient);

/// <summary>A limit that is reached, in words for the person who pressed Run.</summary>
[GenerateSerializer, Immutable]
public sealed record NoRoom([property: Id(0)] string Kind, [property: Id(1)] string Message);

/// <summary>The rule of the caps.</summary>
public static class Room
{
    public static NoRoom? Judge(Occupancy now, PlaygroundOptions limits, ServiceDefinition service)
    {
        if (now.OfClient >= limits.MaxBackendsPerClient)
            return new NoRoom("too_many_for_client", $"{now.OfClient} processes are already running for your address. "
                + "Close one of the tabs that run a demo, then try again.");
        var ofService = Math.Min(service.Limits.MaxBackends ?? int.MaxValue, limits.MaxBackendsPerService);
        if (now.OfService >= ofService)
            return new NoRoom("too_many_for_service", $"All {ofService} places of this demo are taken. "
                + "One is free again as soon as somebody closes their tab.");
        if (now.All >= limits.MaxBackends)
            return new NoRoom("too_many", $"All {limits.MaxBackends} places on this server are taken. "
                + "One is free again as soon as somebody closes their tab.");
        return null;
    }
}
