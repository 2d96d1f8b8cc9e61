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
            var kept = ticket is { } id && _granted.Remove(id, out var granted) ? granted.Place : null;
            if (kept == place) return null; // it is counted already
            if (kept is not null) Count(kept, -1);
            var refusal = Judge(place);
            if (refusal is null) Count(place, 1);
            if (kept is not null) ServeNext(); // what was kept is somebody else's now
            return refusal;
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
        private readonly Lock _lock = new();
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TicketState _state;
        private Standing? _standing;

        internal Ticket(Places places, Place place) => (_places, Place) = (places, place);

        public Guid Id { get; } = Guid.NewGuid();

        public Place Place { get; }

        /// <summary>What became of it, where it stands while it waits, and what completes when one of the two is another.</summary>
        public (TicketState State, Standing? Standing, Task Changed) Now()
        {
            lock (_lock) return (_state, _standing, _changed.Task);
        }

        public void Dispose() => _places.Leave(this);

        internal void Displace() => Become(TicketState.Displaced, null);

        internal void Grant() => Become(TicketState.Granted, null);

        internal void Stand(Standing standing) => Become(TicketState.Waiting, standing);

        private void Become(TicketState state, Standing? standing)
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                if (state == _state && standing == _standing) return;
                (_state, _standing, changed) = (state, standing, _changed);
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.TrySetResult();
        }
    }
}

/// <summary>What became of somebody's place in the queue.</summary>
public enum TicketState
{
    Waiting,

    /// <summary>A place is kept for it.</summary>
    Granted,

    /// <summary>Somebody who waits for less was let in instead.</summary>
    Displaced,
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
