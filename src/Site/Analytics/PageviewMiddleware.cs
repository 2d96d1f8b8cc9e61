using Microsoft.Extensions.Primitives;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// Counts the pages the server rendered, so that no script has to. A view is a GET by a browser that was answered
/// with a page of the public site: prefetches, programs, organisers' pages, token links, refusals and redirects are none.
/// </summary>
public sealed class PageviewMiddleware(RequestDelegate next, HitBuffer buffer, VisitorIdentity identity, AnalyticsSite site, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (!IsView(context)) return;
        var request = context.Request;
        var query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var campaign = TrafficSource.CampaignOf(query);
        var (referrer, source) = TrafficSource.Of(request.Headers.Referer, campaign, request.Host.Host);
        var host = TrafficSource.WithoutWww(request.Host.Host);
        buffer.Add(new Hit(time.GetUtcNow(), "pageview", site.Domain, host, Cut(request.Path.Value ?? "/"), Cut(referrer), source, campaign,
            identity.Of(context, site.Domain, host), Properties: null));
    }

    // An address may be as long as the server allows; a page of ours is never this long.
    private static string Cut(string text) => text.Length <= 2_000 ? text : text[..2_000];

    private static bool IsView(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        return HttpMethods.IsGet(request.Method)
            && response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified
            && IsPage(context)
            && !Purpose(request.Headers["Sec-Purpose"]) && !Purpose(request.Headers["Purpose"])
            && !Robots.Are(request.Headers.UserAgent);
    }

    private static bool IsPage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<CountedPageAttribute>() is not null;

    private static bool Purpose(StringValues header) => header.ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Marks a page whose views are counted.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CountedPageAttribute : Attribute;
