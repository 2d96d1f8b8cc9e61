using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Pixels;

/// <summary>The peer as a demo of the hub: <c>tests/Benchmarks.PngStream</c>, with the points of ours.</summary>
internal static class PngPeer
{
    private const string Service = "bench-png";

    /// <param name="port">Of the hub.</param>
    /// <param name="points">How many of all points may be drawn.</param>
    /// <param name="width">Pixels that are sent.</param>
    /// <param name="height">Pixels that are sent.</param>
    /// <param name="interval">Milliseconds between two pictures, at least.</param>
    public static string Address(int port, int points, int width, int height, int interval) =>
        $"http://{Service}.demo.localhost:{port}/?points={points}&width={width}&height={height}&interval={interval}";

    public static void AddTo(ContentFolder content)
    {
        var built = Path.Combine(HubProcess.Repository, "artifacts", "bench-png");
        content.Write($"demos/{Service}/demo.md", """
            ---
            title: PNG stream
            summary: A peer to measure against.
            license: MIT
            backend:
              command: [./png-stream]
              memory_mb: 1024
              cpu_percent: 200
            ---
            Not to be looked at.
            """);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(built, "client"))) Copy(file, "client");
        foreach (var file in Directory.EnumerateFiles(built)) Copy(file, "backend");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(built, "runtimes", "linux-x64", "native"))) Copy(file, "backend");
        Copy(Path.Combine(HubProcess.Repository, "artifacts", "demos", "points", "data", "cloud.bin"), Path.Combine("backend", "data"));

        void Copy(string file, string folder)
        {
            var to = Path.Combine(content.Root, "demos", Service, folder, Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }
}
