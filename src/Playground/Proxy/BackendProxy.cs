using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy.Loops;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Carries requests and WebSockets to a backend. A request that comes before the backend is ready is held, because its
/// caller could do nothing better than ask again; one that comes too late is told so (410), and one whose
/// backend failed to start is told why (502). Counting begins when a request arrives, held or not: a waiting client is
/// a reason to live.
/// </summary>
internal sealed partial class BackendProxy
{
    private const string NeverWas = "This backend has ended, or never was.";

    private readonly BackendRegistry _registry;
    private readonly TimeProvider _clock;
    private readonly ConditionalWeakTable<LiveBackend, BackendLinks> _links = [];
    private readonly CancellationToken _stopping;
    private readonly ILogger<BackendProxy> _log;

    public BackendProxy(BackendRegistry registry, TimeProvider clock, IHostApplicationLifetime site, ILogger<BackendProxy> log)
    {
        (_registry, _clock, _stopping, _log) = (registry, clock, site.ApplicationStopping, log);
        // A web server that stops waits for what is open, and these would be open for ever.
        _stopping.Register(() =>
        {
            foreach (var backend in registry.Live) backend.CutAll(Cut.Ended(EndReason.HubStopping));
        });
    }

    /// <summary>A request to <c>{id}.{SessionHost}</c>: the token is in the header or the query.</summary>
    public Task ByHost(HttpContext context, string label)
    {
        var target = Target.Of(context);
        var query = target.Query;
        var token = AccessToken.Take(context.Request, ref query);
        return Carry(context, label, token, target with { Query = query });
    }

    /// <summary>A request to <c>/play/{id}/{token}/…</c>; false for any other.</summary>
    public bool TryByPath(HttpContext context, out Task carrying)
    {
        var ours = Target.TryTakeApart(context, out var target, out var id, out var text);
        carrying = ours ? Carry(context, id!, ConnectionToken.TryParse(text, out var token) ? token : null, target) : Task.CompletedTask;
        return ours;
    }

    private async Task Carry(HttpContext context, string id, ConnectionToken? token, Target target)
    {
        if (!BackendId.TryParse(id, out var parsed))
        {
            await Refusal.Write(context, 410, "gone", NeverWas);
            return;
        }

        // How long a backend takes to answer says nothing of the site, and an address here is a backend's own: no route of ours.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics) metrics.MetricsDisabled = true;
        context.Response.Headers["X-Backend-Id"] = parsed.Value;
        if (_registry.Find(parsed) is not { } backend)
        {
            var ended = _registry.FindEnded(parsed);
            await Refusal.Ended(context, ended?.Reason, ended?.Detail ?? NeverWas);
            return;
        }

        if (IsForNobody(context))
        {
            await Refusal.Write(context, 501, "not_implemented", $"{context.Request.Method} is not passed on.");
            return;
        }

        if (token is null)
        {
            await Refusal.Write(context, 401, "unauthorized", "This address needs the token that connect gave.");
            return;
        }

        if (Recognised.Holder(context, backend, token.Value) is not { } holder)
        {
            await Refusal.Write(context, 403, "forbidden", "This token is not for this backend.");
            return;
        }

        if (_stopping.IsCancellationRequested)
        {
            await Refusal.NotNow(context, EndReason.HubStopping.Wire(), EndReason.HubStopping.Sentence());
            return;
        }

        using var presence = backend.Enter(holder);
        if (presence is null)
        {
            await (holder.Forgotten
                ? Refusal.Cut(context, Cut.Revoked, backend.Life)
                : Refusal.NotNow(context, "too_many_connections", $"This backend has {TokenTable.MaxConnections} connections; it takes no more."));
            return;
        }

        // From here on nothing blocks, and what waits, waits for one of two sockets.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<LoopConnection>() is { } client) client.StayOnLoop = true;
        if (await Hold(context, backend, presence)) await Forward(context, new Visit(backend, Links(backend), presence, target));
    }

    /// <summary>True when the backend is ready; otherwise the answer is written.</summary>
    private async Task<bool> Hold(HttpContext context, LiveBackend backend, Presence presence)
    {
        if (backend.Life.State == BackendState.Ready) return true;
        var held = new HeldRequest();
        presence.Attach(held);
        try
        {
            await (await Task.WhenAny(backend.ReadyOrEnding, held.WasCut)
                .WaitAsync(PlaygroundTimes.HoldLimit, _clock, context.RequestAborted));
        }
        catch (TimeoutException)
        {
            await Refusal.Write(context, 504, "start_timeout", EndReason.StartTimeout.Sentence());
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        presence.Attach(null);
        var life = backend.Life;
        if (presence.WhyCut is { } why) await Refusal.Cut(context, why, life);
        else if (life.State == BackendState.Ready) return true;
        else await Refusal.Ended(context, life.Reason, life.Detail);
        return false;
    }

    private async Task Forward(HttpContext context, Visit visit)
    {
        Outcome outcome;
        try
        {
            outcome = Upgrading.Wanted(context) is { } protocol
                ? await Upgrading.Carry(context, visit, protocol, _clock)
                : await Exchange.Carry(context, visit);
        }
        catch (FormatException)
        {
            await Refusal.Write(context, 400, "bad_request", "This request has a header that cannot be passed on.");
            return;
        }
        catch (Exception error) when (!Exchange.IsBroken(error))
        {
            // Nothing is known that leads here; what does must not be said on a loop, nor without a number to find it by.
            if (EventLoop.IsHere) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            LogFailed(_log, visit.Backend.Id.Value, error);
            if (TryBeginAnew(context, visit.Backend)) await Refusal.Write(context, 500, "internal_error", "The hub failed at this request.");
            return;
        }

        if (outcome == Outcome.Answered) return;
        if (outcome == Outcome.Left) context.Abort();
        else if (TryBeginAnew(context, visit.Backend)) await Refusal.Of(context, outcome, visit);
    }

    /// <summary>False when the client has a part of an answer, or soon would, which must not be taken for the whole: it is broken off.</summary>
    private static bool TryBeginAnew(HttpContext context, LiveBackend backend)
    {
        if (context.Response.HasStarted || context.Response.BodyWriter.UnflushedBytes > 0)
        {
            context.Abort();
            return false;
        }

        context.Response.Clear();
        context.Response.Headers["X-Backend-Id"] = backend.Id.Value;
        return true;
    }

    /// <summary>Methods that are for who is in the middle, and not for a backend: a tunnel to anywhere, and an echo of what the hub vouches for.</summary>
    private static bool IsForNobody(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsTrace(method)
            || (HttpMethods.IsConnect(method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true });
    }

    private BackendLinks Links(LiveBackend backend) => _links.GetValue(backend, made =>
    {
        var links = new BackendLinks(made, _clock);
        _ = made.Ended.ContinueWith(_ => links.Dispose(), TaskScheduler.Default);
        return links;
    });

    [LoggerMessage(LogLevel.Error, "A request to backend {Backend} failed in the proxy itself")]
    private static partial void LogFailed(ILogger logger, string backend, Exception error);

    private sealed class HeldRequest : ICuttable
    {
        private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WasCut => _cut.Task;

        public void Cut(Cut why) => _cut.TrySetResult();
    }
}
