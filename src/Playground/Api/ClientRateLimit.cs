using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using BrowserTech.Playground.Accounts;

namespace BrowserTech.Playground.Api;

/// <summary>
/// How often one client may call. A client that names an account's token is counted apart and may call more: it is a server that
/// asks for many people. Whether the token is any good is not known yet at this point, and trying tokens has a bound
/// of its own (<see cref="AccountAuthority"/>).
/// </summary>
/// <param name="perMinute">For a client without a token.</param>
/// <param name="perMinuteWithToken">For one that names a token of an account.</param>
/// <param name="refusal">Said to the person who waits.</param>
internal sealed class ClientRateLimit(int perMinute, int perMinuteWithToken, string refusal) : IRateLimiterPolicy<string>
{
    /// <summary>Asking for a backend. The caps bound what runs; this bounds the asking.</summary>
    public const string Connect = "playground-connect";

    /// <summary>Whatever else of the API.</summary>
    public const string Call = "playground-call";

    private const int RefillsPerMinute = 12;

    public Func<OnRejectedContext, CancellationToken, ValueTask> OnRejected { get; } = async (rejected, _) =>
    {
        rejected.HttpContext.Response.Headers.RetryAfter = "10";
        Cors.Allow(rejected.HttpContext);
        await ApiError.Write(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too_many_requests", refusal);
    };

    public static void Add(RateLimiterOptions options, PlaygroundOptions limits)
    {
        options.AddPolicy(Connect, new ClientRateLimit(limits.ConnectsPerMinute, limits.AccountCallsPerMinute,
            "Your address has asked for many processes in a short time. Try again in a few seconds."));
        options.AddPolicy(Call, new ClientRateLimit(limits.CallsPerMinute, limits.AccountCallsPerMinute,
            "Your address has asked about processes very often in the last minute. Try again in a few seconds."));
    }

    public RateLimitPartition<string> GetPartition(HttpContext httpContext)
    {
        var client = ClientNetwork.Of(httpContext);
        return AccountToken.TryParse(AccountAuthority.Bearer(httpContext.Request), out _)
            ? Bucket($"account {client}", perMinuteWithToken)
            : Bucket(client, perMinute);
    }

    private static RateLimitPartition<string> Bucket(string client, int perMinute) =>
        RateLimitPartition.GetTokenBucketLimiter(client, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / RefillsPerMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / RefillsPerMinute,
        });
}
