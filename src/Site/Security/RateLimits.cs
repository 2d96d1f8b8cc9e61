using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using BrowserTech.Playground;

namespace BrowserTech.Site.Security;

/// <summary>How much one client may ask for. A room of people shares one address, so the bounds are a room's.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Forms sent by one client in a minute.</summary>
    [Range(1, 100_000_000)]
    public int FormsPerMinute { get; set; } = 60;

    /// <summary>Analytics events by one client in a minute.</summary>
    [Range(1, 100_000_000)]
    public int EventsPerMinute { get; set; } = 600;

    /// <summary>Forms that name one e-mail address, from anywhere, in an hour: each of them may write to it.</summary>
    [Range(1, 100_000_000)]
    public int FormsPerAddressAndHour { get; set; } = 6;
}

/// <summary>Names of the policies. What a client is says <see cref="ClientNetwork"/>.</summary>
public static class RateLimits
{
    public const string Forms = "forms";
    public const string Events = "events";

    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<RateLimitOptions>(configuration.GetSection("RateLimits"));
        services.AddSingleton<AddressLimits>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((options, limits) =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = Refuse;
            options.AddPolicy(Forms, context => HttpMethods.IsPost(context.Request.Method)
                ? Window(ClientNetwork.Of(context), limits.Value.FormsPerMinute)
                : RateLimitPartition.GetNoLimiter("read"));
            options.AddPolicy(Events, context => Window(ClientNetwork.Of(context), limits.Value.EventsPerMinute));
        });
        return services;
    }

    private static RateLimitPartition<string> Window(string client, int perMinute) =>
        RateLimitPartition.GetSlidingWindowLimiter(client, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0,
        });

    private static async ValueTask Refuse(OnRejectedContext rejected, CancellationToken cancellation)
    {
        var response = rejected.HttpContext.Response;
        var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)after.TotalSeconds) : 60;
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync($"Too many requests came from your network in a short time. Nothing was lost: try again in {seconds} seconds.", cancellation);
    }
}

/// <summary>
/// Counts forms by the e-mail address they name, so that nobody can have us flood somebody else's mailbox from many
/// networks. Kept in memory: a restart forgives, and no list of addresses is written anywhere.
/// </summary>
public sealed class AddressLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    /// <summary>What a page says when an address was named too often.</summary>
    public const string Refusal = "This address was entered many times in the last hour. Look for our mail, or try again in an hour.";

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetSlidingWindowLimiter(address, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FormsPerAddressAndHour, Window = TimeSpan.FromHours(1), SegmentsPerWindow = 6, QueueLimit = 0,
        }));

    /// <param name="address">Normalised.</param>
    public bool Allows(string address)
    {
        using var lease = _limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
