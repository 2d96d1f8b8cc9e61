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
public sealed class TokenHolder(Caller caller, string secret, string hash)
{
    internal int Connections;
    internal bool Used;
    internal volatile bool Forgotten;

    /// <summary>What the proxy tells the backend about the holder with each request, made at the first.</summary>
    internal byte[]? Verified;

    public Caller Caller { get; } = caller;

    /// <summary>Told to the holder by connect and to the backend with each request: proof for the one of the other.</summary>
    public string Secret { get; } = secret;

    /// <summary>The hash under which its token is known.</summary>
    internal string Hash { get; } = hash;
}

/// <summary>
/// The tokens of one backend and the connections that came with them. Not safe for threads: <see cref="LiveBackend"/> holds its lock.
/// Nothing here looks through all tokens but a revoke, because a shared backend has thousands of them.
/// </summary>
internal sealed class TokenTable
{
    /// <summary>
    /// A shared backend gives a token to each tab that ever came; beyond this many the oldest that is not connected is forgotten.
    /// </summary>
    public const int MaxTokens = 4096;

    /// <summary>Each connection takes two descriptors of the hub; far fewer than tokens, so there is always one to forget.</summary>
    public const int MaxConnections = 1024;

    private readonly Dictionary<string, TokenHolder> _byHash = [];
    private readonly Queue<TokenHolder> _oldest = new();
    private readonly HashSet<Presence> _present = [];

    public int Connections => _present.Count;

    public bool Full => _present.Count >= MaxConnections;

    /// <summary>Holders with a connection.</summary>
    public int Clients { get; private set; }

    /// <summary>Tokens nobody has come with yet.</summary>
    public int Unused { get; private set; }

    public TokenHolder? Find(string hash) => _byHash.GetValueOrDefault(hash);

    public void Add(TokenHolder holder)
    {
        if (_byHash.Count >= MaxTokens) ForgetOldest();
        _byHash[holder.Hash] = holder;
        _oldest.Enqueue(holder);
        Unused++;
        if (_oldest.Count > 2 * MaxTokens) DropForgotten();
    }

    public Presence Enter(LiveBackend backend, TokenHolder holder)
    {
        var presence = new Presence(backend, holder);
        _present.Add(presence);
        if (holder.Connections++ == 0) Clients++;
        if (!holder.Used) Unused--;
        holder.Used = true;
        return presence;
    }

    public void Leave(Presence presence)
    {
        _present.Remove(presence);
        if (--presence.Holder.Connections == 0) Clients--;
    }

    /// <summary>Forgets the tokens it is said of. How many they were, and the connections that came with them.</summary>
    public (int Tokens, List<Presence> Cut) Revoke(Func<TokenHolder, bool> which)
    {
        var revoked = _byHash.Values.Where(which).ToList();
        foreach (var holder in revoked) Forget(holder);
        return (revoked.Count, [.. _present.Where(presence => presence.Holder.Forgotten)]);
    }

    public List<Presence> Present() => [.. _present];

    private void ForgetOldest()
    {
        while (_oldest.TryDequeue(out var holder))
        {
            if (holder.Forgotten) continue;
            if (holder.Connections == 0)
            {
                Forget(holder);
                return;
            }

            _oldest.Enqueue(holder);
        }
    }

    private void Forget(TokenHolder holder)
    {
        holder.Forgotten = true;
        _byHash.Remove(holder.Hash);
        if (!holder.Used) Unused--;
    }

    private void DropForgotten()
    {
        for (var i = _oldest.Count; i > 0; i--)
        {
            var holder = _oldest.Dequeue();
            if (!holder.Forgotten) _oldest.Enqueue(holder);
        }
    }
}
