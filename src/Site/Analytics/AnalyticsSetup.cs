using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Analytics;

/// <summary>Counting what is read.</summary>
public static class AnalyticsSetup
{
    public static IServiceCollection AddAnalytics(this IServiceCollection services, HubOptions options)
    {
        services.AddSingleton(_ => new HitStore(options.DataPath("analytics.duckdb")));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DailySalts>(provider, options.DataPath("salts")));
        services.AddSingleton<VisitorIdentity>();
        services.AddSingleton<HitBuffer>();
        services.AddSingleton<OverviewQuery>();
        services.AddSingleton(provider => AnalyticsSite.Of(provider.GetRequiredService<PublicAddress>()));
        services.AddSingleton<HitWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<HitWriter>());
        return services;
    }

    public static void MapAnalytics(this IEndpointRouteBuilder routes) => routes.MapEventEndpoint();
}
