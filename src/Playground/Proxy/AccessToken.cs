using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Finds the connection token in a request and takes it out again: a backend never sees it, so a backend that logs its requests
/// or links elsewhere cannot leak it.
/// </summary>
internal static class AccessToken
{
    private const string QueryName = "token";
    private const string Scheme = "Bearer ";

    public static ConnectionToken? FromHeader(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && ConnectionToken.TryParse(header[Scheme.Length..].Trim(), out var token) ? token : null;
    }

    /// <summary>From the header, else from the query; null if neither has one.</summary>
    public static ConnectionToken? Take(HttpRequest request)
    {
        if (FromHeader(request) is { } fromHeader)
        {
            request.Headers.Remove(HeaderNames.Authorization);
            return fromHeader;
        }

        if (!ConnectionToken.TryParse(request.Query[QueryName], out var token)) return null;
        request.QueryString = WithoutToken(request.QueryString);
        return token;
    }

    /// <summary>The rest of the query is passed on byte for byte: its order and encoding may matter to the backend.</summary>
    internal static QueryString WithoutToken(QueryString query)
    {
        if (!query.HasValue) return query;
        var kept = new StringSegment(query.Value!, 1, query.Value!.Length - 1).Split(['&'])
            .Where(pair => !(pair.StartsWith(QueryName, StringComparison.Ordinal)
                && (pair.Length == QueryName.Length || pair[QueryName.Length] == '=')));
        var rest = string.Join('&', kept);
        return rest.Length == 0 ? QueryString.Empty : new QueryString("?" + rest);
    }
}
