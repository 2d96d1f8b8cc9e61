namespace BrowserTech.Playground.Backends;

/// <summary>Why the hub ends a connection that both sides would keep: a WebSocket close code, and a word for programs.</summary>
public sealed record Cut(ushort Code, string Word)
{
    /// <summary>RFC 6455: an endpoint is going away.</summary>
    private const ushort GoingAway = 1001;

    /// <summary>Of the range for applications; as 403 is to requests.</summary>
    private const ushort NotAllowed = 4403;

    /// <summary>The token was taken back.</summary>
    public static readonly Cut Revoked = new(NotAllowed, "revoked");

    /// <summary>The backend ends, or has.</summary>
    public static Cut Ended(EndReason reason) => new(GoingAway, reason.Wire());
}

/// <summary>What carries a connection and can end it. Told from any thread, possibly more than once; must not block or throw.</summary>
internal interface ICuttable
{
    void Cut(Cut why);
}

/// <summary>
/// One connection to a backend, from the arrival of its request (held ones included) until it is disposed. It is counted while it is
/// there, and through it the connection can be cut: whoever carries it attaches itself.
/// </summary>
public sealed class Presence : IDisposable
{
    private readonly LiveBackend _backend;
    private ICuttable? _carrier;
    private Cut? _cut;
    private int _left;

    internal Presence(LiveBackend backend, TokenHolder holder) => (_backend, Holder) = (backend, holder);

    public TokenHolder Holder { get; }

    /// <summary>Null while the connection may go on.</summary>
    public Cut? WhyCut => Volatile.Read(ref _cut);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) _backend.Leave(this);
    }

    /// <summary>From now on this is what a cut ends; at once if it was cut already.</summary>
    internal void Attach(ICuttable? carrier)
    {
        // A full fence on both sides: of a cut and an attachment at the same time at least one sees the other.
        Interlocked.Exchange(ref _carrier, carrier);
        if (WhyCut is { } why) carrier?.Cut(why);
    }

    internal void CutOff(Cut why)
    {
        Interlocked.CompareExchange(ref _cut, why, null);
        Volatile.Read(ref _carrier)?.Cut(_cut);
    }
}
