namespace BrowserTech.Benchmarks.Sessions;

/// <summary>Five hundred backends with nothing to do: what each costs the hub, and what they cost the next one who comes.</summary>
internal static class IdleBench
{
    private const int Backends = 500;
    private const int Starts = 50;
    private const double MemoryLimit = 0.5;

    public static async Task<List<Figure>> RunAsync(BenchHub hub)
    {
        var alone = await StartsAsync(hub);
        var before = await hub.SettledMemoryAsync();
        var clients = new List<EchoClient>();
        foreach (var _ in Enumerable.Range(0, Backends))
        {
            var client = await hub.OpenAsync(await hub.ConnectAsync(BenchHub.Cold));
            await client.EchoAsync();
            clients.Add(client);
        }

        var each = (await hub.SettledMemoryAsync() - before) / 1e6 / Backends;
        var among = await StartsAsync(hub);
        foreach (var client in clients) await client.DisposeAsync();
        await hub.QuietAsync();
        return
        [
            new($"{Backends} idle: hub memory each", "MB", each, MemoryLimit, "limit"),
            new($"start among {Backends} idle, p50", "ms", among.P50, alone.P50, "the same hub, empty (limit 2.00)"),
        ];
    }

    private static async Task<Percentiles> StartsAsync(BenchHub hub)
    {
        var took = new List<double>();
        for (var i = 0; i < Starts; i++) took.Add(await StartBench.ThroughHub(hub, BenchHub.Cold));
        return new Percentiles(took);
    }
}
