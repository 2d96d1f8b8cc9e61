using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Warm;

namespace BrowserTech.Playground.Silo;

/// <summary>
/// Ties the playground to the life of the site: what an earlier hub left is removed at once, the silo is started when
/// the site already answers, and when the site stops every backend is asked to end, then killed, then the silo stops.
/// </summary>
internal sealed class PlaygroundHost(
    PlaygroundSilo silo, BackendRegistry registry, IServiceProvider services, IHostApplicationLifetime site, TimeProvider clock,
    PlaygroundMetrics metrics, ILogger<PlaygroundHost> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (var note in services.GetRequiredService<RunFolder>().Lost)
                if (note.Lost(clock.GetUtcNow()) is { } view) registry.AddEnded(view);
            var pools = services.GetRequiredService<WarmPools>();
            metrics.Observe(() => registry.Live, pools.Ready);
            site.ApplicationStarted.Register(pools.Start);
        }

        site.ApplicationStarted.Register(() => _ = StartSilo());
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux()) await services.GetRequiredService<WarmPools>().DisposeAsync();
        var living = registry.Live;
        if (living.Count > 0)
        {
            var grains = await silo.Grains(CancellationToken.None);
            await EndAll(grains, hard: false, PlaygroundTimes.HubStopGrace);
            await EndAll(grains, hard: true, PlaygroundTimes.KillWait);
            if (registry.Live.Count > 0) log.LogError("{Count} backends could not be ended", registry.Live.Count);
        }

        await silo.DisposeAsync();
    }

    private async Task EndAll(IGrainFactory grains, bool hard, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        await Task.WhenAll(registry.Live.Select(async backend =>
        {
            var grain = grains.GetGrain<IBackendGrain>(backend.Id.Value);
            await grain.Terminate(EndReason.HubStopping, hard);
            await backend.Ended.WaitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
    }

    private async Task StartSilo()
    {
        try
        {
            await silo.Start();
        }
        catch (Exception error)
        {
            log.LogError(error, "The silo for session backends did not start; the next connect tries again");
        }
    }
}
