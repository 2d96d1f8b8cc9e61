using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace BrowserTech.Playground.Proxy;

/// <summary>What a request asks of a backend.</summary>
/// <param name="Path">As it came, without what only the hub needs to know.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="Prefix">What the hub cut off the path: empty in the host form.</param>
internal readonly record struct Target(string Path, string Query, string Prefix)
{
    private const string Root = "/play/";

    /// <summary>Whatever else there may be in a target: nothing of it ends a line or a word.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>The target as the client wrote it, where the server still has it: <c>%2F</c> is not a slash.</summary>
    public static Target Of(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw is not ['/' or '*', ..] || raw.AsSpan().ContainsAnyExcept(Plain))
        {
            var request = context.Request;
            return new Target((request.PathBase + request.Path).ToUriComponent() is { Length: > 0 } path ? path : "/", request.QueryString.ToUriComponent(), "");
        }

        var query = raw.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? new Target(raw, "", "") : new Target(raw[..query], raw[query..], "");
    }

    /// <summary>Takes <c>/play/{id}/{token}/…</c> apart.</summary>
    public static bool TryTakeApart(HttpContext context, out Target target, [NotNullWhen(true)] out string? id, [NotNullWhen(true)] out string? token)
    {
        (target, id, token) = (default, null, null);
        if (!context.Request.Path.StartsWithSegments("/play", StringComparison.Ordinal)) return false;
        var whole = Of(context);
        if (!whole.Path.StartsWith(Root, StringComparison.Ordinal)) return false;
        var idEnd = whole.Path.IndexOf('/', Root.Length);
        if (idEnd < 0) return false;
        var end = whole.Path.IndexOf('/', idEnd + 1);
        if (end < 0) end = whole.Path.Length;
        (id, token) = (whole.Path[Root.Length..idEnd], whole.Path[(idEnd + 1)..end]);
        target = new Target(end == whole.Path.Length ? "/" : whole.Path[end..], whole.Query, whole.Path[..end]);
        return true;
    }
}
