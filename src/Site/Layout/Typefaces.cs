using Microsoft.AspNetCore.StaticAssets;

namespace BrowserTech.Site.Layout;

/// <summary>
/// The style sheet names the typefaces by address, so they cannot carry a fingerprint as other assets do; they carry an edition in their
/// names instead (see <c>fonts/subset.mjs</c>), and may be kept as long.
/// </summary>
internal static class Typefaces
{
    public static void KeepTypefaces(this StaticAssetsEndpointConventionBuilder assets) => assets.Add(endpoint =>
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } path, RequestDelegate: { } serve } || !path.TrimStart('/').StartsWith("fonts/", StringComparison.Ordinal))
            return;
        endpoint.RequestDelegate = context =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                    context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Task.CompletedTask;
            });
            return serve(context);
        };
    });
}
