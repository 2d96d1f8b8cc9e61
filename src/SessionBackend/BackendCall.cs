using BrowserTech.SessionBackend.Http;

namespace BrowserTech.SessionBackend;

/// <summary>One request, or the request that opened a WebSocket.</summary>
public sealed class BackendCall
{
    private readonly RequestHead _head;
    private readonly Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> _body;
    private VerifiedCaller? _caller;

    internal BackendCall(RequestHead head, Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>>> body) => (_head, _body) = (head, body);

    public string Method => _head.Method;

    /// <summary>Path and query as they came, encoded.</summary>
    public string Target => _head.Target;

    /// <summary>The path, encoded as it came.</summary>
    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[..at] : Target;

    /// <summary>What follows the question mark; empty without one.</summary>
    public string Query => Target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Target[(at + 1)..] : "";

    public IReadOnlyDictionary<string, string> Headers => _head.Headers;

    /// <summary>Who asks, as the hub vouches for it.</summary>
    public VerifiedCaller Caller => _caller ??= VerifiedCaller.From(_head.Header);

    public string? Header(string name) => _head.Header(name);

    /// <summary>The whole body; empty where there is none, and the second time.</summary>
    /// <exception cref="RequestRefusedException">Larger than <see cref="BackendLimits.MaxBody"/>, malformed, or too slow. Let it pass: the server answers.</exception>
    /// <exception cref="InvalidOperationException">The request was answered already: a streamed answer is written too late for it.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(CancellationToken cancel = default) => _body(cancel);
}
