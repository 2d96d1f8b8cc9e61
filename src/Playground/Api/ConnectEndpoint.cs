using System.Text.Json;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Keys;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground.Api;

/// <summary>
/// <c>POST /v2/service/{account}/{service}/connect</c>: get or create a backend and a token for it. It answers as
/// soon as the backend is scheduled; a request to the backend is held until it is ready, so a caller need not wait.
/// </summary>
internal sealed class ConnectEndpoint(IServiceCatalog catalog, PlaygroundSilo silo, Origins origins)
{
    private const int MaxUserLength = 256;

    public async Task<IResult> Handle(HttpContext context, string account, string service)
    {
        Cors.Allow(context);
        if (!AccountName.TryParse(account, out var accountName) || !ServiceName.TryParse(service, out var serviceName)
            || catalog.Find(accountName, serviceName) is not { Public: true } definition)
        {
            return ApiError.Result(context, 404, "not_found", $"There is no public service '{account}/{service}'.");
        }

        var (request, refusal) = await ReadBody(context);
        if (refusal is not null) return refusal;
        BackendKey? key = null;
        if (!string.IsNullOrEmpty(request!.Key))
        {
            if (!BackendKey.TryParse(request.Key, out var parsed))
                return Bad(context, $"'key' has 1 to {BackendKey.MaxLength} characters and no control characters.");
            key = parsed;
        }

        // It reaches the backend as a header.
        if (request.User is { } user && (user.Length > MaxUserLength || user.Any(c => c is < ' ' or > '~')))
            return Bad(context, $"'user' has at most {MaxUserLength} characters, all of them printable ASCII.");

        var order = new BackendOrder(definition.Account, definition.Name, key);
        var caller = new Caller(request.User, AuthText(request.Auth), ClientNetwork.Of(context));
        var outcome = await Connect(order, caller, WantsSpawn(request.Spawn), context.RequestAborted);
        return outcome switch
        {
            { Grant: { } grant } => Results.Json(Answer(context.Request, grant), ApiJson.Options),
            { Refusal: { Kind: "key_unheld_no_spawn_config" } unheld } =>
                ApiError.Result(context, 409, unheld.Kind, unheld.Message),
            { Refusal: { } full } => Full(context, full),
            _ => throw new InvalidOperationException("An outcome is a grant or a refusal."),
        };
    }

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

    private static IResult Bad(HttpContext context, string message) =>
        ApiError.Result(context, 400, "bad_request", message);

    /// <summary>An empty body is an empty request: the simplest call needs no JSON at all.</summary>
    private static async Task<(ConnectRequest? Request, IResult? Refusal)> ReadBody(HttpContext context)
    {
        var (body, tooLarge) = await BoundedBody.Read(context.Request, ApiJson.MaxBody, context.RequestAborted);
        if (tooLarge)
        {
            return (null, ApiError.Result(context, 413, "too_large",
                $"The body is larger than {ApiJson.MaxBody / 1024} kB."));
        }

        if (body.Length == 0) return (new ConnectRequest(null, null, null, null), null);
        try
        {
            return JsonSerializer.Deserialize<ConnectRequest>(body.Span, ApiJson.Options) is { } request
                ? (request, null)
                : (null, Bad(context, "The body must be a JSON object."));
        }
        catch (JsonException error)
        {
            return (null, Bad(context, $"The body is not the JSON this call expects (at {error.Path ?? "the start"})."));
        }
    }

    private static bool WantsSpawn(JsonElement? spawn) => spawn?.ValueKind is not JsonValueKind.False;

    private static string? AuthText(JsonElement? auth) =>
        auth is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value
            ? JsonSerializer.Serialize(value) // on one line and in ASCII: it becomes a header
            : null;
}
