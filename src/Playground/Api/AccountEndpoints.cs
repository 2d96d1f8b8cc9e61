using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Api;

/// <summary>The body of a bulk terminate, with Jamsocket's names.</summary>
/// <param name="Before">Only backends made before; null: all there are now.</param>
/// <param name="Hard">Kill them instead of asking.</param>
/// <param name="DryRun">Only count them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)] // a misspelt dry_run would end them all
internal sealed record TerminateAllRequest(DateTimeOffset? Before, bool Hard, bool DryRun);

/// <param name="BackendCount">How many fit.</param>
/// <param name="TerminatedCount">How many were asked to end, or killed.</param>
/// <param name="IsComplete">Whether none that fits is left out; false after a dry run that found some.</param>
internal sealed record TerminateAllResponse(string Status, int BackendCount, int TerminatedCount, bool IsComplete);

/// <summary>What an account sees of its services and backends, and ending many at once. Everything here needs the account's token.</summary>
internal sealed class AccountEndpoints(
    AccountAuthority authority, IServiceCatalog catalog, BackendRegistry registry, PlaygroundSilo silo)
{
    /// <summary>Which accounts the token acts for: how a client finds out whether it is any good.</summary>
    public async Task<IResult> Auth(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var acting = await authority.Demand(context);
        return acting.Refusal ?? ApiJson.Result(new AuthResponse("ok", [acting.Account!.Value.Value], IsAdmin: false));
    }

    public async Task<IResult> Services(HttpContext context, string account)
    {
        var (name, refusal) = await Account(context, account);
        return refusal ?? ApiJson.Result(new ServiceListResponse([.. catalog.All
            .Where(service => service.Account == name).Select(service => service.Name.Value).Order(StringComparer.Ordinal)]));
    }

    public async Task<IResult> Service(HttpContext context, string account, string service)
    {
        var (definition, refusal) = await Definition(context, account, service);
        return refusal ?? ApiJson.Result(ServiceJson.From(definition!, [.. registry.Ended, .. registry.Live.Select(live => live.View())]));
    }

    /// <summary>Services here have no images; a client that asks is told so by an empty list.</summary>
    public async Task<IResult> Images(HttpContext context, string account, string service)
    {
        var (_, refusal) = await Definition(context, account, service);
        return refusal ?? ApiJson.Result(new ImageListResponse([]));
    }

    /// <summary>Running ones, the newest first; <c>?service=</c>, <c>?key=</c> and <c>?status=</c> narrow the list.</summary>
    public async Task<IResult> Backends(HttpContext context, string account)
    {
        var (name, refusal) = await Account(context, account);
        return refusal ?? List(context, view => view.Account == name);
    }

    public async Task<IResult> ServiceBackends(HttpContext context, string account, string service)
    {
        var (definition, refusal) = await Definition(context, account, service);
        return refusal ?? List(context, view => view.Account == definition!.Account && view.Service == definition.Name);
    }

    public async Task<IResult> TerminateAll(HttpContext context, string account, string service)
    {
        var (definition, refusal) = await Definition(context, account, service);
        if (refusal is not null) return refusal;
        var (request, unreadable) = await JsonBody.Read(context, new TerminateAllRequest(null, Hard: false, DryRun: false));
        if (unreadable is not null) return unreadable;

        var fitting = registry.Live.Where(live => live.Spec.Service.Account == definition!.Account && live.Spec.Service.Name == definition.Name
            && !(live.View().CreatedAt >= request!.Before)).ToList();
        if (request!.DryRun) return ApiJson.Result(new TerminateAllResponse("ok", fitting.Count, 0, fitting.Count == 0));
        var grains = await silo.Grains(context.RequestAborted);
        var asked = await Task.WhenAll(fitting.Select(live =>
            grains.GetGrain<IBackendGrain>(live.Id.Value).Terminate(EndReason.Requested, request.Hard)));
        // One that ended by itself meanwhile is not left over.
        return ApiJson.Result(new TerminateAllResponse("ok", fitting.Count, asked.Count(each => each), IsComplete: true));
    }

    /// <summary>What Jamsocket does with images is done here with files.</summary>
    public async Task<IResult> NotHere(HttpContext context)
    {
        var acting = await authority.Demand(context);
        return acting.Refusal ?? ApiError.Result(context, StatusCodes.Status501NotImplemented, "not_supported",
            "Services here are folders in the hub's content (content/demos): they are added, changed and removed there, and have no images.");
    }

    /// <summary>Jamsocket's sign-in by browser needs pages of theirs.</summary>
    public IResult NoBrowserLogin(HttpContext context) => ApiError.Result(context, StatusCodes.Status501NotImplemented, "not_supported",
        "This hub signs a command line in by a token: make one on /organize/tokens or with './run token new ACCOUNT', then 'jamsocket login --token TOKEN'.");

    private IResult List(HttpContext context, Func<BackendView, bool> fits)
    {
        context.Response.Headers.CacheControl = "no-store";
        var query = context.Request.Query;
        string? service = query["service"], key = query["key"], status = query["status"];
        if (!string.IsNullOrEmpty(status) && BackendWords.ParseState(status) is null)
            return ApiError.Result(context, StatusCodes.Status400BadRequest, "bad_request", "'status' is a state such as ready or terminating.");
        return ApiJson.Result(new BackendListResponse([.. registry.Live.Select(live => live.View())
            .Where(fits)
            .Where(view => string.IsNullOrEmpty(service) || view.Service.Value == service)
            .Where(view => string.IsNullOrEmpty(key) || view.Key?.Value == key)
            .Where(view => string.IsNullOrEmpty(status) || view.State.Wire() == status)
            .OrderByDescending(view => view.Fencing.Value)
            .Select(BackendJson.Entry)]));
    }

    private async ValueTask<(AccountName Account, IResult? Refusal)> Account(HttpContext context, string account)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!AccountName.TryParse(account, out var name)) name = default; // nobody's: whoever has a good token hears that it is not theirs
        return (name, await authority.Demand(context, name));
    }

    private async ValueTask<(ServiceDefinition? Service, IResult? Refusal)> Definition(HttpContext context, string account, string service)
    {
        var (name, refusal) = await Account(context, account);
        if (refusal is not null) return (null, refusal);
        return ServiceName.TryParse(service, out var serviceName) && catalog.Find(name, serviceName) is { } definition
            ? (definition, null)
            : (null, ApiError.Result(context, StatusCodes.Status404NotFound, "not_found", $"The account '{name}' has no such service."));
    }
}
