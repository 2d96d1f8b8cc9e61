namespace BrowserTech.Benchmarks.Sessions;

/// <summary>From wanting a session to its first echo where a process is kept warm, against <c>docker run</c>.</summary>
internal static class WarmBench
{
    /// <summary>Until the hub runs compiled code: what is measured is one that has been up for a while.</summary>
    private const int Before = 200;

    private const int Starts = 300;
    private const int DockerStarts = 15;
    private const double P50Limit = 4;
    private const double P99Limit = 15;

    public static async Task<List<Figure>> RunAsync(BenchHub hub, DockerPeer docker)
    {
        var (warm, runs) = (new List<double>(), new List<double>());
        for (var i = 0; i < Before; i++) await OneAsync(hub);
        for (var i = 0; i < Starts; i++)
        {
            warm.Add(await OneAsync(hub));
            if (i % (Starts / DockerStarts) == 0) runs.Add(await docker.FirstEchoAsync());
        }

        var (ours, peer) = (new Percentiles(warm), new Percentiles(runs));
        return
        [
            new("warm connect to first echo, p50", "ms", ours.P50, P50Limit, "limit"),
            new("warm connect to first echo, p99", "ms", ours.P99, P99Limit, "limit"),
            new("docker run / warm, p50", "times", peer.P50 / ours.P50, 80, $"limit (docker run: {peer.P50:0} ms)"),
        ];
    }

    /// <summary>As people come: one after the other, with a moment between in which the pool is filled again.</summary>
    private static async Task<double> OneAsync(BenchHub hub)
    {
        var took = await StartBench.ThroughHub(hub, BenchHub.Warm);
        await Task.Delay(50);
        return took;
    }
}
