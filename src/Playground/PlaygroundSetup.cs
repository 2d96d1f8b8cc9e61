using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Demos;
using BrowserTech.Playground.Keys;
using BrowserTech.Playground.Organizers;
using BrowserTech.Playground.Proxy;
using BrowserTech.Playground.Proxy.Loops;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Limits;
using BrowserTech.Playground.Runtimes.Native;
using BrowserTech.Playground.Runtimes.Warm;
using BrowserTech.Playground.Silo;

namespace BrowserTech.Playground;

/// <summary>
/// The playground in a web application: <see cref="AddPlayground"/>, then <see cref="UsePlayground"/> before everything
/// else of the pipeline, then <see cref="MapPlayground"/>. The application registers an <see cref="Catalog.IServiceCatalog"/>
/// and calls <c>UseRateLimiter</c>; it may register an <see cref="IAccountTokens"/>.
/// </summary>
public static class PlaygroundSetup
{
    /// <param name="services">Where to register.</param>
    /// <param name="section">Bound to <see cref="PlaygroundOptions"/>.</param>
    /// <param name="dataFolder">Holds <c>playground/fencing</c>.</param>
    public static IServiceCollection AddPlayground(
        this IServiceCollection services, IConfiguration section, string dataFolder)
    {
        services.Configure<PlaygroundOptions>(section);
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton<Sandbox>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RunFolder>(provider, dataFolder));
        if (OperatingSystem.IsLinux())
        {
            services.AddSingleton(provider => new Spawner(
                provider.GetRequiredService<IOptions<PlaygroundOptions>>().Value.ControlGroups
                    ? ControlGroups.Find(Path.GetFileName(provider.GetRequiredService<RunFolder>().Root)) : null));
            services.AddSingleton(provider =>
                provider.GetRequiredService<Sandbox>().Report(provider.GetRequiredService<Spawner>().Groups));
            services.AddSingleton<ProcessRuntime>();
            services.AddSingleton<WarmPools>();
            services.AddSingleton<IBackendRuntime>(provider => provider.GetRequiredService<WarmPools>());
        }
        else
        {
            services.AddSingleton(provider => provider.GetRequiredService<Sandbox>().Report(GroupsInForce.None));
            services.AddSingleton<IBackendRuntime, NoRuntime>();
        }

        services.AddMetrics();
        services.AddSingleton<PlaygroundMetrics>();
        services.AddSingleton<Places>();
        services.AddSingleton<ConnectQueue>();
        services.AddSingleton<BackendRegistry>();
        services.AddSingleton(new FencingCounter(Path.Combine(dataFolder, "playground")));
        services.AddSingleton<PlaygroundSilo>();
        services.AddHostedService<PlaygroundHost>();
        services.AddSingleton<ISessionBackends, SessionBackends>();

        services.AddSingleton<BackendProxy>();
        if (OperatingSystem.IsLinux()) services.AddSingleton<IConnectionListenerFactory, LoopTransport>();
        services.AddSingleton<Origins>();
        services.AddSingleton<ClientModules>();
        services.TryAddSingleton(new DemoTypefaces(Files: null));
        services.AddSingleton<DemoOrigin>();
        services.AddSingleton<ConnectEndpoint>();
        services.AddSingleton<BackendEndpoints>();
        services.AddSingleton<AccountEndpoints>();
        services.AddSingleton<StatusStream>();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<LogStream>();
        services.AddSingleton<MetricsStream>();
        services.AddSingleton<HeldCalls>();
        services.TryAddSingleton<IAccountTokens, NoAccountTokens>();
        services.AddSingleton<AccountAuthority>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<PlaygroundOptions>>((limiter, limits) => ClientRateLimit.Add(limiter, limits.Value));
        // What a backend says in a header is passed on byte for byte, a file name in UTF-8 for instance; it is read as Latin-1.
        services.Configure<KestrelServerOptions>(options => options.ResponseHeaderEncodingSelector = _ => Encoding.Latin1);
        services.Configure<SocketTransportOptions>(options =>
        {
            options.CreateBoundListenSocket = ListenWithProbes;
        });
        services.Configure<LoggerFilterOptions>(options =>
        {
            // Both write whole addresses at Information, and an address here may carry a connection token. The first also puts the
            // path into the scope of every line that is logged during a request, unless it is off; above Information it says nothing.
            options.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            options.AddFilter("Microsoft.AspNetCore.StaticFiles", LogLevel.Warning);
            // Orleans tells each step of its work at Information.
            options.AddFilter("Orleans", LogLevel.Warning);
            // Warns that the garbage collector is not the server's, and of a first check it takes for a late one.
            options.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
            options.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        });
        return services;
    }

    /// <summary>
    /// Requests to a demo's or a backend's host end here and never reach the site: its pages, its cookies and its rules
    /// about who may call what are for its own origin.
    /// </summary>
    public static IApplicationBuilder UsePlayground(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<Origins>();
        var demos = app.ApplicationServices.GetRequiredService<DemoOrigin>();
        var proxy = app.ApplicationServices.GetRequiredService<BackendProxy>();
        return app.Use((context, next) =>
        {
            if (origins.SessionLabel(context.Request.Host) is { } backend) return proxy.ByHost(context, backend);
            if (origins.DemoLabel(context.Request.Host) is { } demo) return OffLoop(context, each => demos.Handle(each, demo));
            // Before anything that looks at addresses, and may tell of them: in this form the token is part of the path.
            return proxy.TryByPath(context, out var carrying) ? carrying : OffLoop(context, next);
        });
    }

    /// <summary>The site's own answers may block; a connection whose last request was the proxy's comes with this one on a loop.</summary>
    private static Task OffLoop(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<LoopConnection>() is { StayOnLoop: true } connection) connection.StayOnLoop = false;
        return EventLoop.IsHere ? Elsewhere() : next(context);

        async Task Elsewhere()
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await next(context);
        }
    }

    public static IEndpointRouteBuilder MapPlayground(this IEndpointRouteBuilder app)
    {
        app.MapSessionBackends();
        app.MapMetricsForAccounts();
        app.ServiceProvider.GetRequiredService<ClientModules>().Map(app);
        return app;
    }

    /// <summary>
    /// Accepted connections inherit the listening socket's options: the kernel probes silent clients and drops dead ones,
    /// so that a lost phone does not keep a process alive for the two hours TCP allows by default.
    /// </summary>
    private static Socket ListenWithProbes(System.Net.EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is not System.Net.IPEndPoint) return socket;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)PlaygroundTimes.PeerSilence.TotalSeconds);
        socket.SetSocketOption(
            SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)PlaygroundTimes.PeerProbeInterval.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, PlaygroundTimes.PeerProbes);
        return socket;
    }
}
