using System.Diagnostics.Metrics;
using Prometheus;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Writes what one meter counts into Prometheus' registry, for as long as the process runs. The adapter of the library forgets a
/// series that nothing is added to for a while, a day at most, and begins it at nothing again: right for labels without number, and wrong for a sum that is
/// said to be one since the hub began. Our labels are services, states and reasons: there are few.
/// </summary>
internal sealed class LastingCounts : IDisposable
{
    /// <summary>In seconds: a millisecond to half a minute.</summary>
    private static readonly HistogramConfiguration Durations = new() { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) };

    private readonly MeterListener _listener = new();
    private readonly MetricFactory _metrics;

    public LastingCounts(CollectorRegistry registry, string meter)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Takes(instrument, meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Write(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Write(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What this writes, nobody else may: it would be there twice.</summary>
    public static bool Takes(Instrument instrument, string meter) =>
        instrument.Meter.Name == meter && instrument is Counter<long> or Histogram<double>;

    public void Dispose() => _listener.Dispose();

    private void Write(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).ToList();
        var name = Name($"{instrument.Meter.Name}_{instrument.Name}");
        var help = $"({instrument.Unit}) {instrument.Description}";
        string[] labels = [.. sorted.Select(tag => Name(tag.Key))];
        string[] values = [.. sorted.Select(tag => tag.Value?.ToString() ?? "")];
        if (instrument is Histogram<double>) _metrics.CreateHistogram(name, help, labels, Durations).WithLabels(values).Observe(value);
        else _metrics.CreateCounter(name, help, labels).WithLabels(values).Inc(value);
    }

    private static string Name(string dotted) => string.Concat(dotted.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
}
