using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// What a backend is told of a request. Everything it may rely on (<c>X-Verified-*</c>, <c>X-Forwarded-*</c>) is set here, and what a
/// client sent under those names is left out; so is all that concerns one connection only, cookies (no demo has any, and
/// this site sets none), and the referrer, whose query may hold a token.
/// </summary>
internal static class RequestHead
{
    private const string Verified = "X-Verified-";
    private const string Forwarded = "X-Forwarded-";

    private static readonly FrozenSet<string> NotPassedOn = new[]
    {
        HeaderNames.Host, HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthorization,
        HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.ContentLength, HeaderNames.Upgrade,
        HeaderNames.Expect, "HTTP2-Settings", HeaderNames.Cookie, HeaderNames.Referer, "Forwarded",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Request line and headers but the last: what says how the body is framed, or what is upgraded to, and the empty line.</summary>
    /// <exception cref="FormatException">A header cannot be said in HTTP/1.1.</exception>
    public static void Write(HeadBuffer head, HttpContext context, Visit visit, string method)
    {
        var (target, holder) = (visit.Target, visit.Presence.Holder);
        var request = context.Request;
        head.Add(method).Add(" "u8).Add(target.Path).Add(target.Query).Add(" HTTP/1.1\r\nHost: "u8)
            .Add(request.Host.HasValue ? request.Host.Value : "backend").Add("\r\n"u8);

        var named = Named(request.Headers.Connection);
        foreach (var (name, values) in request.Headers)
        {
            if (NotPassedOn.Contains(name) || Ours(name) || name.StartsWith(':') || named?.Contains(name) == true) continue;
            for (var i = 0; i < values.Count; i++) head.Header(name, values[i]);
        }

        head.Add(holder.Verified ??= About(visit.Backend, holder));
        head.Header("X-Verified-Path", target.Path);
        head.Header("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
        head.Header("X-Forwarded-Proto", request.Scheme);
        if (request.Host.HasValue) head.Header("X-Forwarded-Host", request.Host.Value);
    }

    /// <summary>How a body follows, or that none does.</summary>
    public static void EndWithBody(HeadBuffer head, long? length, bool follows)
    {
        if (length is { } known) head.Add("Content-Length: "u8).Add(known).Add("\r\n\r\n"u8);
        else head.Add(follows ? "Transfer-Encoding: chunked\r\n\r\n"u8 : "\r\n"u8);
    }

    public static void EndWithUpgrade(HeadBuffer head, string protocol)
    {
        head.Header(HeaderNames.Upgrade, protocol);
        head.Add("Connection: Upgrade\r\n\r\n"u8);
    }

    /// <summary>The same for all requests of one holder.</summary>
    private static byte[] About(LiveBackend backend, TokenHolder holder)
    {
        using var about = new HeadBuffer();
        about.Header("X-Verified-Backend", backend.Id.Value);
        if (backend.Spec.Key is { } key) about.Header("X-Verified-Key", Uri.EscapeDataString(key.Value));
        about.Header("X-Verified-Fencing-Token", backend.Spec.Fencing.ToString());
        about.Header("X-Verified-Secret", holder.Secret);
        if (holder.Caller.User is { } user) about.Header("X-Verified-Username", user);
        if (holder.Caller.Auth is { } auth) about.Header("X-Verified-User-Data", auth);
        return about.Written.ToArray();
    }

    /// <summary>Headers the client says are for this connection only; null, nearly always.</summary>
    private static HashSet<string>? Named(StringValues connection)
    {
        HashSet<string>? named = null;
        foreach (var value in connection)
        {
            if (value is null or "keep-alive" or "Upgrade" or "close") continue;
            foreach (var name in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                (named ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name);
        }

        return named;
    }

    // Some servers (CGI, WSGI) read an underscore as a hyphen; X_Verified_Username must not become ours on the way.
    private static bool Ours(string name)
    {
        if (name.Length < Verified.Length || (name[0] | 0x20) != 'x') return false;
        var read = name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;
        return read.StartsWith(Verified, StringComparison.OrdinalIgnoreCase)
            || read.StartsWith(Forwarded, StringComparison.OrdinalIgnoreCase);
    }
}
