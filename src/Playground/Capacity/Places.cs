using Microsoft.Extensions.Options;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Capacity;

/// <summary>
/// The places for backends on this machine, and those who wait for one. A place is taken before a backend is made and given
/// back when it is gone, under one lock, so that a burst cannot slip past a limit. A place that becomes free is given,
/// in the same instant, to the next who waits and fits: nobody who comes later can take it in between.
/// </summary>
public sealed class Places(IOptions<PlaygroundOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Counts<(AccountName, ServiceName)> _byService = new();
    private readonly Counts<string> _byClient = new();
    private readonly List<Ticket> _waiting = [];
    private readonly Dictionary<Guid, Ticket> _granted = [];
    private int _all;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>Takes a place, or says why there is none.</summary>
    /// <param name="place">What is wanted.</param>
    /// <param name="ticket">Whose turn it is, if it was waited for.</param>
    public NoRoom? TryTake(Place place, Guid? ticket)
    {
        lock (_lock)
        {
            if (ticket is { } id && _granted.Remove(id, out var granted))
            {
                if (granted.Place == place) return null; // it is counted already
                Count(granted.Place, -1);
            }

            if (Judge(place) is { } refusal) return refusal;
            Count(place, 1);
            return null;
        }
    }

    public void GiveBack(Place place)
    {
        lock (_lock)
        {
            Count(place, -1);
            ServeNext();
        }
    }

    /// <summary>
    /// Waits for a place; null when too many do already. In a full queue whoever would be served last makes room, so that a few who want very
    /// much keep out nobody. Disposing leaves the queue, or gives back the place that was never used.
    /// </summary>
    public Ticket? Wait(Place place)
    {
        lock (_lock)
        {
            if (_waiting.Count(each => each.Place.Client == place.Client) >= options.Value.MaxWaitingPerClient) return null;
            var ticket = new Ticket(this, place);
            _waiting.Add(ticket);
            if (_waiting.Count > options.Value.MaxWaiting)
            {
                var last = InOrder()[^1];
                _waiting.Remove(last);
                if (last == ticket) return null;
                last.Displace();
            }

            ServeNext(); // a place may have become free since it was refused
            return ticket;
        }
    }

    private void Leave(Ticket ticket)
    {
        lock (_lock)
        {
            if (_granted.Remove(ticket.Id)) Count(ticket.Place, -1);
            else if (!_waiting.Remove(ticket)) return;
            ServeNext();
        }
    }

    private NoRoom? Judge(Place place) => Room.Judge(
        new Occupancy(_all, _byService[(place.Account, place.Service)], _byClient[place.Client]), options.Value, place);

    private void Count(Place place, int change)
    {
        _all += change;
        _byService.Add((place.Account, place.Service), change);
        _byClient.Add(place.Client, change);
    }

    /// <summary>Gives away what is free, and tells the others where they stand.</summary>
    private void ServeNext()
    {
        if (_waiting.Count == 0) return;
        var order = InOrder();
        while (order.FirstOrDefault(each => Judge(each.Place) is null) is { } next)
        {
            Count(next.Place, 1);
            _waiting.Remove(next);
            _granted[next.Id] = next;
            next.Grant();
            order = InOrder();
        }

        foreach (var service in order.GroupBy(each => (each.Place.Account, each.Place.Service)))
        {
            var position = 0;
            foreach (var each in service) each.Stand(new Standing(++position, service.Count(), Judge(each.Place)!));
        }
    }

    private IReadOnlyList<Ticket> InOrder() => FairOrder.Sort(_waiting, each => each.Place.Client, client => _byClient[client]);

    /// <summary>Somebody's place in the queue. It lives as long as the call that waits.</summary>
    public sealed class Ticket : IDisposable
    {
        private readonly Places _places;
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Standing? _standing;

        internal Ticket(Places places, Place place) => (_places, Place) = (places, place);

        public Guid Id { get; } = Guid.NewGuid();

        public Place Place { get; }

        /// <summary>Completes when a place is kept for it.</summary>
        public Task Granted => _granted.Task;

        /// <summary>Where it stands, and what completes at the next change of that. Null standing once it has been granted.</summary>
        public (Standing? Standing, Task Moved) Now()
        {
            lock (_lock) return (_standing, _moved.Task);
        }

        /// <summary>Whether somebody who waits for less was let in instead.</summary>
        public bool IsDisplaced { get; private set; }

        public void Dispose() => _places.Leave(this);

        internal void Displace()
        {
            IsDisplaced = true;
            Stand(null);
            lock (_lock) _moved.TrySetResult();
        }

        internal void Grant()
        {
            Stand(null);
            _granted.TrySetResult();
        }

        internal void Stand(Standing? standing)
        {
            TaskCompletionSource moved;
            lock (_lock)
            {
                if (standing == _standing) return;
                _standing = standing;
                moved = _moved;
                _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            moved.TrySetResult();
        }
    }
}

/// <summary>Where somebody stands among those who wait for the same service.</summary>
/// <param name="Position">1 is next.</param>
/// <param name="Of">How many wait.</param>
/// <param name="Reason">What is not there yet.</param>
public sealed record Standing(int Position, int Of, NoRoom Reason);

/// <summary>How many of each; what there is none of takes no room.</summary>
internal sealed class Counts<T>
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
