using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Security;

/// <summary>
/// The headers of every answer of the site. The policy begins with nothing and adds what pages need: our own styles,
/// fonts and pictures, forms that post here, and frames of the demo origin. No script is ever allowed: no page of
/// this origin has one.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next, PublicAddress address)
{
    private readonly string _policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; " +
        $"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src {address.DemoOrigins}";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    }
}

/// <summary>Marks a page whose address is itself a secret: it is neither stored nor passed on in a referrer.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TokenPageAttribute : Attribute;

/// <summary>Marks organisers' pages: nothing of them is stored by anybody in between.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PrivatePageAttribute : Attribute;

/// <summary>Keeps token pages and organisers' pages out of every cache and every referrer.</summary>
public sealed class PrivatePages(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<TokenPageAttribute>() is not null || metadata?.GetMetadata<PrivatePageAttribute>() is not null)
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers["X-Robots-Tag"] = "noindex";
        }

        return next(context);
    }
}
