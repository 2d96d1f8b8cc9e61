using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Connections that become something else than HTTP: WebSockets, asked for as HTTP/1.1 does (Upgrade) or as HTTP/2 does (RFC 8441,
/// extended CONNECT), and whatever else a backend may speak. The backend always sees the HTTP/1.1 form. Its refusal is an
/// answer like any other.
/// </summary>
internal static class Upgrading
{
    private const string WebSocket = "websocket";

    /// <summary>What the client wants to speak; null for a plain request.</summary>
    public static string? Wanted(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect) return connect.Protocol;
        var wanted = context.Request.Headers.Upgrade;
        // What HTTP clients offer on the side is for the next hop, and that is us.
        return wanted is not [{ Length: > 0 } protocol] || protocol.StartsWith("h2c", StringComparison.OrdinalIgnoreCase)
            || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } ? null : protocol;
    }

    public static async Task<Outcome> Carry(HttpContext context, Visit visit, string protocol, TimeProvider clock)
    {
        BackendLink link;
        try
        {
            link = await visit.Links.Take(LinkUse.Fresh, context.RequestAborted);
        }
        catch (UnreachableException error)
        {
            return error.Busy ? Outcome.Busy : Outcome.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Left;
        }

        visit.Presence.Attach(link);
        var watch = context.RequestAborted.UnsafeRegister(static each => ((BackendLink)each!).End(LinkEnd.Client), link);
        try
        {
            var key = await Ask(context, visit, link, protocol);
            var head = await link.ReadHead(context.Response.Headers);
            if (head.Status == StatusCodes.Status101SwitchingProtocols)
            {
                var stream = await Accept(context, visit, protocol, key);
                using var relay = new Relay(stream, link, visit, IsWebSocket(protocol), context.Abort, clock);
                await relay.Run();
            }
            else
            {
                // In HTTP/2 any 2xx would say that the WebSocket is there.
                if (key is not null && head.Status is >= 200 and < 300) throw new NotHttpException("It answers a WebSocket with a page.");
                await Exchange.Pass(context, visit, link, head);
            }

            return Outcome.Answered;
        }
        catch (NotHttpException)
        {
            return Outcome.NotHttp;
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            return Exchange.OutcomeOf(link.EndedBy);
        }
        finally
        {
            await watch.DisposeAsync();
            visit.Presence.Attach(null);
            visit.Links.Drop(link);
        }
    }

    /// <summary>The key the backend has to prove itself with, where it is ours; null where it is the client's, who looks at the proof itself.</summary>
    private static async Task<string?> Ask(HttpContext context, Visit visit, BackendLink link, string protocol)
    {
        var key = HttpMethods.IsConnect(context.Request.Method) ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)) : null;
        using var head = new HeadBuffer();
        RequestHead.Write(head, context, visit, key is null ? context.Request.Method : HttpMethods.Get);
        if (key is not null) head.Header(HeaderNames.SecWebSocketKey, key);
        RequestHead.EndWithUpgrade(head, protocol);
        await link.Write(head.Written);
        return key;
    }

    private static async Task<Stream> Accept(HttpContext context, Visit visit, string protocol, string? key)
    {
        var response = context.Response;
        ResponseRules.Apply(context, visit.Backend, visit.Target);
        if (key is not null)
        {
            if (response.Headers.SecWebSocketAccept != Proof(key)) throw new NotHttpException("It does not speak WebSocket.");
            response.Headers.Remove(HeaderNames.SecWebSocketAccept);
            return await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync();
        }

        // A client that reads nothing is found by what it does not answer, not by how slowly it reads.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        response.Headers.Upgrade = protocol;
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    private static bool IsWebSocket(string protocol) => protocol.Equals(WebSocket, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 6455, 4.2.2.</summary>
    private static string Proof(string key)
    {
#pragma warning disable CA5350 // the protocol fixes SHA-1; nothing secret depends on it
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }
}
