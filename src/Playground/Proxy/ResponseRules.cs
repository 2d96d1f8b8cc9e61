using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>What a client is told with every answer of a backend, whatever the backend says.</summary>
internal static class ResponseRules
{
    public static void Apply(HttpContext context, LiveBackend backend, Target target)
    {
        var headers = context.Response.Headers;
        // Whatever the backend wants: in one form the token is in the path, in the other in the query of the first page.
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.TryAdd("Access-Control-Allow-Origin", "*")) headers.TryAdd("Access-Control-Expose-Headers", "*");
        headers.TryAdd("Cross-Origin-Resource-Policy", "cross-origin");
        headers["X-Content-Type-Options"] = "nosniff";
        headers["X-Backend-Id"] = backend.Id.Value;
        if (target.Prefix.Length == 0) return;

        // In the path form a backend's page would have the site's own origin: the sandbox takes it away again.
        headers.ContentSecurityPolicy = "sandbox allow-scripts allow-forms";
        // It does not know under which path it is, and must not, for the token is in it.
        if (headers.Location is [{ } location] && Below(location)) headers.Location = target.Prefix + location;
    }

    /// <summary>A path of the backend's own, not a network path: <c>//elsewhere</c> is another host, and to browsers so is <c>/\elsewhere</c>.</summary>
    private static bool Below(string location) =>
        location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) && !location.StartsWith("/\\", StringComparison.Ordinal);
}
