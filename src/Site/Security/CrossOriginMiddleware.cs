using BrowserTech.Playground.Api;
using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Security;

/// <summary>
/// Refuses every unsafe cross-origin request before anything reads its body, JSON and hand-read forms included:
/// the framework's own antiforgery looks at neither. An endpoint that is meant for other origins says so with
/// <see cref="CrossOriginAllowedAttribute"/> and its reason.
/// </summary>
public sealed class CrossOriginMiddleware(RequestDelegate next, PublicAddress address)
{
    public const string Refusal =
        "This form was sent from another website, so nothing was changed. Open the page here and send it again.";

    public Task InvokeAsync(HttpContext context)
    {
        if (Verdict(context, address) is not CrossOriginRule.Verdict.CrossOrigin
            || context.GetEndpoint()?.Metadata.GetMetadata<CrossOriginAllowedAttribute>() is not null)
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Refusal, context.RequestAborted);
    }

    public static CrossOriginRule.Verdict Verdict(HttpContext context, PublicAddress address)
    {
        var request = context.Request;
        if (CrossOriginRule.IsSafe(request.Method)) return CrossOriginRule.Verdict.SafeMethod; // most requests: nothing to compare
        // A page behind a mailed link sends no referrer, so a browser that sends no Sec-Fetch-Site (it does so only over
        // HTTPS and on localhost) calls its origin 'null'. Whoever knows the link needs no forged form.
        string? origin = request.Headers.Origin;
        if (origin == "null" && context.GetEndpoint()?.Metadata.GetMetadata<TokenPageAttribute>() is not null) origin = null;
        return CrossOriginRule.Decide(
            request.Method,
            request.Headers["Sec-Fetch-Site"],
            origin,
            $"{request.Scheme}://{request.Host}",
            address.Origin);
    }
}
