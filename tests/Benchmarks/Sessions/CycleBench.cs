using System.Diagnostics;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>Thousands of sessions, one after the other in a few lanes: nothing may be left of them, and the hub may not grow.</summary>
internal static class CycleBench
{
    private const int Cycles = 10_000;
    private const int WarmUp = 2_000;
    private const int Lanes = 4;
    private const double MemoryLimit = 20;

    public static async Task<List<Figure>> RunAsync(BenchHub hub)
    {
        await CyclesAsync(hub, WarmUp);
        var before = await hub.SettledMemoryAsync();
        var leftBefore = Leftovers(hub);
        var clock = Stopwatch.StartNew();
        await CyclesAsync(hub, Cycles);
        var seconds = clock.Elapsed.TotalSeconds;
        var grown = (await hub.SettledMemoryAsync() - before) / 1e6;
        var left = Leftovers(hub);
        return
        [
            new($"{Cycles} start/stop cycles: memory growth", "MB", grown, MemoryLimit, "limit"),
            new($"{Cycles} start/stop cycles: left over", "things", left - leftBefore, 0, "processes, folders, sockets, groups, descriptors"),
            new("start/stop cycles a second", "1/s", Cycles / seconds, 0, "no peer"),
        ];
    }

    private static async Task CyclesAsync(BenchHub hub, int count)
    {
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await StartBench.ThroughHub(hub, BenchHub.Cold);
        }));
        await hub.QuietAsync();
    }

    /// <summary>What a backend is made of and a hub must not keep: processes, folders, control groups, open descriptors.</summary>
    private static int Leftovers(BenchHub hub) =>
        hub.Descendants() + hub.SessionFolders() + hub.ControlGroups() + Directory.GetFiles($"/proc/{hub.ProcessId}/fd").Length;
}
