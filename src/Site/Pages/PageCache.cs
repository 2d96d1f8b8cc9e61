using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Primitives;

namespace BrowserTech.Site.Pages;

/// <summary>
/// Which pages are kept once rendered: those of the public site, asked for without a query. They are dropped as soon
/// as the content or a seat changes, and after a minute at the latest, since "upcoming" depends on the time. The key
/// has neither host nor query: nothing on a page depends on them, and both are free for anybody to vary.
/// </summary>
public sealed class PageCache : IOutputCachePolicy
{
    /// <summary>Everything: dropped when the content changes.</summary>
    public const string Content = "content";

    /// <summary>Pages that show free seats.</summary>
    public const string Seats = "seats";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var page = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<CachedPageAttribute>();
        var wanted = page is not null && request.QueryString.Value is null or ""
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
        context.EnableOutputCaching = wanted && page is not null;
        if (!context.EnableOutputCaching) return ValueTask.CompletedTask;

        context.AllowCacheLookup = true;
        context.AllowCacheStorage = true;
        context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = page!.Seconds > 0 ? TimeSpan.FromSeconds(page.Seconds) : Lifetime;
        context.CacheVaryByRules.VaryByHost = false;
        context.CacheVaryByRules.QueryKeys = StringValues.Empty;
        // By what the compression will really choose: a rule of our own that differs from it would hand one reader's bytes to another.
        var compression = context.HttpContext.RequestServices.GetRequiredService<IResponseCompressionProvider>();
        context.CacheVaryByRules.VaryByValues["encoding"] = compression.GetCompressionProvider(context.HttpContext)?.EncodingName ?? "none";
        context.Tags.Add(Content);
        if (page.ShowsSeats) context.Tags.Add(Seats);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // A page that sets a cookie or failed is nobody else's.
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || response.Headers.SetCookie.Count > 0) context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Marks a page that may be kept once rendered.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CachedPageAttribute : Attribute
{
    public bool ShowsSeats { get; set; }

    /// <summary>How long it may be kept; 0 takes the default of a minute.</summary>
    public int Seconds { get; set; }
}
