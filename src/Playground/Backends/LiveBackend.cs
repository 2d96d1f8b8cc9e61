using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground.Backends;

/// <summary>Who a token was given to; told to the backend with each of its requests.</summary>
/// <param name="User">As the caller of connect named them; null for a public page.</param>
/// <param name="Auth">Any JSON the caller of connect gave, as text; null if none.</param>
[GenerateSerializer, Immutable]
public sealed record Caller(
    [property: Id(0)] string? User, [property: Id(1)] string? Auth, [property: Id(2)] string Client)
{
    /// <summary>Whether the account's own token came with the call, and not only an address.</summary>
    [Id(3)] public bool ByAccount { get; init; }
}

/// <summary>One token's holder, and how many connections it has now.</summary>
public sealed class TokenHolder(Caller caller, string secret)
{
    internal int Connections;
    internal bool Used;

    public Caller Caller { get; } = caller;

    /// <summary>Told to the holder by connect and to the backend with each request: proof for the one of the other.</summary>
    public string Secret { get; } = secret;
}

/// <summary>
/// A backend as the machine that runs it sees it: the one object shared by its grain, which decides, and the proxy, which
/// counts. The proxy must not make a grain call for each request, so counts and tokens are here behind a short
/// lock, and the grain is woken through <see cref="Changed"/> only when a decision may be due: a connection
/// was the last one, or somebody is newly expected.
/// </summary>
public sealed class LiveBackend(
    BackendSpec spec, Caller owner, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenHolder> _tokens = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _readyOrEnding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BackendLife _life = BackendLife.Beginning;
    private readonly List<StateChange> _history = [new(BackendState.Scheduled, clock.GetUtcNow())];
    private int _connections;
    private DateTimeOffset? _lastDisconnect;
    private DateTimeOffset? _awaitedSince;
    private long _lastActivity = clock.GetTimestamp();
    private long _bytesIn;
    private long _bytesOut;

    public BackendSpec Spec { get; } = spec;

    public BackendId Id => Spec.Id;

    /// <summary>Who asked for it first; their address is what the caps count.</summary>
    public Caller Owner { get; } = owner;

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
    public Task Changed
    {
        get
        {
            lock (_lock) return _changed.Task;
        }
    }

    /// <summary>Gives a new token; its holder is expected to connect soon.</summary>
    public (ConnectionToken Token, string Secret) Admit(Caller caller)
    {
        var token = ConnectionToken.New();
        var secret = ConnectionToken.New().Value;
        lock (_lock)
        {
            if (_tokens.Count >= MaxTokens) _tokens.Remove(Forgettable());
            _tokens[token.Hash()] = new TokenHolder(caller, secret);
            _awaitedSince = clock.GetUtcNow();
        }

        Pulse();
        return (token, secret);
    }

    /// <summary>Null when the token was not given for this backend.</summary>
    public TokenHolder? Holder(ConnectionToken token)
    {
        var hash = token.Hash();
        lock (_lock) return _tokens.GetValueOrDefault(hash);
    }

    /// <summary>Counts a connection until the returned guard is disposed.</summary>
    public IDisposable Enter(TokenHolder holder)
    {
        bool first;
        lock (_lock)
        {
            first = _connections++ == 0;
            holder.Connections++;
            if (!holder.Used)
            {
                holder.Used = true;
                if (_tokens.Values.All(each => each.Used)) _awaitedSince = null;
            }
        }

        Touch();
        if (first) Pulse();
        return new Presence(this, holder);
    }

    /// <summary>Bytes went from or to a client.</summary>
    public void Carried(int received, int sent)
    {
        if (received > 0) Interlocked.Add(ref _bytesIn, received);
        if (sent > 0) Interlocked.Add(ref _bytesOut, sent);
        Touch();
    }

    public Usage Usage()
    {
        var activity = LastActivity();
        lock (_lock)
        {
            var ready = _history.Find(change => change.State == BackendState.Ready)?.At ?? _history[^1].At;
            return new Usage(_history[0].At, ready, _connections, _lastDisconnect, activity, _awaitedSince);
        }
    }

    public BackendView View()
    {
        var figures = Instance?.Figures();
        var activity = LastActivity();
        var idleEnds = Liveness.IdleEnd(Usage(), Spec.Service.Limits);
        lock (_lock)
        {
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
                Connections = _connections,
                Clients = _tokens.Values.Count(holder => holder.Connections > 0),
                LastActivity = activity,
                Process = figures,
                Grace = Spec.Service.Limits.Grace,
                LifetimeEnds = _history[0].At + Spec.Service.Limits.Lifetime,
                BytesIn = Interlocked.Read(ref _bytesIn),
                BytesOut = Interlocked.Read(ref _bytesOut),
                InForce = Instance?.InForce,
                OutputLines = Instance?.Output.Count ?? 0,
                IdleEnds = _life.State == BackendState.Ready ? idleEnds : null,
            };
        }
    }

    /// <summary>
    /// A shared backend gives a token to each tab that ever came; beyond this many one that is not connected is forgotten.
    /// Connections are bounded far below it by the file descriptors they need.
    /// </summary>
    private const int MaxTokens = 4096;

    /// <summary>Enough to see why a program failed, little enough for a page.</summary>
    private const int OutputShown = 20;

    internal void Enter(BackendLife life)
    {
        lock (_lock)
        {
            if (life.State > _life.State) _history.Add(new StateChange(life.State, clock.GetUtcNow()));
            _life = life;
        }

        if (life.State >= BackendState.Ready) _readyOrEnding.TrySetResult();
        Pulse();
    }

    /// <summary>Its place is free and its view is among the ended ones: now others may hear of it.</summary>
    internal void SayEnded() => _ended.TrySetResult();

    private string Forgettable() =>
        _tokens.FirstOrDefault(each => each.Value.Connections == 0, _tokens.First()).Key;

    private DateTimeOffset LastActivity() =>
        clock.GetUtcNow() - clock.GetElapsedTime(Interlocked.Read(ref _lastActivity));

    private void Touch() => Interlocked.Exchange(ref _lastActivity, clock.GetTimestamp());

    private void Leave(TokenHolder holder)
    {
        bool last;
        lock (_lock)
        {
            holder.Connections--;
            last = --_connections == 0;
            if (last) _lastDisconnect = clock.GetUtcNow();
        }

        Touch();
        if (last) Pulse();
    }

    private void Pulse()
    {
        TaskCompletionSource pulsed;
        lock (_lock)
        {
            pulsed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        pulsed.TrySetResult();
    }

    private sealed class Presence(LiveBackend backend, TokenHolder holder) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) backend.Leave(holder);
        }
    }
}
