using System.Diagnostics.Metrics;
using System.Text;
using BrowserTech.Playground.Api;
using Prometheus;

namespace BrowserTech.Playground.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task What_was_counted_stays_although_what_counted_it_is_gone()
    {
        var registry = Metrics.NewCustomRegistry();
        using var counts = new LastingCounts(registry, "Lasting.Meter");
        using (var meter = new Meter("Lasting.Meter"))
        {
            var counter = meter.CreateCounter<long>("pool.claims");
            counter.Add(2, new("service", "one"), new("ahead", "sandbox"));
            counter.Add(1, new("ahead", "sandbox"), new("service", "one"));
            meter.CreateHistogram<double>("took").Record(0.5);
        }

        using (var another = new Meter("Another.Meter")) another.CreateCounter<long>("elsewhere").Add(1);
        var text = await Text(registry);
        Assert.Contains("# TYPE lasting_meter_pool_claims counter", text, StringComparison.Ordinal);
        Assert.Contains("lasting_meter_pool_claims{ahead=\"sandbox\",service=\"one\"} 3", text, StringComparison.Ordinal);
        Assert.Contains("lasting_meter_took_bucket{le=\"0.512\"} 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_counter_and_histogram_of_ours_is_one_that_stays()
    {
        List<Instrument> ours = [];
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Scope is MetricsTests) ours.Add(instrument); } };
        listener.Start();
        using var metrics = new PlaygroundMetrics(new Meters(this));
        Assert.NotEmpty(ours);
        Assert.All(ours, instrument => Assert.True(LastingCounts.Takes(instrument, PlaygroundMetrics.MeterName), instrument.Name));
    }

    [Fact]
    public void What_is_no_more_is_said_to_be_none()
    {
        HashSet<string> before = [];
        Assert.Equal([KeyValuePair.Create("ready", 2)], new Dictionary<string, int> { ["ready"] = 2 }.OrNone(before));
        Assert.Equal([KeyValuePair.Create("ready", 0)], new Dictionary<string, int>().OrNone(before));
    }

    private static async Task<string> Text(CollectorRegistry registry)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Meters(object scope) : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            options.Scope = scope;
            return new Meter(options);
        }

        public void Dispose()
        {
        }
    }
}
