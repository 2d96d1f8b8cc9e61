using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Api;

/// <summary>Every call of the session-backend API, at Jamsocket's addresses.</summary>
internal static class ApiRoutes
{
    private const string NoCookieCounts = "Acts only on the token in the call itself; no cookie is looked at.";

    public static readonly CrossOriginAllowedAttribute Safe = new(NoCookieCounts);

    public static void MapSessionBackends(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var connect = services.GetRequiredService<ConnectEndpoint>();
        var backends = services.GetRequiredService<BackendEndpoints>();
        var accounts = services.GetRequiredService<AccountEndpoints>();
        var held = services.GetRequiredService<HeldCalls>();

        var api = app.MapGroup("/v2").Answering();
        api.MapPost("/service/{account}/{service}/connect", connect.Handle).RequireRateLimiting(ClientRateLimit.Connect);
        api.MapPost("/service/{account}/{service}/{environment}/connect", connect.HandleEnvironment).RequireRateLimiting(ClientRateLimit.Connect);
        api.MapGet("/service/{account}/{service}", accounts.Service);
        api.MapGet("/service/{account}/{service}/backends", accounts.ServiceBackends);
        api.MapPost("/service/{account}/{service}/terminate-all-backends", accounts.TerminateAll);
        api.MapGet("/service/{account}/{service}/images", accounts.Images);
        api.MapGet("/account/{account}/services", accounts.Services);
        api.MapGet("/account/{account}/backends", accounts.Backends);

        api.MapGet("/backend/{id}", backends.Info);
        api.MapGet("/backend/{id}/status", backends.Status);
        api.MapGet("/backend/{id}/status/stream", services.GetRequiredService<StatusStream>().Stream).AddEndpointFilter(held);
        api.MapGet("/backend/{id}/ready", backends.Ready).AddEndpointFilter(held);
        api.MapGet("/backend/{id}/logs/stream", services.GetRequiredService<LogStream>().Stream).AddEndpointFilter(held);
        api.MapGet("/backend/{id}/metrics/stream", services.GetRequiredService<MetricsStream>().Stream).AddEndpointFilter(held);
        api.MapPost("/backend/{id}/terminate", backends.Terminate);

        api.MapPost("/account/{account}/service", (Delegate)accounts.NotHere);
        api.MapPost("/service/{account}/{service}/delete", (Delegate)accounts.NotHere);
        api.MapPost("/service/{account}/{service}/update", (Delegate)accounts.NotHere);
        api.MapPost("/service/{account}/{service}/{environment}/update", (Delegate)accounts.NotHere);
        api.MapMethods("/{**any}", [HttpMethods.Options], (Delegate)Cors.Preflight);
        api.Map("/{**any}", (Delegate)NoSuchCall.Refuse);

        // What Jamsocket's command line asks for outside of /v2.
        var cli = app.MapGroup("").Answering();
        cli.MapGet("/auth", (Delegate)accounts.Auth);
        cli.MapPost("/cli-login", (Delegate)accounts.NoBrowserLogin);
        cli.MapGet("/service/{account}/{service}/image-name", (Delegate)accounts.NotHere);
        cli.MapPost("/v1/user/{account}/service/{service}/spawn", (Delegate)accounts.NotHere);
    }

    private static RouteGroupBuilder Answering(this RouteGroupBuilder group)
    {
        group.WithMetadata(Safe).RequireRateLimiting(ClientRateLimit.Call);
        group.AddEndpointFilter(async (call, next) =>
        {
            var context = call.HttpContext;
            Cors.Allow(context);
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
