using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Api;

/// <summary>Every call of the session-backend API, at Jamsocket's addresses, each with what is told about it.</summary>
internal static class ApiRoutes
{
    private const string NoCookieCounts = "Acts only on the token in the call itself; no cookie is looked at.";

    // What connect sends to who waits for a place.
    private static readonly DescribedEvent[] Waiting =
        [new("queued", typeof(QueuedEvent)), new("connected", typeof(ConnectResponse)), new("refused", typeof(ApiError))];

    public static readonly CrossOriginAllowedAttribute Safe = new(NoCookieCounts);

    public static void MapSessionBackends(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var connect = services.GetRequiredService<ConnectEndpoint>();
        var backends = services.GetRequiredService<BackendEndpoints>();
        var accounts = services.GetRequiredService<AccountEndpoints>();
        var held = services.GetRequiredService<HeldCalls>();

        var api = app.MapGroup("/v2").Answering();
        api.MapPost("/service/{account}/{service}/connect", connect.Handle).RequireRateLimiting(ClientRateLimit.Connect)
            .Is(new("connect", "Gets the backend that holds a key, or starts one, and gives a token for it.", TokenUse.Optional, typeof(ConnectRequest), typeof(ConnectResponse)) { Events = Waiting });
        api.MapPost("/service/{account}/{service}/{environment}/connect", connect.HandleEnvironment).RequireRateLimiting(ClientRateLimit.Connect)
            .Is(new("connectToEnvironment", "The same, with the name of the environment.", TokenUse.Optional, typeof(ConnectRequest), typeof(ConnectResponse)) { Events = Waiting });

        api.MapGet("/backend/{id}", backends.Info)
            .Is(new("backend", "All that is known of a backend, running or ended lately.", TokenUse.Account, Answer: typeof(BackendResponse)));
        api.MapGet("/backend/{id}/status", backends.Status)
            .Is(new("status", "The state of a backend.", TokenUse.None, Answer: typeof(StatusResponse)));
        api.MapGet("/backend/{id}/status/stream", services.GetRequiredService<StatusStream>().Stream).AddEndpointFilter(held)
            .Is(new("statusStream", "Every state of a backend from the first on, and what is about to end it.", TokenUse.None, Answer: typeof(StatusResponse), Streams: true)
            {
                Events = [new("ending", typeof(EndingNotice)), new("staying", typeof(StayingNotice))],
            });
        api.MapGet("/backend/{id}/ready", backends.Ready).AddEndpointFilter(held)
            .Is(new("ready", "Answers when a backend is ready, or will never be (502).", TokenUse.None, Answer: typeof(StatusResponse)));
        api.MapGet("/backend/{id}/logs/stream", services.GetRequiredService<LogStream>().Stream).AddEndpointFilter(held)
            .Is(new("logs", "What a backend wrote and writes, a line an event.", TokenUse.Account, Answer: typeof(string), Streams: true) { Events = [new("gap", typeof(string))] });
        api.MapGet("/backend/{id}/metrics/stream", services.GetRequiredService<MetricsStream>().Stream).AddEndpointFilter(held)
            .Is(new("metrics", "What a backend uses, every two seconds.", TokenUse.Account, Answer: typeof(MetricsResponse), Streams: true));
        api.MapPost("/backend/{id}/terminate", backends.Terminate)
            .Is(new("terminate", "Asks a backend to end, or kills it.", TokenUse.AccountOrBackend, typeof(TerminateRequest), typeof(TerminateResponse), Status: 202));
        api.MapPost("/backend/{id}/revoke", backends.Revoke)
            .Is(new("revoke", "Takes back tokens of a user, or one, and cuts what is connected with them.", TokenUse.Account, typeof(RevokeRequest), typeof(RevokeResponse)));

        api.MapGet("/account/{account}/services", accounts.Services)
            .Is(new("services", "The services of an account.", TokenUse.Account, Answer: typeof(ServiceListResponse)));
        api.MapGet("/account/{account}/backends", accounts.Backends)
            .Is(new("backends", "The running backends of an account.", TokenUse.Account, Answer: typeof(BackendListResponse)) { Query = ["service", "key", "status"] });
        api.MapGet("/service/{account}/{service}", accounts.Service)
            .Is(new("service", "A service: what a call may ask of it, and when it last started.", TokenUse.Account, Answer: typeof(ServiceResponse)));
        api.MapGet("/service/{account}/{service}/backends", accounts.ServiceBackends)
            .Is(new("serviceBackends", "The running backends of a service.", TokenUse.Account, Answer: typeof(BackendListResponse)) { Query = ["key", "status"] });
        api.MapPost("/service/{account}/{service}/terminate-all-backends", accounts.TerminateAll)
            .Is(new("terminateAll", "Ends, or counts, the backends of a service that were made before a moment.", TokenUse.Account, typeof(TerminateAllRequest), typeof(TerminateAllResponse)));
        api.MapGet("/service/{account}/{service}/images", accounts.Images)
            .Is(new("images", "Always empty: a service here is a program in a folder.", TokenUse.Account, Answer: typeof(ImageListResponse)));

        api.MapPost("/account/{account}/service", (Delegate)accounts.NotHere).Is(NotHere("createService"));
        api.MapPost("/service/{account}/{service}/delete", (Delegate)accounts.NotHere).Is(NotHere("deleteService"));
        api.MapPost("/service/{account}/{service}/update", (Delegate)accounts.NotHere).Is(NotHere("updateService"));
        api.MapPost("/service/{account}/{service}/{environment}/update", (Delegate)accounts.NotHere).Is(NotHere("updateEnvironment"));
        api.MapGet("/openapi.json", services.GetRequiredService<OpenApiDocument>().Get)
            .Is(new("openapi", "This document.", TokenUse.None, Answer: typeof(System.Text.Json.Nodes.JsonObject)));
        api.MapMethods("/{**any}", [HttpMethods.Options], (Delegate)Cors.Preflight);
        api.Map("/{**any}", (Delegate)NoSuchCall.Refuse);

        // What Jamsocket's command line asks for outside of /v2.
        var cli = app.MapGroup("").Answering();
        cli.MapGet("/auth", (Delegate)accounts.Auth)
            .Is(new("auth", "Which accounts a token acts for.", TokenUse.Account, Answer: typeof(AuthResponse)));
        cli.MapPost("/cli-login", (Delegate)accounts.NoBrowserLogin);
        cli.MapGet("/service/{account}/{service}/image-name", (Delegate)accounts.NotHere);
        cli.MapPost("/v1/user/{account}/service/{service}/spawn", (Delegate)accounts.NotHere);
    }

    /// <summary>A list that is narrowed by a misspelt name would be the whole list.</summary>
    private static string? QueryProblem(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Described>() is { Query: { Count: > 0 } known }
        && context.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? $"'{ConnectCall.Shown(unknown)}' does not narrow this list. There are {string.Join(", ", known.Select(each => $"'{each}'"))}."
            : null;

    private static Described NotHere(string name) => new(name, "Refused (501): services are folders in the hub's content.", TokenUse.Account);

    private static RouteGroupBuilder Answering(this RouteGroupBuilder group)
    {
        group.WithMetadata(Safe).RequireRateLimiting(ClientRateLimit.Call);
        group.AddEndpointFilter(async (call, next) =>
        {
            var context = call.HttpContext;
            Cors.Allow(context);
            if (QueryProblem(context) is { } problem) return ApiError.Result(context, StatusCodes.Status400BadRequest, "bad_request", problem);
            try
            {
                return await next(call);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return Results.Empty; // nobody is there to answer
            }
            catch (BadHttpRequestException unreadable) when (!context.Response.HasStarted)
            {
                return ApiError.Result(context, unreadable.StatusCode, "bad_request", "The call could not be read: it is cut short or is not HTTP.");
            }
            catch (Exception error) when (!context.Response.HasStarted)
            {
                return ApiError.Unexpected(context, error);
            }
        });
        return group;
    }
}
