using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Proxy;

namespace BrowserTech.Playground.Api;

/// <summary>A limit is about to strike.</summary>
/// <param name="Reason"><c>lifetime</c> or <c>idle</c>.</param>
/// <param name="SecondsLeft">Rounded up.</param>
internal sealed record EndingNotice(string Reason, DateTimeOffset EndsAt, int SecondsLeft);

/// <summary>An idle end that was announced does not come.</summary>
internal sealed record StayingNotice;

/// <summary>
/// <c>/v2/backend/{id}/status/stream</c>: server-sent events, one per state from the first on, each named by its state in the
/// event's id: a client that reconnects with <c>Last-Event-ID</c> gets only what came after. Between them events named
/// <c>ending</c> and <c>staying</c> say what <see cref="Liveness.Announce"/> says. The stream ends with the last state.
/// <para>
/// One that is opened with a token of the backend is a connection to it: a page that keeps its session open uses its process,
/// however seldom it asks something of it.
/// </para>
/// </summary>
internal sealed class StatusStream(BackendRegistry registry, AccountAuthority authority, TimeProvider clock)
{
    public async Task<IResult> Stream(HttpContext context, string id)
    {
        var known = BackendId.TryParse(id, out var parsed);
        var live = known ? registry.Find(parsed) : null;
        // A page whose token is mistyped would hold no process, and would find out when it is gone.
        if (await authority.Open(context, live) is { } refusal) return refusal;
        if (live is null && (known ? registry.FindEnded(parsed) : null) is null) return BackendEndpoints.Unknown(context);
        var after = BackendWords.ParseState(context.Request.Headers["Last-Event-ID"]) ?? 0;
        var stream = EventStream.Open(context);
        using var presence = live is null ? null : Attend(context.Request, live);
        if (live is not null) await Follow(context, stream, live, after);
        else await WriteStates(stream, registry.FindEnded(parsed)!, 0, after);
        await stream.Flush();
        return Results.Empty;
    }

    private static Presence? Attend(HttpRequest request, LiveBackend live)
    {
        if (AccessToken.FromHeader(request) is not { } token || live.Holder(token) is not { } holder) return null;
        var presence = live.Enter(holder);
        presence?.Attach(new Onlooker(presence));
        return presence;
    }

    private async Task Follow(HttpContext context, EventStream stream, LiveBackend live, BackendState after)
    {
        await stream.KeepAlive();
        var announced = default(Announced);
        // Who comes back may have been told of an end that was averted while nobody could say so.
        var resumed = after == BackendState.Ready;
        var limits = live.Spec.Service.Limits;
        var said = clock.GetTimestamp();
        for (var seen = 0;;)
        {
            var (stateChanged, useChanged) = (live.StateChanged, live.UseChanged);
            // What it uses is told with a state, and asked for only then: this may be looked at often, by many.
            var view = live.View(figures: false);
            if (view.History.Count > seen) view = live.View();
            var now = live.Now;
            var notice = view.State == BackendState.Ready
                ? Liveness.Announce(now, live.Usage(), limits, announced)
                : new Notice(announced, [], Staying: false, DateTimeOffset.MaxValue);
            announced = notice.After;
            if (resumed && view.State == BackendState.Ready && !announced.Idle) notice = notice with { Staying = true };
            resumed = false;

            // Counted from what was looked at, and not from when a slow reader has taken it.
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var wait = Shorter(Shorter(notice.LookAgain - now, Foresight(limits)), PlaygroundTimes.ChangeWait - clock.GetElapsedTime(said));
            var waited = Task.Delay(wait, clock, over.Token);
            if (view.History.Count > seen || notice.Staying || notice.Endings.Count > 0) said = clock.GetTimestamp();
            seen = await WriteStates(stream, view, seen, after);
            await WriteNotice(stream, notice, now);
            await stream.Flush();
            if (!view.Ended) await Task.WhenAny(announced.Idle ? useChanged : stateChanged, waited);
            if (clock.GetElapsedTime(said) >= PlaygroundTimes.ChangeWait)
            {
                await stream.KeepAlive();
                said = clock.GetTimestamp();
            }

            await over.CancelAsync();
            context.RequestAborted.ThrowIfCancellationRequested();
            if (view.Ended) return;
        }
    }

    private static async Task<int> WriteStates(EventStream stream, BackendView view, int seen, BackendState after)
    {
        for (; seen < view.History.Count; seen++)
        {
            var state = view.History[seen].State;
            if (state > after) await stream.Write(StatusJson.At(view, seen), id: state.Wire());
        }

        return seen;
    }

    private static async Task WriteNotice(EventStream stream, Notice notice, DateTimeOffset now)
    {
        if (notice.Staying) await stream.Write(new StayingNotice(), name: "staying");
        foreach (var ending in notice.Endings)
        {
            var word = ending.Reason == EndReason.Lifetime ? "lifetime" : "idle";
            await stream.Write(new EndingNotice(word, ending.At, (int)Math.Ceiling((ending.At - now).TotalSeconds)), name: "ending");
        }
    }

    /// <summary>Whoever is no connection any more may look on.</summary>
    private sealed class Onlooker(Presence presence) : ICuttable
    {
        public void Cut(Cut why) => presence.Dispose();
    }

    /// <summary>
    /// An idle end that is not in sight now is not announced before this is over, whoever leaves meanwhile: so nobody needs to be woken when
    /// somebody does.
    /// </summary>
    private static TimeSpan Foresight(ServiceLimits limits)
    {
        var ending = new Ending(EndReason.Idle, DateTimeOffset.UnixEpoch + limits.Grace, limits.Grace);
        return ending.AnnouncedAt - DateTimeOffset.UnixEpoch;
    }

    private static TimeSpan Shorter(TimeSpan wait, TimeSpan most)
    {
        // A limit that is due at this moment strikes in the grain; until it has, look again soon instead of at once.
        var least = TimeSpan.FromMilliseconds(50);
        return wait < least ? least : wait < most ? wait : most;
    }
}
