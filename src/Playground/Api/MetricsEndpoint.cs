using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using BrowserTech.Playground.Accounts;
using Prometheus;

namespace BrowserTech.Playground.Api;

/// <summary>
/// <c>/metrics</c> as Prometheus reads it: every meter of this process, ours (<see cref="PlaygroundMetrics"/>) and the web server's. For holders of
/// an account's token: how many people use what is nobody else's business.
/// </summary>
internal static class MetricsEndpoint
{
    // Once in a process, and from its start: what is counted before anybody listens is lost.
    private static readonly Lazy<IDisposable[]> Listening = new(() =>
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        return
        [
            new LastingCounts(Metrics.DefaultRegistry, PlaygroundMetrics.MeterName),
            MeterAdapter.StartListening(new MeterAdapterOptions
            {
                InstrumentFilterPredicate = instrument => !TooOften(instrument) && !LastingCounts.Takes(instrument, PlaygroundMetrics.MeterName),
                MetricsExpireAfter = TimeSpan.FromDays(1), // the longest there is
            }),
        ];
    });

    /// <summary>
    /// What the web server says several times in each request, of itself and not of anybody's use: each buffer it takes and gives back, and
    /// each request twice for how many there are now. To write these down took an eighth of what a proxied request costs.
    /// </summary>
    private static bool TooOften(Instrument instrument) =>
        instrument.Meter.Name == "Microsoft.AspNetCore.MemoryPool" || instrument.Name == "http.server.active_requests";

    public static void MapMetricsForAccounts(this IEndpointRouteBuilder app)
    {
        _ = Listening.Value;
        var authority = app.ServiceProvider.GetRequiredService<AccountAuthority>();
        var metrics = app.MapMetrics().RequireRateLimiting(ClientRateLimit.Call)
            .Is(new("allMetrics", "The whole hub in numbers, for Prometheus.", TokenUse.Account, Answer: typeof(string)));
        metrics.Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = async context =>
            {
                if ((await authority.Demand(context)).Refusal is { } refusal) await refusal.ExecuteAsync(context);
                else await answer(context);
            };
        });
    }
}
