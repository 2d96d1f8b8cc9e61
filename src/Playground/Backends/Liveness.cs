namespace BrowserTech.Playground.Backends;

/// <summary>Who uses a backend, at one moment.</summary>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="ReadyAt">When it became ready.</param>
/// <param name="Connections">Open WebSockets and requests in flight, held ones included.</param>
/// <param name="LastDisconnect">When the last connection closed; null while nobody has ever connected.</param>
/// <param name="LastActivity">When bytes last went either way.</param>
/// <param name="AwaitedSince">When the latest token was handed out that has not been used yet.</param>
public sealed record Usage(
    DateTimeOffset CreatedAt,
    DateTimeOffset ReadyAt,
    int Connections,
    DateTimeOffset? LastDisconnect,
    DateTimeOffset LastActivity,
    DateTimeOffset? AwaitedSince);

/// <summary>Either the reason to end now, or when to look again if nothing happens before.</summary>
public sealed record Verdict(EndReason? End, DateTimeOffset LookAgain);

/// <summary>
/// When a ready backend should end. It lives exactly as long as somebody uses it: connected, or expected (a token
/// was handed out and its holder is still on the way), or just gone (the grace time that lets a page be
/// reloaded). A connection that carries nothing for the inactivity limit does not count as use: forgotten tabs must not
/// keep processes.
/// </summary>
public static class Liveness
{
    public static Verdict Judge(DateTimeOffset now, Usage usage, Catalog.ServiceLimits limits)
    {
        var lifetimeEnd = usage.CreatedAt + limits.Lifetime;
        if (now >= lifetimeEnd) return new Verdict(EndReason.Lifetime, now);

        if (usage.Connections > 0)
        {
            if (limits.Inactivity is not { } inactivity) return new Verdict(null, lifetimeEnd);
            var quietEnd = Later(usage.LastActivity, usage.ReadyAt) + inactivity;
            return now >= quietEnd ? new Verdict(EndReason.Idle, now) : new Verdict(null, Earlier(quietEnd, lifetimeEnd));
        }

        var end = usage.ReadyAt + limits.Grace;
        if (usage.LastDisconnect is { } left) end = Later(end, left + limits.Grace);
        if (usage.AwaitedSince is { } awaited)
            end = Later(end, Later(awaited, usage.ReadyAt) + PlaygroundTimes.ConnectDeadline);
        if (now < end) return new Verdict(null, Earlier(end, lifetimeEnd));
        return new Verdict(usage.LastDisconnect is null ? EndReason.NeverConnected : EndReason.Idle, now);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
