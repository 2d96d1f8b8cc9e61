using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy.Loops;

namespace BrowserTech.Playground.Proxy;

/// <summary>What the hub answers instead of a backend. Any page may read it: a script that is refused must be able to say why.</summary>
internal static class Refusal
{
    private const string RetryAfter = "1";

    public static async Task Write(HttpContext context, int status, string kind, string message)
    {
        // To a refused question a browser says nothing but that it failed; the request it asks for is refused in words.
        if (Preflight.Answer(context)) return;
        // It is logged, and a log may wait for a disk or a terminal; and who sends nothing but what is refused never waits for anything.
        if (context.Features.Get<LoopConnection>() is { StayOnLoop: true } client) client.StayOnLoop = false;
        if (EventLoop.IsHere) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Cors.Allow(context);
        var headers = context.Response.Headers;
        headers.AccessControlExposeHeaders = "Retry-After, X-Backend-Id";
        // In the path form it is an answer of the site's own origin, at an address that holds a token.
        headers.ContentSecurityPolicy = RefusalPage.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (RefusalPage.IsWanted(context.Request)) await RefusalPage.Write(context, status, ApiError.Make(context, status, kind, message));
        else await ApiError.Write(context, status, kind, message);
    }

    /// <summary>Cannot be taken at this moment, and may be at the next.</summary>
    public static Task NotNow(HttpContext context, string kind, string message)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        return Write(context, 503, kind, message);
    }

    /// <summary>A start that failed is the hub's answer (502, with the reason), one that took too long too (504); anything else is over (410).</summary>
    public static Task Ended(HttpContext context, EndReason? reason, string? detail)
    {
        if (reason is not { } why) return Write(context, 410, "gone", detail ?? "This backend has ended.");
        var message = $"{why.Sentence()} {detail}".TrimEnd();
        return why switch
        {
            EndReason.StartTimeout => Write(context, 504, why.Wire(), message),
            EndReason.StartFailed or EndReason.InternalError => Write(context, 502, why.Wire(), message),
            _ => Write(context, 410, "gone", message),
        };
    }

    public static Task Cut(HttpContext context, Cut why, BackendLife life)
    {
        if (why == Backends.Cut.Revoked) return Write(context, 403, why.Word, "This token was taken back.");
        if (why.Word == EndReason.HubStopping.Wire()) return NotNow(context, why.Word, EndReason.HubStopping.Sentence());
        return Ended(context, life.Reason, life.Detail);
    }

    /// <summary>For a request that reached, or should have reached, a backend.</summary>
    public static Task Of(HttpContext context, Outcome outcome, Visit visit)
    {
        if (visit.Presence.WhyCut is { } why) return Cut(context, why, visit.Backend.Life);
        if (visit.Backend.Life is { State: > BackendState.Ready }) return Write(context, 410, "gone", "The backend ended while it was asked.");
        return outcome switch
        {
            Outcome.Silent => Write(context, 504, "backend_silent", "The backend did not answer in time."),
            Outcome.Busy => NotNow(context, "backend_busy", "There are more connections to the backend than it, or the hub, takes now."),
            Outcome.Malformed => Write(context, 400, "bad_request", "The body of this request is not framed as HTTP frames one."),
            Outcome.NotHttp => Write(context, 502, "backend_unreachable", "The backend does not answer as HTTP."),
            Outcome.BrokenOff => Write(context, 502, "backend_unreachable", "The backend broke off without an answer."),
            _ => Write(context, 502, "backend_unreachable", "The backend takes no connection."),
        };
    }
}

/// <summary>
/// A browser's question whether it may send a token at all, which it asks without one. It may, from anywhere: nothing is allowed by
/// where a request comes from, only by the token in it.
/// </summary>
internal static class Preflight
{
    /// <summary>False when it is another request.</summary>
    public static bool Answer(HttpContext context)
    {
        var asked = context.Request.Headers;
        if (!HttpMethods.IsOptions(context.Request.Method) || asked.AccessControlRequestMethod is not [{ } method]) return false;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = method;
        if (asked.AccessControlRequestHeaders is [{ } names]) headers.AccessControlAllowHeaders = names;
        headers.AccessControlMaxAge = "600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
