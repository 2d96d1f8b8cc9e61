using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// What changes between a client's request and the backend's. Everything a backend may rely on (<c>X-Verified-*</c>,
/// <c>X-Forwarded-*</c>) is removed first and then set by us. Cookies pass in neither direction: a backend answers on behalf of
/// a demo, and this site sets none. Nor do headers that speak for a whole origin.
/// </summary>
/// <param name="backend">Where the request goes.</param>
/// <param name="holder">Whose token came with it.</param>
/// <param name="path">The path for the backend; the path form has its prefix cut off.</param>
/// <param name="prefix">What was cut off: empty in the host form.</param>
internal sealed class BackendTransformer(LiveBackend backend, TokenHolder holder, PathString path, string prefix)
    : HttpTransformer
{
    private const string Verified = "X-Verified-";
    private const string Forwarded = "X-Forwarded-";

    /// <summary>
    /// Answers that outlive the answer: they tell a browser something about the whole origin (or its host and ports), which in the path
    /// form is the site's own, and which in the host form is not a backend's to decide either.
    /// </summary>
    private static readonly string[] AboutTheOrigin =
    [
        HeaderNames.SetCookie, "Set-Cookie2", "NEL", "Report-To", "Reporting-Endpoints", "Clear-Site-Data",
        HeaderNames.StrictTransportSecurity, HeaderNames.AltSvc, "Service-Worker-Allowed",
    ];

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, path, request.QueryString);

        var headers = proxyRequest.Headers;
        foreach (var name in headers.Select(header => header.Key).Where(Ours).ToArray()) headers.Remove(name);
        headers.Remove(HeaderNames.Cookie);
        headers.Remove(HeaderNames.Referer); // its query may hold the token
        headers.Remove("Forwarded");
        headers.Host = request.Host.Value;

        headers.TryAddWithoutValidation("X-Verified-Backend", backend.Id.Value);
        headers.TryAddWithoutValidation("X-Verified-Path", path.Value);
        headers.TryAddWithoutValidation("X-Verified-Secret", holder.Secret);
        if (holder.Caller.User is { } user) headers.TryAddWithoutValidation("X-Verified-Username", user);
        if (holder.Caller.Auth is { } auth) headers.TryAddWithoutValidation("X-Verified-User-Data", auth);
        headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString() ?? "");
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        if (prefix.Length > 0) headers.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        foreach (var name in AboutTheOrigin) headers.Remove(name);
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Access-Control-Allow-Origin", "*");
        headers.TryAdd("Cross-Origin-Resource-Policy", "cross-origin");
        headers["X-Content-Type-Options"] = "nosniff";
        headers["X-Backend-Id"] = backend.Id.Value;
        // In the path form a backend's page would have the site's own origin: the sandbox takes it away again.
        if (prefix.Length > 0) headers.ContentSecurityPolicy = "sandbox allow-scripts allow-forms";
        return copyBody;
    }

    // Some servers (CGI, WSGI) read an underscore as a hyphen; X_Verified_Username must not become ours on the way.
    private static bool Ours(string name)
    {
        var read = name.Replace('_', '-');
        return read.StartsWith(Verified, StringComparison.OrdinalIgnoreCase)
            || read.StartsWith(Forwarded, StringComparison.OrdinalIgnoreCase);
    }
}
