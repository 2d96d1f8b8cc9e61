using BrowserTech.Playground;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Site.Demos.Workshop;
using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Demos;

/// <summary>The playground, with this site's demos as its services.</summary>
public static class DemosSetup
{
    public static IServiceCollection AddDemos(this IServiceCollection services, HubOptions options, IConfiguration configuration)
    {
        services.AddSingleton<IServiceCatalog, DemoServices>();
        services.AddSingleton<SourceView>();
        services.AddSingleton(provider => new DemoTypefaces(provider.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider));
        if (options.DemoBuilder is { Length: > 0 } builder)
        {
            services.AddSingleton<IOutputListener, ConsoleOutput>();
            services.AddSingleton(provider => new DemoBuild(builder));
            services.AddHostedService<DemoWorkshop>();
        }

        services.AddPlayground(configuration.GetSection("Playground"), options.DataPath());
        // Who may frame a demo is known here; a request could claim anything.
        services.AddOptions<PlaygroundOptions>().PostConfigure<PublicAddress>((playground, address) => playground.PublicOrigin ??= address.Origin);
        return services;
    }
}
