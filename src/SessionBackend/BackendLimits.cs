namespace BrowserTech.SessionBackend;

/// <summary>
/// What one client may take. The hub stands between this process and the world and has limits of its own; these keep one tab
/// from spoiling it for the others of the same key.
/// </summary>
public sealed record BackendLimits
{
    /// <summary>
    /// Bytes of a request's first lines. The hub lets 32 kB of client headers through and adds up to 48 kB of verified user data.
    /// </summary>
    public int MaxHead { get; init; } = 96 * 1024;

    /// <summary>Bytes of a request's body.</summary>
    public int MaxBody { get; init; } = 1024 * 1024;

    /// <summary>Bytes of one message of a WebSocket; a larger one closes it with 1009.</summary>
    public int MaxMessage { get; init; } = 1024 * 1024;

    /// <summary>Connections at once. Further ones wait to be accepted.</summary>
    public int MaxConnections { get; init; } = 512;

    /// <summary>From the first byte of a request to the end of its head, and for each part of its body.</summary>
    public TimeSpan Receive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one write may wait for a client that does not read; then it is dropped.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a connection may wait for its next request. Longer than the minute after which the hub gives one up: who closes first
    /// risks that a request is on its way.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);
}
