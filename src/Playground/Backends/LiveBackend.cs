using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground.Backends;

/// <summary>
/// A backend as the machine that runs it sees it: the one object shared by its grain, which decides, and the proxy, which
/// counts. The proxy must not make a grain call for each request, so counts and tokens are here behind a short
/// lock, and the grain is woken through <see cref="Changed"/> only when a decision may be due: the state is another, somebody is
/// newly expected, or, a little later, a connection was the last one. A client that asks one thing after another makes each of its
/// requests the first connection and the last one, and wakes the grain once a second at most.
/// </summary>
public sealed class LiveBackend(
    BackendSpec spec, Caller owner, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly TokenTable _tokens = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _readyOrEnding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pulse _changed = new();
    private readonly Pulse _stateChanged = new();
    private readonly Pulse _useChanged = new();
    private bool _lookSoon;
    private BackendLife _life = BackendLife.Beginning;
    private readonly (DateTimeOffset At, long Stamp) _born = (clock.GetUtcNow(), clock.GetTimestamp());
    private readonly List<StateChange> _history = [new(BackendState.Scheduled, clock.GetUtcNow())];
    private DateTimeOffset? _lastDisconnect;
    private DateTimeOffset? _awaitedSince;
    private long _lastActivity = clock.GetTimestamp();
    private long _bytesIn;
    private long _bytesOut;

    public BackendSpec Spec { get; } = spec;

    /// <summary>
    /// The time all its times are in: the machine's when it was made, and from then on by a clock nobody sets. What it may still live must
    /// not depend on somebody mending the time of the machine.
    /// </summary>
    public DateTimeOffset Now => _born.At + clock.GetElapsedTime(_born.Stamp);

    public BackendId Id => Spec.Id;

    /// <summary>Who asked for it first; their address is what the caps count.</summary>
    public Caller Owner { get; } = owner;

    /// <summary>What it takes up while it lives.</summary>
    public Place Place { get; } = Place.Of(spec.Service, owner);

    /// <summary>Set once it has been prepared.</summary>
    public IBackendInstance? Instance { get; internal set; }

    public BackendLife Life
    {
        get
        {
            lock (_lock) return _life;
        }
    }

    /// <summary>Completes when it has ended and nothing is left of it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completes when it is ready, or will never be.</summary>
    public Task ReadyOrEnding => _readyOrEnding.Task;

    /// <summary>Completes at the next change a decision could depend on. Take it before looking, then wait.</summary>
    public Task Changed => _changed.Next;

    /// <summary>Completes at the next state. Take it before looking, then wait.</summary>
    public Task StateChanged => _stateChanged.Next;

    /// <summary>
    /// Completes when anything changes of who uses it, or its state: with each request, where requests come one by one. Take it before
    /// looking, then wait.
    /// </summary>
    public Task UseChanged => _useChanged.Next;

    /// <summary>Gives a new token; its holder is expected to connect soon.</summary>
    public (ConnectionToken Token, string Secret) Admit(Caller caller)
    {
        var token = ConnectionToken.New();
        var secret = ConnectionToken.New().Value;
        var holder = new TokenHolder(caller, secret, token.Hash());
        lock (_lock)
        {
            _tokens.Add(holder);
            _awaitedSince = Now;
        }

        SayUse();
        return (token, secret);
    }

    /// <summary>Null when the token was not given for this backend.</summary>
    public TokenHolder? Holder(ConnectionToken token)
    {
        var hash = token.Hash();
        lock (_lock) return _tokens.Find(hash);
    }

    /// <summary>
    /// Forgets the tokens it is said of, cuts their connections and the requests that are held or under way for them, and says how
    /// many tokens they were. A forgotten token is one that never was (403).
    /// </summary>
    public int Revoke(Func<TokenHolder, bool> which)
    {
        int tokens;
        List<Presence> cut;
        lock (_lock)
        {
            (tokens, cut) = _tokens.Revoke(which);
            if (_tokens.Unused == 0) _awaitedSince = null;
        }

        foreach (var presence in cut) presence.CutOff(Cut.Revoked);
        if (tokens > 0) SayUse();
        return tokens;
    }

    /// <summary>
    /// Counts a connection until what is returned is disposed. Null when it cannot be taken: the token was forgotten meanwhile
    /// (<see cref="TokenHolder.Forgotten"/>), or there are too many connections.
    /// </summary>
    public Presence? Enter(TokenHolder holder)
    {
        Presence presence;
        bool first;
        lock (_lock)
        {
            if (holder.Forgotten || _tokens.Full) return null;
            presence = _tokens.Enter(this, holder);
            first = _tokens.Connections == 1;
            if (_tokens.Unused == 0) _awaitedSince = null;
            // That somebody is here averts an end, which is found out when it is due. But from now on they can fall silent.
            if (first && Spec.Service.Limits.Inactivity is not null) LookSoon();
        }

        Touch();
        if (first) _useChanged.Say();
        return presence;
    }

    /// <summary>Bytes went from or to a client, and somebody meant them.</summary>
    public void Carried(int received, int sent)
    {
        Counted(received, sent);
        Touch();
    }

    /// <summary>Bytes went from or to a client that are nobody's use of the backend: pings, answers to them, a farewell.</summary>
    public void Counted(int received, int sent)
    {
        if (received > 0) Interlocked.Add(ref _bytesIn, received);
        if (sent > 0) Interlocked.Add(ref _bytesOut, sent);
    }

    public Usage Usage()
    {
        var activity = LastActivity();
        lock (_lock)
        {
            var ready = _history.Find(change => change.State == BackendState.Ready)?.At ?? _history[^1].At;
            return new Usage(_history[0].At, ready, _tokens.Connections, _lastDisconnect, activity, _awaitedSince);
        }
    }

    /// <param name="figures">Whether what it uses is asked for too: the kernel takes a part of a millisecond to add that up.</param>
    public BackendView View(bool figures = true)
    {
        var process = figures ? Instance?.Figures() : null;
        var activity = LastActivity();
        var idleEnds = Liveness.IdleEnd(Usage(), Spec.Service.Limits);
        lock (_lock)
        {
            var lifetimeEnds = _history[0].At + Spec.Service.Limits.Lifetime;
            var lifetimeLeft = lifetimeEnds - Now;
            return new BackendView
            {
                Id = Id,
                Account = Spec.Service.Account,
                Service = Spec.Service.Name,
                Key = Spec.Key,
                Fencing = Spec.Fencing,
                History = [.. _history],
                Reason = _life.Reason,
                Hard = _life.Hard,
                Exit = _life.Exit,
                Detail = _life.Detail,
                LastOutput = _life.State == BackendState.Terminated ? Instance?.LastOutput(OutputShown) ?? [] : [],
                Connections = _tokens.Connections,
                Clients = _tokens.Clients,
                LastActivity = activity,
                Process = process,
                Grace = Spec.Service.Limits.Grace,
                LifetimeEnds = lifetimeEnds,
                LifetimeLeft = _life.State == BackendState.Terminated ? null : lifetimeLeft > TimeSpan.Zero ? lifetimeLeft : TimeSpan.Zero,
                BytesIn = Interlocked.Read(ref _bytesIn),
                BytesOut = Interlocked.Read(ref _bytesOut),
                InForce = Instance?.InForce,
                OutputLines = Instance?.Output.Count ?? 0,
                IdleEnds = _life.State == BackendState.Ready ? idleEnds : null,
            };
        }
    }

    /// <summary>Enough to see why a program failed, little enough for a page.</summary>
    private const int OutputShown = 20;

    internal void Enter(BackendLife life)
    {
        lock (_lock)
        {
            if (life.State > _life.State) _history.Add(new StateChange(life.State, Now));
            _life = life;
        }

        if (life.State >= BackendState.Ready) _readyOrEnding.TrySetResult();
        _stateChanged.Say();
        SayUse();
        if (life.State >= BackendState.HardTerminating) CutAll(life);
    }

    /// <summary>Its place is free and its view is among the ended ones: now others may hear of it.</summary>
    internal void SayEnded() => _ended.TrySetResult();

    /// <summary>Ends every connection; what comes after it finds a backend that takes none.</summary>
    internal void CutAll(Cut why)
    {
        List<Presence> present;
        lock (_lock) present = _tokens.Present();
        foreach (var presence in present) presence.CutOff(why);
    }

    // A backend that was asked to end closes its connections itself, in its own words; this is for what is left when it is killed or gone.
    private void CutAll(BackendLife life) => CutAll(Cut.Ended(life.Reason ?? EndReason.Exited));

    private DateTimeOffset LastActivity() =>
        Now - clock.GetElapsedTime(Interlocked.Read(ref _lastActivity));

    private void Touch() => Interlocked.Exchange(ref _lastActivity, clock.GetTimestamp());

    internal void Leave(Presence presence)
    {
        bool last;
        lock (_lock)
        {
            _tokens.Leave(presence);
            last = _tokens.Connections == 0;
            if (last)
            {
                _lastDisconnect = Now;
                LookSoon();
            }
        }

        Touch();
        if (last) _useChanged.Say();
    }

    private void SayUse()
    {
        _changed.Say();
        _useChanged.Say();
    }

    /// <summary>
    /// Under the lock. An end that has come into sight is looked at before it can be due, and so is not late; until then any number of them
    /// are one.
    /// </summary>
    private void LookSoon()
    {
        if (_lookSoon) return;
        _lookSoon = true;
        var limits = Spec.Service.Limits;
        var shortest = limits.Inactivity is { } inactivity && inactivity < limits.Grace ? inactivity : limits.Grace;
        _ = Look(shortest / 2 < PlaygroundTimes.UseLook ? shortest / 2 : PlaygroundTimes.UseLook);
    }

    private async Task Look(TimeSpan wait)
    {
        await Task.Delay(wait, clock).ConfigureAwait(false);
        lock (_lock) _lookSoon = false;
        _changed.Say();
    }
}
