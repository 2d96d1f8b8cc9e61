using System.Diagnostics.Metrics;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground;

/// <summary>
/// What an operator watches, as .NET's own instruments, so that whatever collects those of the runtime collects these: a
/// meter named <c>BrowserTech.Playground</c>. Prometheus puts the meter's name before each of theirs; docs/operating.md lists them.
/// </summary>
public sealed class PlaygroundMetrics : IDisposable
{
    public const string MeterName = "BrowserTech.Playground";

    private readonly Meter _meter;
    private readonly Counter<long> _claims;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _starts;

    public PlaygroundMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _claims = _meter.CreateCounter<long>(
            "pool.claims", "{claim}", "Starts, by what had been done of it ahead: nothing, the sandbox, or the program was warm.");
        _ended = _meter.CreateCounter<long>("backends.ended", "{backend}", "Backends that ended, by reason.");
        _starts = _meter.CreateHistogram<double>("backend.start", "s", "From accepted to ready.");
    }

    /// <summary>What is asked for when somebody collects: backends alive by service and state, and what waits for somebody by service.</summary>
    public void Observe(Func<IEnumerable<LiveBackend>> live, Func<Ahead, IEnumerable<KeyValuePair<(AccountName Account, ServiceName Service), int>>> ready)
    {
        // What was said once is said to be none later, and is not left at what it was.
        HashSet<(ServiceName Name, BackendState State)> states = [];
        HashSet<ServiceName> services = [];
        _meter.CreateObservableGauge("backends", () => live()
            .GroupBy(backend => (backend.Spec.Service.Name, backend.Life.State))
            .Select(group => KeyValuePair.Create(group.Key, group.Count()))
            .OrNone(states)
            .Select(group => new Measurement<int>(group.Value, Service(group.Key.Name), new("state", group.Key.State.Wire()))),
            "{backend}", "Backends alive.");
        _meter.CreateObservableGauge("connections", () => live()
            .GroupBy(backend => backend.Spec.Service.Name)
            .Select(group => KeyValuePair.Create(group.Key, group.Sum(backend => backend.Usage().Connections)))
            .OrNone(services)
            .Select(group => new Measurement<int>(group.Value, Service(group.Key))),
            "{connection}", "Open connections to backends.");
        _meter.CreateObservableGauge("pool.warm", () => Counted(ready(Ahead.Program)), "{process}", "Processes kept warm.");
        _meter.CreateObservableGauge("pool.sandboxes", () => Counted(ready(Ahead.Sandbox)), "{sandbox}", "Sandboxes kept ready.");
    }

    public void Claimed(ServiceDefinition service, Ahead ahead) => _claims.Add(1, Service(service.Name), new("ahead", ahead.ToString().ToLowerInvariant()));

    public void Ready(ServiceDefinition service, TimeSpan took) => _starts.Record(took.TotalSeconds, Service(service.Name));

    public void Ended(ServiceDefinition service, EndReason reason) => _ended.Add(1, Service(service.Name), new("reason", reason.Wire()));

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Counted(IEnumerable<KeyValuePair<(AccountName Account, ServiceName Service), int>> pools) =>
        pools.Select(pool => new Measurement<int>(pool.Value, Service(pool.Key.Service)));

    private static KeyValuePair<string, object?> Service(ServiceName service) => new("service", service.Value);
}

internal static class Remembering
{
    /// <summary>What there is, and zero for whatever there was at an earlier call and is not now.</summary>
    public static IReadOnlyList<KeyValuePair<TKey, int>> OrNone<TKey>(this IEnumerable<KeyValuePair<TKey, int>> now, HashSet<TKey> before) where TKey : notnull
    {
        lock (before)
        {
            var there = now.ToDictionary();
            before.UnionWith(there.Keys);
            return [.. before.Select(key => KeyValuePair.Create(key, there.GetValueOrDefault(key)))];
        }
    }
}
