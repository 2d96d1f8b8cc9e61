using System.Diagnostics;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>From the closing of the last socket to the end of the process, as the kernel tells it.</summary>
internal static class EndBench
{
    /// <summary>The grace of the services measured with, and the half second that may be added to it.</summary>
    private const double Limit = 1000 + 500;

    private const int Rounds = 10;

    public static async Task<List<Figure>> RunAsync(BenchHub hub)
    {
        using var watch = new ProcessWatch();
        var took = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var session = await hub.ConnectAsync(BenchHub.Cold);
            var client = await hub.OpenAsync(session);
            await client.EchoAsync();
            var ended = watch.EndOf(await hub.PidAsync(session));
            var clock = Stopwatch.StartNew();
            await client.DisposeAsync();
            await ended;
            took.Add(clock.Elapsed.TotalMilliseconds);
        }

        return [new Figure("last socket closed to process gone, max", "ms", took.Max(), Limit, "limit: grace + 0.5 s")];
    }
}
