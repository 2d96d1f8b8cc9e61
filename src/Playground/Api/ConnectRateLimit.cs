using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Api;

/// <summary>How often one client may ask for a backend. The caps bound what runs; this bounds the asking.</summary>
internal sealed class ConnectRateLimit(IOptions<PlaygroundOptions> options) : IRateLimiterPolicy<string>
{
    public const string Name = "playground-connect";

    public Func<OnRejectedContext, CancellationToken, ValueTask> OnRejected { get; } = async (rejected, _) =>
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "10";
        Cors.Allow(rejected.HttpContext);
        await ApiError.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too_many_requests",
            "Your address has asked for many processes in a short time. Try again in a few seconds.");
    };

    public RateLimitPartition<string> GetPartition(HttpContext httpContext) =>
        RateLimitPartition.GetTokenBucketLimiter(ClientNetwork.Of(httpContext), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.ConnectsPerMinute,
            TokensPerPeriod = Math.Max(1, options.Value.ConnectsPerMinute / 12),
            ReplenishmentPeriod = TimeSpan.FromSeconds(5),
        });
}
