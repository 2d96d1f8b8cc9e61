using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Who came last on a connection, so that the hundredth request on it costs no hash. The token is no more exposed by that: the
/// server keeps the connection's last headers in any case. A token that was taken back is not recognised.
/// </summary>
internal sealed record Recognised(ConnectionToken Token, LiveBackend Backend, TokenHolder Who)
{
    private static readonly object Key = new();

    /// <summary>Null when the token was not given for this backend.</summary>
    public static TokenHolder? Holder(HttpContext context, LiveBackend backend, ConnectionToken token)
    {
        // Requests of HTTP/2 share a connection at the same time, and its items are for one at a time.
        var items = HttpProtocol.IsHttp11(context.Request.Protocol) ? context.Features.Get<IConnectionItemsFeature>()?.Items : null;
        if (items is null) return backend.Holder(token);
        if (items.TryGetValue(Key, out var last) && last is Recognised { Who.Forgotten: false } known && known.Backend == backend && known.Token == token)
            return known.Who;
        if (backend.Holder(token) is not { } holder) return null;
        items[Key] = new Recognised(token, backend, holder);
        return holder;
    }

    /// <summary>Nobody's token is printed.</summary>
    public override string ToString() => Backend.Id.Value;
}
