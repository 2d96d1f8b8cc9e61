using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Finds the connection token in a request and says what is left of the request without it: a backend never sees it, so a backend that
/// logs its requests or links elsewhere cannot leak it.
/// </summary>
internal static class AccessToken
{
    private const string Name = "token";
    private const string Scheme = "Bearer ";

    public static ConnectionToken? FromHeader(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && ConnectionToken.TryParse(header[Scheme.Length..].Trim(), out var token) ? token : null;
    }

    /// <summary>From the header, else from the query; null if neither has one. It is taken out of both.</summary>
    /// <param name="request">Its authorization is removed when it is the hub's; another one is the backend's.</param>
    /// <param name="query">With its question mark, or empty. The rest stays byte for byte: order and encoding may matter to the backend.</param>
    public static ConnectionToken? Take(HttpRequest request, ref string query)
    {
        var fromHeader = FromHeader(request);
        if (fromHeader is not null) request.Headers.Remove(HeaderNames.Authorization);
        var fromQuery = query.Length == 0 ? null : TakeFrom(ref query);
        return fromHeader ?? fromQuery;
    }

    internal static ConnectionToken? TakeFrom(ref string query)
    {
        if (!query.Contains(Name, StringComparison.OrdinalIgnoreCase) && !query.Contains('%', StringComparison.Ordinal)) return null;
        ConnectionToken? found = null;
        var kept = new List<string>();
        foreach (var pair in query[1..].Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !IsName(pair[..equals]) || !ConnectionToken.TryParse(Uri.UnescapeDataString(pair[(equals + 1)..]), out var token)) kept.Add(pair);
            else found ??= token;
        }

        query = kept.Count == 0 ? "" : "?" + string.Join('&', kept);
        return found;
    }

    /// <summary>However it is written: what is not taken out here would be passed on.</summary>
    private static bool IsName(string name) => Uri.UnescapeDataString(name).Equals(Name, StringComparison.OrdinalIgnoreCase);
}
