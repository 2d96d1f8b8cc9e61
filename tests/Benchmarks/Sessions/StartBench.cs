using System.Diagnostics;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>
/// From wanting a session to its first echo: kept warm, started cold, and a hundred at once, clocked from the start of the burst, which is what the
/// last of the hundred feels.
/// </summary>
internal static class StartBench
{
    private const int Burst = 100;
    private const int BurstRounds = 5;

    public static async Task<List<Figure>> RunAsync(BenchHub hub, BareSandbox bare, int starts)
    {
        for (var i = 0; i < 40; i++)
        {
            await ThroughHub(hub, BenchHub.Cold);
            await ThroughHub(hub, BenchHub.Plain);
            await bare.FirstEchoAsync(Stopwatch.StartNew());
        }

        var (cold, plain, limit) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < starts; i++)
        {
            cold.Add(await ThroughHub(hub, BenchHub.Cold));
            plain.Add(await ThroughHub(hub, BenchHub.Plain));
            limit.Add(await bare.FirstEchoAsync(Stopwatch.StartNew()));
            await Task.Delay(50); // as people come: one after the other, with a moment between
        }

        var (ours, theirs) = (new Percentiles(cold), new Percentiles(limit));
        List<Figure> figures =
        [
            new("cold start to first echo, p50", "ms", ours.P50, theirs.P50, "bare bubblewrap"),
            new("cold start to first echo, p99", "ms", ours.P99, theirs.P99, "bare bubblewrap"),
            new("the same where no sandbox is kept ready, p50", "ms", new Percentiles(plain).P50, theirs.P50, "bare bubblewrap"),
        ];

        var (burst, bareBurst) = (new List<double>(), new List<double>());
        for (var round = 0; round < BurstRounds; round++)
        {
            burst.AddRange(await AtOnce(clock => ThroughHub(hub, BenchHub.Cold, clock)));
            bareBurst.AddRange(await AtOnce(bare.FirstEchoAsync));
        }

        (ours, theirs) = (new Percentiles(burst), new Percentiles(bareBurst));
        figures.Add(new($"{Burst} at once, p50", "ms", ours.P50, theirs.P50, "bare bubblewrap"));
        figures.Add(new($"{Burst} at once, p95", "ms", ours.P95, theirs.P95, "bare bubblewrap"));
        figures.Add(new($"{Burst} at once, last", "ms", ours.Max, theirs.Max, "bare bubblewrap"));
        return figures;
    }

    /// <summary>Milliseconds from the clock's start (now, unless given) to the first echo; the session is ended afterwards.</summary>
    public static async Task<double> ThroughHub(BenchHub hub, string service, Stopwatch? clock = null)
    {
        clock ??= Stopwatch.StartNew();
        var session = await hub.ConnectAsync(service);
        double elapsed;
        await using (var client = await hub.OpenAsync(session))
        {
            await client.EchoAsync();
            elapsed = clock.Elapsed.TotalMilliseconds;
        }

        await hub.TerminateAsync(session);
        return elapsed;
    }

    private static async Task<double[]> AtOnce(Func<Stopwatch, Task<double>> start)
    {
        var clock = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => Task.Run(() => start(clock))));
        await Task.Delay(TimeSpan.FromSeconds(2)); // until what was ended is gone
        return all;
    }
}
