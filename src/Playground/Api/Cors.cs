using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground.Api;

/// <summary>
/// The API answers every origin, without credentials: a demo's page has an origin of its own, and a sandboxed frame
/// has none at all. Nothing here looks at a cookie, so an origin gains nothing by asking from a victim's browser that it
/// could not ask by itself.
/// </summary>
internal static class Cors
{
    public static void Allow(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Retry-After";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    public static IResult Preflight(HttpContext context)
    {
        Allow(context);
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = "Content-Type, Authorization, Last-Event-ID";
        headers.AccessControlMaxAge = "600";
        return Results.NoContent();
    }
}
