using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Api;

/// <summary>How often one client may call whatever of the API has no stricter limit of its own.</summary>
internal sealed class CallRateLimit(IOptions<PlaygroundOptions> options) : IRateLimiterPolicy<string>
{
    public const string Name = "playground-call";

    public Func<OnRejectedContext, CancellationToken, ValueTask> OnRejected { get; } = async (rejected, _) =>
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "10";
        Cors.Allow(rejected.HttpContext);
        await ApiError.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too_many_requests",
            "Your address has asked about processes very often in the last minute. Try again in a few seconds.");
    };

    public RateLimitPartition<string> GetPartition(HttpContext httpContext) =>
        RateLimitPartition.GetSlidingWindowLimiter(ClientNetwork.Of(httpContext), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.CallsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0,
        });
}
