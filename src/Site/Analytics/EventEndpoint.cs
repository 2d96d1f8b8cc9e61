using System.Text.Json;
using BrowserTech.Playground.Api;
using BrowserTech.Site.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// <c>POST /api/event</c> as Plausible has it (plausible/docs, events-api.md): 202 and <c>ok</c> where an event was
/// taken, the same with <c>x-plausible-dropped</c> where it was not, 400 with errors by field. It answers any origin,
/// since trackers on other sites report here; that is safe because it reads nothing but the body.
/// </summary>
internal static class EventEndpoint
{
    public static void MapEventEndpoint(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/event")
            .WithMetadata(new CrossOriginAllowedAttribute("trackers on other sites of the community report here"))
            .DisableAntiforgery();
        group.MapPost("", Take).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(EventRequest.MaxBodyBytes))
            .RequireRateLimiting(Security.RateLimits.Events);
        group.MapMethods("", ["OPTIONS"], (HttpResponse response) =>
        {
            AllowAnyOrigin(response);
            response.Headers.AccessControlAllowMethods = "POST";
            response.Headers.AccessControlAllowHeaders = "content-type";
            return TypedResults.NoContent();
        });
    }

    private static async Task<IResult> Take(HttpContext context, HitBuffer buffer, VisitorIdentity identity, TimeProvider time, AnalyticsSite site)
    {
        AllowAnyOrigin(context.Response);
        if (await Body(context) is not { } body) return TypedResults.Text("The body is too large", statusCode: StatusCodes.Status413PayloadTooLarge);
        var (request, errors) = EventRequest.Read(body);
        if (request is null) return TypedResults.Json(new { errors }, statusCode: StatusCodes.Status400BadRequest);

        var dropped = 0;
        var userAgent = context.Request.Headers.UserAgent.ToString();
        foreach (var domain in request.Domains)
        {
            if (Robots.Are(userAgent) || domain != site.Domain || !buffer.Add(HitOf(request, domain, context, identity, time))) dropped++;
        }

        if (dropped > 0 || request.Domains.Count == 0)
            context.Response.Headers["x-plausible-dropped"] = Math.Max(1, dropped).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TypedResults.Text("ok", statusCode: StatusCodes.Status202Accepted);
    }

    private static Hit HitOf(EventRequest request, string domain, HttpContext context, VisitorIdentity identity, TimeProvider time)
    {
        var query = QueryHelpers.ParseQuery(request.Address.Query).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var campaign = TrafficSource.CampaignOf(query);
        var (referrer, source) = TrafficSource.Of(request.Referrer, campaign, request.Hostname);
        return new Hit(time.GetUtcNow(), request.Name, domain, request.Hostname, request.Path, referrer, source, campaign,
            identity.Of(context, domain, request.Hostname),
            request.Properties.Count == 0 ? null : JsonSerializer.Serialize(request.Properties),
            request.Interactive, request.ScrollDepth, request.EngagedMilliseconds);
    }

    // The body is read whole, but never beyond the limit, whatever Content-Length claims.
    private static async Task<byte[]?> Body(HttpContext context)
    {
        using var stream = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                if (stream.Length + read > EventRequest.MaxBodyBytes) return null;
                stream.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }

        return stream.ToArray();
    }

    private static void AllowAnyOrigin(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";
}
