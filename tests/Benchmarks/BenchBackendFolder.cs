using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>
/// Content whose one demo, <c>bench</c>, is the published <c>tests/Benchmarks.Backend</c>, and a folder of running backends whose
/// sockets the bench can reach without the hub.
/// </summary>
internal sealed class BenchBackendFolder : IDisposable
{
    private readonly ContentFolder _content = new();
    private readonly DirectoryInfo _run = Directory.CreateTempSubdirectory("bench-run-");

    public BenchBackendFolder(string backendSettings = "")
    {
        var program = Path.Combine(HubProcess.Repository, "artifacts", "bench-backend", "BrowserTech.Benchmarks.Backend");
        if (!File.Exists(program)) throw new InvalidOperationException($"{program} is missing: ./bench publishes it.");
        _content.WriteBytes("demos/bench/backend/backend", File.ReadAllBytes(program));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_content.Root, "demos/bench/backend/backend"), (UnixFileMode)0b111_101_101);
        _content.Write("demos/bench/client/index.html", "<!doctype html><title>bench</title>");
        _content.Write("demos/bench/demo.md", $"""
            ---
            title: Bench
            summary: What is measured.
            license: MIT
            backend:
              command: [./backend]
            {backendSettings}
            ---
            Nothing to read.
            """);
    }

    /// <summary>The hub as people run it, with limits that are not what is measured.</summary>
    public HubSettings Settings() => new()
    {
        Content = _content.Root,
        Program = Path.Combine(HubProcess.Repository, "artifacts", "hub", "BrowserTech.Site.dll"),
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Playground__RunFolder"] = _run.FullName,
            ["Playground__ConnectsPerMinute"] = "1000000",
            ["Playground__CallsPerMinute"] = "1000000",
            ["Playground__MaxBackendsPerClient"] = "1000",
            ["Playground__MaxBackendsPerService"] = "1000",
            ["Playground__MaxBackends"] = "1000",
        },
    };

    /// <summary>The socket of the only backend there is: a folder made before the backend was asked for has another name than it.</summary>
    public string Socket() => _run.GetDirectories("bt-*").Single().GetDirectories().Select(static session => Path.Combine(session.FullName, "http.sock")).Single(File.Exists);

    public void Dispose()
    {
        _content.Dispose();
        _run.Delete(recursive: true);
    }
}
