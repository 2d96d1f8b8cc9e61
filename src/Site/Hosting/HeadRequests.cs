namespace BrowserTech.Site.Hosting;

/// <summary>
/// Answers HEAD wherever GET is answered: pages are mapped for GET and POST only, and monitors ask with HEAD. The server
/// itself leaves the body away. What counts views looks at <see cref="Is"/>.
/// </summary>
public sealed class HeadRequests(RequestDelegate next)
{
    private static readonly object Mark = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[Mark] = Mark;
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    public static bool Is(HttpContext context) => context.Items.ContainsKey(Mark);
}
