using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Api;

/// <summary>
/// How many calls one client may keep open at once. A call that waits costs nothing per minute but a connection and a waiting
/// grain call for as long as a backend lives, so a limit on how often does not bound it. A filter and not a second
/// policy, because an endpoint has one; the handlers behind it answer only when the waiting is over.
/// </summary>
internal sealed class HeldCalls(IOptions<PlaygroundOptions> options) : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<string> _held = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetConcurrencyLimiter(client, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.HeldCallsPerClient, QueueLimit = 0,
        }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var lease = _held.AttemptAcquire(ClientNetwork.Of(http));
        if (lease.IsAcquired) return await next(context);
        Cors.Allow(http);
        http.Response.Headers.RetryAfter = "5";
        return ApiError.Result(http, StatusCodes.Status429TooManyRequests, "too_many_held",
            $"Your address already keeps {options.Value.HeldCallsPerClient} calls open. Close one, or ask for the status instead.");
    }

    public void Dispose() => _held.Dispose();
}
