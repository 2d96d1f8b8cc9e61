using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Keys;
using BrowserTech.Playground.Runtimes;
using Orleans.Configuration;

namespace BrowserTech.Playground.Silo;

/// <summary>
/// The clock of backends. Orleans has its own, which is the machine's: a test that sets ours forward must not make the
/// silo believe that it slept.
/// </summary>
internal sealed record BackendClock(TimeProvider Time);

/// <summary>
/// The Orleans silo of this process. It is a host of its own inside the site's process, for two reasons: the site serves its
/// first page while the silo is still starting (the first connect waits for it, if it has to), and the order of
/// stopping is ours: first the backends, then the silo that owns them. Grains are given the site's own objects.
/// </summary>
public sealed class PlaygroundSilo(
    IServiceCatalog catalog, IBackendRuntime runtime, BackendRegistry registry, FencingCounter fencing, PlaygroundMetrics metrics,
    TimeProvider clock, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<IHost>? _host;

    /// <summary>Waits for the silo, starting it if nothing has.</summary>
    public async Task<IGrainFactory> Grains(CancellationToken cancel = default) =>
        (await Start().WaitAsync(cancel)).Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts it once. A start that failed is tried again at the next call.</summary>
    public Task<IHost> Start()
    {
        lock (_lock)
        {
            if (_host is null || _host.IsFaulted) _host = Task.Run(StartHost);
            return _host;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<IHost>? starting;
        lock (_lock) (starting, _host) = (_host, Task.FromException<IHost>(new ObjectDisposedException(nameof(PlaygroundSilo))));
        if (starting is null || starting.IsFaulted) return;
        var host = await starting;
        await host.StopAsync();
        host.Dispose();
    }

    private async Task<IHost> StartHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(catalog);
        builder.Services.AddSingleton(runtime);
        builder.Services.AddSingleton(registry);
        builder.Services.AddSingleton(fencing);
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton(new BackendClock(clock));
        builder.UseOrleans(silo =>
        {
            // No gateway: every client of this silo is inside this process.
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            silo.Configure<ClusterMembershipOptions>(options => options.NumVotesForDeathDeclaration = 1);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    // Two hubs on one machine must not meet. The port is free now; in the unlikely case that somebody takes it before
    // Orleans does, the start fails and is tried again with another one.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Signals are the site's business; this host is started and stopped by it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
