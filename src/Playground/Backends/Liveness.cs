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
/// <param name="Why">What the reason alone does not say, as a sentence; null where that is nothing.</param>
public sealed record Verdict(EndReason? End, DateTimeOffset LookAgain, string? Why = null);

/// <summary>A limit that strikes unless something happens before.</summary>
/// <param name="Length">How long the limit is in all: a short one cannot be announced a minute before.</param>
public sealed record Ending(EndReason Reason, DateTimeOffset At, TimeSpan Length)
{
    /// <summary>A minute before, or half the limit where that is shorter.</summary>
    public DateTimeOffset AnnouncedAt => At - (Length / 2 < PlaygroundTimes.EndAnnounced ? Length / 2 : PlaygroundTimes.EndAnnounced);
}

/// <summary>Which ends were announced, and not taken back since.</summary>
public readonly record struct Announced(bool Lifetime, bool Idle);

/// <summary>What is to be said now, and when to look again if nothing happens before.</summary>
/// <param name="Endings">
/// All that are announced, the nearest last, whenever one is new or one was taken back: so what was said last is what strikes next.
/// </param>
/// <param name="Staying">An idle end that was announced does not come. To be said before the endings: the lifetime's may still.</param>
public sealed record Notice(Announced After, IReadOnlyList<Ending> Endings, bool Staying, DateTimeOffset LookAgain);

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
        if (Idle(usage, limits) is not { } idle) return new Verdict(null, lifetimeEnd);
        return now >= idle.At ? new Verdict(idle.Reason, now, Why(usage, idle)) : new Verdict(null, Earlier(idle.At, lifetimeEnd));
    }

    /// <summary>When it ends if nobody uses it until then; null where its lifetime is over before, or silence is fine.</summary>
    public static DateTimeOffset? IdleEnd(Usage usage, Catalog.ServiceLimits limits) =>
        Idle(usage, limits) is { } idle && idle.At < usage.CreatedAt + limits.Lifetime ? idle.At : null;

    /// <summary>
    /// What those who watch a ready backend are to be told now: that a limit strikes soon, and that one which was announced does not
    /// strike after all. An end that was said before is said again where another word would hide it.
    /// </summary>
    public static Notice Announce(DateTimeOffset now, Usage usage, Catalog.ServiceLimits limits, Announced before)
    {
        var lifetime = new Ending(EndReason.Lifetime, usage.CreatedAt + limits.Lifetime, limits.Lifetime);
        var idle = Idle(usage, limits) is { } soon && soon.At < lifetime.At ? soon : null;
        var after = new Announced(before.Lifetime || now >= lifetime.AnnouncedAt, now >= idle?.AnnouncedAt);

        var again = after.Lifetime ? lifetime.At : lifetime.AnnouncedAt;
        // Bytes on an open connection avert an end without a word to anybody, so from here on it is looked at.
        if (after.Idle) again = Earlier(again, now + PlaygroundTimes.AvertedLook);
        else if (idle is not null) again = Earlier(again, idle.AnnouncedAt);

        // Each change is one: something new, or an idle end that is off.
        if (after == before) return new Notice(after, [], Staying: false, again);
        var announced = new[] { after.Lifetime ? lifetime : null, after.Idle ? idle : null };
        return new Notice(after, [.. announced.OfType<Ending>()], Staying: before.Idle && !after.Idle, again);
    }

    /// <summary>Only what the reason's own sentence does not say.</summary>
    private static string? Why(Usage usage, Ending idle) =>
        usage.Connections > 0 ? $"Nothing was sent for {idle.Length.TotalSeconds:0} seconds." : null;

    private static Ending? Idle(Usage usage, Catalog.ServiceLimits limits)
    {
        if (usage.Connections > 0)
        {
            return limits.Inactivity is { } inactivity
                ? new Ending(EndReason.Idle, Later(usage.LastActivity, usage.ReadyAt) + inactivity, inactivity)
                : null;
        }

        var reason = usage.LastDisconnect is null ? EndReason.NeverConnected : EndReason.Idle;
        var end = new Ending(reason, Later(usage.LastDisconnect ?? usage.ReadyAt, usage.ReadyAt) + limits.Grace, limits.Grace);
        if (usage.AwaitedSince is not { } awaited) return end;
        var awaitedEnd = Later(awaited, usage.ReadyAt) + PlaygroundTimes.ConnectDeadline;
        return awaitedEnd > end.At ? new Ending(reason, awaitedEnd, PlaygroundTimes.ConnectDeadline) : end;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
