using BrowserTech.Site.Hosting;
using Microsoft.AspNetCore.Antiforgery;

namespace BrowserTech.Site.Security;

/// <summary>
/// Puts <see cref="CrossOriginRule"/> where the framework expects antiforgery tokens, so that its checks agree with
/// ours and nothing sets a cookie: the default implementation does as soon as a page has a form.
/// </summary>
public sealed class OriginAntiforgery(PublicAddress address) : IAntiforgery
{
    // The framework insists on token names; no field of this name is ever written or read.
    private static readonly AntiforgeryTokenSet NoTokens = new(null, null, "__no-token", null);

    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => NoTokens;

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => NoTokens;

    public Task<bool> IsRequestValidAsync(HttpContext httpContext) => Task.FromResult(IsValid(httpContext));

    public Task ValidateRequestAsync(HttpContext httpContext) =>
        IsValid(httpContext) ? Task.CompletedTask : throw new AntiforgeryValidationException(CrossOriginMiddleware.Refusal);

    public void SetCookieTokenAndHeader(HttpContext httpContext)
    {
    }

    private bool IsValid(HttpContext context) =>
        CrossOriginMiddleware.Verdict(context, address) is not CrossOriginRule.Verdict.CrossOrigin;
}
