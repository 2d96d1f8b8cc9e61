using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Api;

/// <summary>The body of terminate: asked to end, or killed.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TerminateRequest(bool Hard)
{
    public static readonly TerminateRequest Soft = new(Hard: false);
}

internal sealed record TerminateResponse(string Status, bool Terminated);

/// <summary>The body of revoke: whose tokens, or which one. One of the two.</summary>
/// <param name="User">As connect named them.</param>
/// <param name="Token">As connect gave it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RevokeRequest(string? User, string? Token)
{
    public static readonly RevokeRequest Nothing = new(null, null);

    // The compiler's own would print the token.
    public override string ToString() => nameof(RevokeRequest);
}

/// <param name="Revoked">How many tokens were taken back.</param>
internal sealed record RevokeResponse(string Status, int Revoked);

/// <summary><c>/v2/backend/{id}/…</c>: what a backend does, as an answer, and ending it.</summary>
internal sealed class BackendEndpoints(PlaygroundSilo silo, BackendRegistry registry, AccountAuthority authority)
{
    /// <summary>All its account may know of it, also when it ended lately.</summary>
    public async Task<IResult> Info(HttpContext context, string id)
    {
        var (live, ended, refusal) = await LogStream.Find(context, id, registry, authority);
        return refusal ?? ApiJson.Result(BackendJson.From(live?.View() ?? ended!));
    }

    public async Task<IResult> Status(HttpContext context, string id)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await authority.Open(context, Living(id)) is { } refusal) return refusal;
        return Find(id) is { } view ? ApiJson.Result(StatusJson.From(view)) : Unknown(context);
    }

    /// <summary>Answers when the backend is ready (200) or will never be (502 with the reason).</summary>
    public async Task<IResult> Ready(HttpContext context, string id)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await authority.Open(context, Living(id)) is { } refusal) return refusal;
        if (Find(id) is not { } view) return Unknown(context);
        while (view.State < BackendState.Ready) view = await After(view, context.RequestAborted);
        return ApiJson.Result(StatusJson.From(view), view.State == BackendState.Ready ? 200 : 502);
    }

    /// <summary>Needs a token of the backend or of its account: the id alone is not a secret.</summary>
    public async Task<IResult> Terminate(HttpContext context, string id)
    {
        var known = BackendId.TryParse(id, out var parsed);
        var backend = known ? registry.Find(parsed) : null;
        if (await MayTerminate(context, backend) is { } refusal) return refusal;
        if (backend is null) return Gone(context);

        var (request, unreadable) = await JsonBody.Read(context, TerminateRequest.Soft);
        if (unreadable is not null) return unreadable;
        var grain = (await silo.Grains(context.RequestAborted)).GetGrain<IBackendGrain>(parsed.Value);
        await grain.Terminate(EndReason.Requested, request!.Hard);
        return ApiJson.Result(new TerminateResponse("ok", Terminated: true), StatusCodes.Status202Accepted);
    }

    /// <summary>Takes tokens back and cuts what is connected with them, at once. Only the account may: a holder who wants to leave just leaves.</summary>
    public async Task<IResult> Revoke(HttpContext context, string id)
    {
        var (live, _, refusal) = await LogStream.Find(context, id, registry, authority);
        if (refusal is not null) return refusal;
        if (live is null) return Gone(context);
        var (request, unreadable) = await JsonBody.Read(context, RevokeRequest.Nothing);
        return unreadable ?? request switch
        {
            { User: { } user, Token: null } => Revoked(live.Revoke(holder => holder.Caller.User == user)),
            { User: null, Token: { } text } when ConnectionToken.TryParse(text, out var token) =>
                Revoked(live.Holder(token) is { } found ? live.Revoke(holder => ReferenceEquals(holder, found)) : 0),
            _ => ApiError.Result(context, StatusCodes.Status400BadRequest, "bad_request",
                "The body is {\"user\": \"…\"}, as connect was told, or {\"token\": \"ct-…\"}, as connect gave it."),
        };
    }

    internal static IResult Unknown(HttpContext context) =>
        ApiError.Result(context, StatusCodes.Status404NotFound, "not_found", "This backend ended some time ago, or never was.");

    private static IResult Gone(HttpContext context) =>
        ApiError.Result(context, StatusCodes.Status410Gone, "gone", "This backend has ended, or never was.");

    private static IResult Revoked(int tokens) => ApiJson.Result(new RevokeResponse("ok", tokens));

    private async ValueTask<IResult?> MayTerminate(HttpContext context, LiveBackend? backend)
    {
        var isConnection = ConnectionToken.TryParse(AccountAuthority.Bearer(context.Request), out var token);
        // That it is gone is no secret: whoever asks hears so, and a token of it would be gone with it.
        if (backend is null) return isConnection ? null : (await authority.Of(context)).Refusal;
        if (isConnection && backend.Holder(token) is not null) return null;
        return isConnection || AccountAuthority.Bearer(context.Request) is null
            ? ApiError.Result(context, StatusCodes.Status401Unauthorized, "unauthorized",
                "Send the token connect gave you, or the account's, as a bearer token.")
            : await authority.Demand(context, backend.Spec.Service.Account);
    }

    private LiveBackend? Living(string id) => BackendId.TryParse(id, out var parsed) ? registry.Find(parsed) : null;

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
}
