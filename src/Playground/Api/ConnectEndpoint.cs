using System.Text.Json;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Keys;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Api;

/// <summary>
/// <c>POST /v2/service/{account}/{service}/connect</c>: get or create a backend and a token for it. It answers as
/// soon as the backend is scheduled; a request to the backend is held until it is ready, so a caller need not wait.
/// </summary>
internal sealed class ConnectEndpoint(IServiceCatalog catalog, PlaygroundSilo silo, Origins origins, AccountAuthority authority, ConnectQueue queue)
{
    /// <summary>Characters of <c>auth</c>, as the header it becomes: what servers commonly take, with room for the others.</summary>
    private const int MaxAuth = 4096;

    public async Task<IResult> Handle(HttpContext context, string account, string service)
    {
        if (!AccountName.TryParse(account, out var accountName) || !ServiceName.TryParse(service, out var serviceName))
            return ApiError.Result(context, StatusCodes.Status404NotFound, "not_found", "There is no such service: an account and a service are words of letters, digits and hyphens.");
        var acting = await authority.Of(context);
        if (acting.Refusal is not null) return acting.Refusal;
        // To strangers a service that is not public looks as if it did not exist.
        var byAccount = acting.Account == accountName;
        if (catalog.Find(accountName, serviceName) is not { } definition || !(definition.Public || byAccount))
            return Unknown(context, account, service, byAccount);

        var (request, refusal) = await JsonBody.Read(context, ConnectRequest.Empty);
        if (refusal is not null) return refusal;
        if (ConnectCall.Problem(request!, definition.Limits) is { } problem)
            return ApiError.Result(context, StatusCodes.Status400BadRequest, problem.Kind, problem.Message);

        var auth = AuthText(request!.Auth);
        if (auth?.Length > MaxAuth)
            return ApiError.Result(context, StatusCodes.Status400BadRequest, "bad_request", $"'auth' has at most {MaxAuth} characters as JSON: it goes with each request.");
        // The backend is told both as vouched for, so only who speaks for the account can say them.
        if (!byAccount && (request.User is not null || auth is not null))
            return ApiError.Result(context, StatusCodes.Status400BadRequest, "account_needed", "'user' and 'auth' may be said only with the account's token: a backend takes them for true.");

        var (order, spawn) = ConnectCall.Order(request, definition);
        var client = byAccount ? $"account {accountName}" : ClientNetwork.Of(context);
        var caller = new Caller(request.User, auth, client) { ByAccount = byAccount };
        var outcome = await Connect(order, caller, spawn, context.RequestAborted);
        var streams = ConnectQueue.IsWanted(context.Request);
        return outcome switch
        {
            { Grant: { } grant } when streams => await ConnectQueue.Connected(context, Answer(context.Request, grant)),
            { Grant: { } grant } => ApiJson.Result(Answer(context.Request, grant)),
            { Refusal: { Passes: true } full } when streams => await queue.Wait(
                context, Place.Of(definition, caller), full,
                ticket => Connect(order with { Ticket = ticket }, caller, spawn, context.RequestAborted),
                grant => Answer(context.Request, grant)),
            { Refusal: { Kind: "key_unheld_no_spawn_config" or "key_held" } conflict } =>
                ApiError.Result(context, StatusCodes.Status409Conflict, conflict.Kind, conflict.Message),
            { Refusal: { } full } => Full(context, full),
            _ => throw new InvalidOperationException("An outcome is a grant or a refusal."),
        };
    }

    /// <summary>The same for <c>…/{environment}/connect</c>. A service here has one environment.</summary>
    public async Task<IResult> HandleEnvironment(HttpContext context, string account, string service, string environment) =>
        environment == ServiceJson.Environment
            ? await Handle(context, account, service)
            : ApiError.Result(context, StatusCodes.Status404NotFound, "not_found",
                $"A service here has one environment, '{ServiceJson.Environment}', which need not be named.");

    private async Task<ConnectOutcome> Connect(BackendOrder order, Caller caller, bool spawn, CancellationToken cancel)
    {
        var grains = await silo.Grains(cancel);
        if (order.Key is not null)
            return await grains.GetGrain<IKeyGrain>(KeyName.Of(order)).Connect(order, caller, spawn);
        if (!spawn)
        {
            return new ConnectOutcome(null,
                new NoRoom("key_unheld_no_spawn_config", "Without a key there is nothing to join, and spawn is false."));
        }

        return await grains.GetGrain<IBackendGrain>(BackendId.New().Value).Create(order, caller);
    }

    private ConnectResponse Answer(HttpRequest request, Grant grant)
    {
        var site = origins.Site(request);
        var id = grant.Backend.Id;
        var path = $"{site}/play/{id}/{grant.Token}/";
        var backend = $"{site}/v2/backend/{id}";
        return new ConnectResponse(
            id.Value,
            grant.Spawned,
            grant.Backend.State.Wire(),
            grant.Token,
            origins.CanUseHosts(request) ? $"{origins.Session(request, id)}/?token={grant.Token}" : path,
            grant.Secret,
            $"{backend}/status",
            $"{backend}/ready",
            path,
            $"{backend}/status/stream",
            $"{backend}/terminate",
            grant.Backend.Fencing.ToString());
    }

    private static IResult Full(HttpContext context, NoRoom full)
    {
        context.Response.Headers.RetryAfter = "5";
        return ApiError.Result(context, full.Kind == "not_found" ? 404 : 429, full.Kind, full.Message);
    }

    private static IResult Unknown(HttpContext context, string account, string service, bool byAccount) => ApiError.Result(
        context, StatusCodes.Status404NotFound, "not_found",
        byAccount ? $"The account '{account}' has no service '{service}'." : $"There is no public service '{account}/{service}'.");

    private static string? AuthText(JsonElement? auth) =>
        auth is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value
            ? JsonSerializer.Serialize(value) // on one line and in ASCII: it becomes a header
            : null;
}
