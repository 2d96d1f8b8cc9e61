using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>Somebody else's site: pages on an origin that is neither the hub's nor a demo's.</summary>
internal sealed class TestPages : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestPages(WebApplication app) => _app = app;

    public string Origin { get; private set; } = "";

    public int Port => new Uri(Origin).Port;

    /// <param name="pages">What is served, by path.</param>
    public static async Task<TestPages> StartAsync(Dictionary<string, (string Type, string Body)> pages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            if (!pages.TryGetValue(context.Request.Path, out var page))
            {
                // A browser asks for an icon by itself.
                context.Response.StatusCode = context.Request.Path == "/favicon.ico" ? 204 : 404;
                return;
            }

            context.Response.ContentType = page.Type;
            await context.Response.WriteAsync(page.Body);
        });
        await app.StartAsync();
        return new TestPages(app) { Origin = "http://localhost:" + new Uri(app.Urls.First()).Port };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
