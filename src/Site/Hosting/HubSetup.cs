using System.Net;
using BrowserTech.Site.Components;
using BrowserTech.Site.Content;
using BrowserTech.Site.Layout;
using BrowserTech.Site.Pages;
using BrowserTech.Site.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.HttpOverrides;

namespace BrowserTech.Site.Hosting;

/// <summary>What every capability stands on: options, content, pages, and the order of the pipeline.</summary>
public static class HubSetup
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--data"] = "Hub:Data", ["--content"] = "Hub:Content", ["--address"] = "Hub:Address", ["--postgres"] = "Hub:Postgres", ["--urls"] = "urls",
    };

    public static HubOptions AddHub(this WebApplicationBuilder builder, string[] args)
    {
        RefuseUnknown(args);
        builder.Configuration.AddCommandLine(args, Switches);
        var (mistakes, warnings) = SettingsCheck.Look(builder.Configuration);
        if (mistakes.Count > 0) throw new StartFailure(string.Join(Environment.NewLine, mistakes));
        foreach (var warning in warnings) Console.Error.WriteLine(warning);
        // Said once more, since a command line that is read later wins over one that was read before.
        if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls("http://localhost:5080");
        var section = builder.Configuration.GetSection("Hub");
        builder.Services.Configure<HubOptions>(section);
        var options = section.Get<HubOptions>() ?? new HubOptions();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Nothing here takes files; an endpoint that needs more says so.
            kestrel.Limits.MaxRequestBodySize = 256 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => new ContentReader(options.Content));
        builder.Services.AddSingleton<ContentStore>();
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddHostedService<StartReport>();
        builder.Services.AddRateLimits(builder.Configuration);
        builder.Services.AddPages();
        return options;
    }

    // A misspelt option would start a hub on other data than was meant.
    private static void RefuseUnknown(string[] args)
    {
        foreach (var arg in args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal)))
        {
            var name = arg.Split('=')[0];
            if (!Switches.ContainsKey(name) && !name.Contains(':', StringComparison.Ordinal))
                throw new StartFailure($"'{name}' is not an option. There are {string.Join(", ", Switches.Keys)}, and any setting as --Section:Name.");
        }
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<IAntiforgery, OriginAntiforgery>();
        services.AddSingleton<StaticWeight>();
        services.AddOutputCache(cache => cache.AddBasePolicy(new PageCache()));
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.AddHostedService<DropPagesOnNewContent>();
    }

    /// <summary>Believes the proxies that were named about scheme, host and client; first of all, since everything looks at these.</summary>
    public static void UseTrustedProxies(this WebApplication app, HubOptions options)
    {
        if (options.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(options));
    }

    /// <summary>The pipeline of the site's own origin. Its order is the design: see the comments.</summary>
    public static void UseHub(this WebApplication app, HubOptions options)
    {
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseMiddleware<SecurityHeaders>();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseMiddleware<HeadRequests>();
        app.UseRouting();
        app.UseMiddleware<PrivatePages>();
        app.UseMiddleware<Demos.DemoRunRedirect>();
        app.UseMiddleware<CrossOriginMiddleware>();     // before anything reads a body
        app.UseMiddleware<Analytics.PageviewMiddleware>(); // outside the cache: a cached page is a view too
        app.UseOutputCache();                           // only public pages are kept: nothing below matters to them
        app.UseResponseCompression();                   // inside the cache: a page is compressed once
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<FormGuard>();
        app.UseMiddleware<PageFacts>();
    }

    public static void MapHub(this WebApplication app)
    {
        app.MapStaticAssets().KeepTypefaces();
        app.MapGet("/health/live", () => "ok");
        app.MapGet("/health/ready", HubHealth.Ready);
        app.MapRazorComponents<App>().WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(64 * 1024));
    }

    private static ForwardedHeadersOptions Forwarded(HubOptions options)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            forwarded.KnownProxies.Add(IPAddress.TryParse(proxy, out var address)
                ? address
                : throw new InvalidOperationException($"Hub:TrustedProxies names '{proxy}', which is not a network address such as 10.0.0.2."));
        }
        return forwarded;
    }
}
