using BrowserTech.Newsletter.Delivery;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;

namespace BrowserTech.Site.Hosting;

/// <summary>
/// Hangfire wakes what has to happen on time; what is to be done is always a row. Its own storage may therefore be
/// memory while the hub is embedded: jobs are made again at every start.
/// </summary>
public static class HubJobs
{
    public static IServiceCollection AddHubJobs(this IServiceCollection services, HubOptions options)
    {
        services.AddHangfire(hangfire =>
        {
            hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            if (options.Postgres is { Length: > 0 } postgres) hangfire.UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(postgres));
            else hangfire.UseInMemoryStorage();
        });
        services.AddHangfireServer(server => server.WorkerCount = 2);
        services.AddHostedService<RecurringJobs>();
        return services;
    }

    private sealed class RecurringJobs(IRecurringJobManager jobs) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            // Issues with a send_at, retries whose time has come, leases of a machine that died.
            jobs.AddOrUpdate<DeliveryPump>("wake-delivery", pump => pump.Wake(), Cron.Minutely);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
