using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos;

/// <summary>
/// Run is the link <c>?run=SLUG</c>, the same for everybody since pages are cached. This gives each press a key of its own: it
/// answers with the same page under an address that has one. Nothing is changed or kept here; drawing a random number is all.
/// </summary>
public sealed class DemoRunRedirect(RequestDelegate next, ContentStore content)
{
    public Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) || !request.Query.TryGetValue(DemoRun.Parameter, out var run)) return next(context);
        // Each of these addresses is one person's: neither for an index nor for whoever stands in between.
        response.Headers["X-Robots-Tag"] = "noindex";
        var known = Slug<Demo>.TryParse(run, out var demo) && content.Current.Demos.ContainsKey(demo);
        if (!known || DemoRun.From(run, request.Query[DemoRun.KeyParameter]) is not null) return next(context);
        response.StatusCode = StatusCodes.Status303SeeOther;
        // Relative, so that neither host nor path of the request come back in it. The browser keeps the fragment.
        response.Headers.Location = DemoRun.New(demo).ToQuery();
        response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
