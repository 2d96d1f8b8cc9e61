using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>Session backends against the bare limit and the peers, in one run.</summary>
internal static class SessionsBench
{
    private const string Program = "BrowserTech.Benchmarks.Backend";

    private static readonly string Folder = Path.Combine(HubProcess.Repository, "artifacts", "bench-backend");

    public static async Task<IReadOnlyList<Figure>> WarmAsync()
    {
        await using var hub = await StartHubAsync(warm: 8);
        await using var docker = await DockerPeer.StartAsync(Folder, Program);
        return await WarmBench.RunAsync(hub, docker);
    }

    public static async Task<IReadOnlyList<Figure>> StartAsync()
    {
        await using var hub = await StartHubAsync();
        using var bare = new BareSandbox(Folder, Program);
        return await StartBench.RunAsync(hub, bare, starts: 200);
    }

    public static async Task<IReadOnlyList<Figure>> EndAsync()
    {
        await using var hub = await StartHubAsync();
        return await EndBench.RunAsync(hub);
    }

    public static async Task<IReadOnlyList<Figure>> IdleAsync()
    {
        await using var hub = await StartHubAsync();
        return await IdleBench.RunAsync(hub);
    }

    public static async Task<IReadOnlyList<Figure>> CyclesAsync()
    {
        await using var hub = await StartHubAsync();
        return await CycleBench.RunAsync(hub);
    }

    private static Task<BenchHub> StartHubAsync(int warm = 0) => BenchHub.StartAsync(Folder, Program, warm);
}
