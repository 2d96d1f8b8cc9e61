using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Answers what is no call of the API in the API's own words: 405 where another method would be one, else 404. It stands behind
/// all routes and takes every method, so the framework never answers for it.
/// </summary>
internal static class NoSuchCall
{
    public static IResult Refuse(HttpContext context)
    {
        var allowed = Methods(context).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (allowed.Length == 0)
            return ApiError.Result(context, StatusCodes.Status404NotFound, "not_found", "There is no such call. /v2/openapi.json lists them all.");
        context.Response.Headers.Allow = string.Join(", ", allowed);
        return ApiError.Result(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed",
            $"This call is made with {string.Join(" or ", allowed)}.");
    }

    private static IEnumerable<string> Methods(HttpContext context) =>
        from endpoint in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText is { } pattern && pattern.StartsWith("/v2/", StringComparison.Ordinal) && !pattern.Contains("**", StringComparison.Ordinal)
        where new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(context.Request.Path, [])
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select method;
}
