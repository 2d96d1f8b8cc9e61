using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>Session backends against the bare limit and the peers, in one run.</summary>
internal static class SessionsBench
{
    private const string Program = "BrowserTech.Benchmarks.Backend";

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Path.Combine(HubProcess.Repository, "artifacts", "bench-backend");
        await using var hub = await BenchHub.StartAsync(folder, Program, warm: 8);
        using var bare = new BareSandbox(folder, Program);
        var figures = new List<Figure>();
        await using (var docker = await DockerPeer.StartAsync(folder, Program)) figures.AddRange(await WarmBench.RunAsync(hub, docker));
        figures.AddRange(await StartBench.RunAsync(hub, bare, starts: 200));
        figures.AddRange(await EndBench.RunAsync(hub));
        figures.AddRange(await IdleBench.RunAsync(hub));
        figures.AddRange(await CycleBench.RunAsync(hub));
        return figures;
    }
}
