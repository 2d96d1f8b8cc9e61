using System.Text.Json;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Api;

/// <summary><c>/v2/backend/{id}/…</c>: what a backend does, as an answer and as a stream, and ending it.</summary>
internal sealed class BackendEndpoints(PlaygroundSilo silo, BackendRegistry registry)
{
    public IResult Status(HttpContext context, string id)
    {
        Cors.Allow(context);
        context.Response.Headers.CacheControl = "no-store";
        return Find(id) is { } view ? Results.Json(StatusJson.From(view), ApiJson.Options) : Unknown(context);
    }

    /// <summary>Answers when the backend is ready (200) or will never be (502 with the reason).</summary>
    public async Task<IResult> Ready(HttpContext context, string id)
    {
        Cors.Allow(context);
        context.Response.Headers.CacheControl = "no-store";
        if (Find(id) is not { } view) return Unknown(context);
        while (view.State < BackendState.Ready) view = await After(view, context.RequestAborted);
        return Results.Json(StatusJson.From(view), ApiJson.Options, statusCode: view.State == BackendState.Ready ? 200 : 502);
    }

    /// <summary>
    /// Server-sent events, one per state from the first on, each named by its state in the event's id: a client that
    /// reconnects with <c>Last-Event-ID</c> gets only what came after. The stream ends with the last state.
    /// </summary>
    public async Task<IResult> Stream(HttpContext context, string id)
    {
        Cors.Allow(context);
        context.Response.Headers.CacheControl = "no-store";
        if (Find(id) is not { } view) return Unknown(context);
        var after = BackendWords.ParseState(context.Request.Headers["Last-Event-ID"]);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await WriteChanges(context, view, after ?? 0);
        return Results.Empty;
    }

    /// <summary>Needs a token of the backend: the id alone is not a secret.</summary>
    public async Task<IResult> Terminate(HttpContext context, string id)
    {
        Cors.Allow(context);
        if (!BackendId.TryParse(id, out var parsed) || registry.Find(parsed) is not { } backend)
            return ApiError.Result(context, 410, "gone", "This backend has ended, or never was.");
        if (AccessToken.FromHeader(context.Request) is not { } token || backend.Holder(token) is null)
            return ApiError.Result(context, 401, "unauthorized", "Send the token connect gave you as a bearer token.");

        var (body, tooLarge) = await BoundedBody.Read(context.Request, ApiJson.MaxBody, context.RequestAborted);
        if (tooLarge) return ApiError.Result(context, 413, "too_large", "The body is too large.");
        if (ReadHard(body) is not { } hard)
            return ApiError.Result(context, 400, "bad_request", "The body is {\"hard\": true}, {\"hard\": false} or empty.");
        var grain = (await silo.Grains(context.RequestAborted)).GetGrain<IBackendGrain>(parsed.Value);
        await grain.Terminate(EndReason.Requested, hard);
        return Results.Json(new { terminated = true }, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>Asked of the registry alone: a grain is never woken for an id that somebody made up.</summary>
    private BackendView? Find(string id) =>
        BackendId.TryParse(id, out var parsed) ? registry.Find(parsed)?.View() ?? registry.FindEnded(parsed) : null;

    /// <summary>
    /// Waits for the next change of a living backend; after <see cref="PlaygroundTimes.ChangeWait"/> it answers what it was given.
    /// </summary>
    private async Task<BackendView> After(BackendView view, CancellationToken cancel)
    {
        var grain = (await silo.Grains(cancel)).GetGrain<IBackendGrain>(view.Id.Value);
        return await grain.ViewAfter(view.History.Count).WaitAsync(cancel) ?? registry.FindEnded(view.Id)
            ?? throw new InvalidOperationException($"{view.Id} was alive and is unknown.");
    }

    private async Task WriteChanges(HttpContext context, BackendView view, BackendState after)
    {
        var cancel = context.RequestAborted;
        for (var seen = 0;;)
        {
            // A comment: proxies see that the stream lives, clients see nothing.
            if (seen == view.History.Count) await context.Response.WriteAsync(":\n\n", cancel);
            for (; seen < view.History.Count; seen++)
            {
                var state = view.History[seen].State;
                if (state <= after) continue;
                var json = JsonSerializer.Serialize(StatusJson.At(view, seen), ApiJson.Options);
                await context.Response.WriteAsync($"id: {state.Wire()}\ndata: {json}\n\n", cancel);
            }

            await context.Response.Body.FlushAsync(cancel);
            if (view.Ended) return;
            view = await After(view, cancel);
        }
    }

    private static bool? ReadHard(ReadOnlyMemory<byte> body)
    {
        if (body.Length == 0) return false;
        try
        {
            using var json = JsonDocument.Parse(body, ApiJson.Strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (!json.RootElement.TryGetProperty("hard", out var hard)) return false;
            return hard.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Unknown(HttpContext context) =>
        ApiError.Result(context, 404, "not_found", "This backend ended some time ago, or never was.");
}
