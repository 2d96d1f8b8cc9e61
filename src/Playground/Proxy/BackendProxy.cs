using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Carries requests and WebSockets to a backend. A request that comes before the backend is ready is held, because its
/// caller could do nothing better than ask again; one that comes too late is told so (410), and one whose
/// backend failed to start is told why (502). Counting begins when a request arrives, held or not: a waiting client is
/// a reason to live.
/// </summary>
internal sealed class BackendProxy(BackendRegistry registry, IHttpForwarder forwarder, TimeProvider clock)
{
    // The host part is never resolved: the connection is the backend's Unix socket.
    private const string Destination = "http://backend";
    private const string NeverWas = "This backend has ended, or never was.";

    private readonly ConditionalWeakTable<LiveBackend, HttpMessageInvoker> _invokers = [];

    /// <summary>A request to <c>{id}.{SessionHost}</c>: the token is in the header or the query.</summary>
    public Task ByHost(HttpContext context, string label) =>
        Carry(context, label, AccessToken.Take(context.Request), context.Request.Path, prefix: "");

    /// <summary>A request to <c>/play/{id}/{token}/…</c>.</summary>
    public Task ByPath(HttpContext context, string id, string token, string? rest) =>
        Carry(context, id, ConnectionToken.TryParse(token, out var parsed) ? parsed : null,
            new PathString("/" + rest), $"/play/{id}/{token}");

    private async Task Carry(HttpContext context, string id, ConnectionToken? token, PathString path, string prefix)
    {
        if (!BackendId.TryParse(id, out var parsed))
        {
            await Refuse(context, 410, "gone", NeverWas);
            return;
        }

        if (registry.Find(parsed) is not { } backend)
        {
            var ended = registry.FindEnded(parsed);
            await RefuseEnded(context, ended?.Reason, ended?.Detail);
            return;
        }

        if (token is null)
        {
            await Refuse(context, 401, "unauthorized", "This address needs the token that connect gave.");
            return;
        }

        if (backend.Holder(token.Value) is not { } holder)
        {
            await Refuse(context, 403, "forbidden", "This token is not for this backend.");
            return;
        }

        using var presence = backend.Enter(holder);
        if (!await Hold(context, backend)) return;
        await Forward(context, backend, new BackendTransformer(backend, holder, path, prefix));
    }

    /// <summary>True when the backend is ready; otherwise the answer is written.</summary>
    private async Task<bool> Hold(HttpContext context, LiveBackend backend)
    {
        if (backend.Life.State == BackendState.Ready) return true;
        try
        {
            await backend.ReadyOrEnding.WaitAsync(PlaygroundTimes.HoldLimit, clock, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            await Refuse(context, 504, "start_timeout", EndReason.StartTimeout.Sentence());
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        if (backend.Life is not { State: not BackendState.Ready } life) return true;
        await RefuseEnded(context, life.Reason, life.Detail);
        return false;
    }

    /// <summary>A start that failed is the hub's answer (502, with the reason); anything else is over (410).</summary>
    private static Task RefuseEnded(HttpContext context, EndReason? reason, string? detail)
    {
        if (reason is EndReason.StartFailed or EndReason.StartTimeout or EndReason.InternalError)
            return Refuse(context, 502, reason.Value.Wire(), $"{reason.Value.Sentence()} {detail}".TrimEnd());
        return Refuse(context, 410, "gone", reason?.Sentence() ?? NeverWas);
    }

    private async Task Forward(HttpContext context, LiveBackend backend, BackendTransformer transformer)
    {
        var config = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // A silent WebSocket is not a dead one; TCP probes find those, and the lifetime bounds all of them.
            ActivityTimeout = IsStreamed(context) ? backend.Spec.Service.Limits.Lifetime : PlaygroundTimes.RequestSilence,
        };
        var error = await forwarder.SendAsync(context, Destination, Invoker(backend), config, transformer);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;

        var (status, kind, message) = (error, backend.Life.State) switch
        {
            (_, > BackendState.Ready) => (410, "gone", "The backend ended while it was asked."),
            (ForwarderError.RequestTimedOut, _) => (504, "backend_silent", "The backend did not answer in time."),
            _ => (502, "backend_unreachable", "The backend does not answer as HTTP."),
        };
        context.Response.Clear();
        await Refuse(context, status, kind, message);
    }

    private HttpMessageInvoker Invoker(LiveBackend backend) =>
        _invokers.GetValue(backend, made =>
        {
            var invoker = BackendInvoker.For(made);
            _ = made.Ended.ContinueWith(_ => invoker.Dispose(), TaskScheduler.Default);
            return invoker;
        });

    private static bool IsStreamed(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(context.Request.Method);

    private static Task Refuse(HttpContext context, int status, string kind, string message)
    {
        Cors.Allow(context);
        Debug.Assert(!context.Response.HasStarted, "A refusal is the whole answer.");
        return ApiError.Write(context, status, kind, message);
    }
}
