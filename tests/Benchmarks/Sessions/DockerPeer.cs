using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>
/// The peer for warm starts: <c>docker run</c> of the same program, from the call to the first echo. The engine is one of our own, with its
/// own folder and socket, and the image holds the program and its C library and nothing else.
/// </summary>
internal sealed partial class DockerPeer : IAsyncDisposable
{
    private const string Image = "bench-backend";

    private readonly Process _engine;
    private readonly DirectoryInfo _root;
    private readonly string _docker;
    private int _count;

    private DockerPeer(Process engine, DirectoryInfo root, string docker) => (_engine, _root, _docker) = (engine, root, docker);

    public static async Task<DockerPeer> StartAsync(string programFolder, string program)
    {
        var docker = Need.Program("docker.io", "docker");
        var root = Directory.CreateTempSubdirectory("bench-docker-");
        var engine = Process.Start(new ProcessStartInfo(Need.Program("docker.io", "dockerd"),
        [
            "--data-root", $"{root.FullName}/data", "--exec-root", $"{root.FullName}/exec", "--pidfile", $"{root.FullName}/pid",
            "--host", $"unix://{root.FullName}/docker.sock", "--iptables=false", "--bridge=none", "--storage-driver=overlay2",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        engine.ErrorDataReceived += (_, _) => { };
        engine.BeginErrorReadLine();
        var peer = new DockerPeer(engine, root, docker);
        for (var attempt = 0; await peer.RunAsync("version") != 0; attempt++)
        {
            if (attempt > 200 || engine.HasExited) throw new InvalidOperationException("dockerd does not start here");
            await Task.Delay(100);
        }

        var image = Path.Combine(root.FullName, "image.tar");
        await WriteImageAsync(image, Path.Combine(programFolder, program));
        if (await peer.RunAsync("import", image, Image) != 0) throw new InvalidOperationException("docker import failed");
        return peer;
    }

    /// <summary>Milliseconds from the call of <c>docker run</c> to the first echo.</summary>
    public async Task<double> FirstEchoAsync()
    {
        var name = $"bench-{++_count}";
        var folder = _root.CreateSubdirectory(name).FullName;
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "notify.sock")));
        var clock = Stopwatch.StartNew();
        var running = RunAsync(
            "run", "--rm", "--name", name, "--network", "none", "-v", $"{folder}:/run/session",
            "-e", "SESSION_SOCKET=/run/session/http.sock", "-e", "NOTIFY_SOCKET=/run/session/notify.sock", Image, "/program");
        await notify.ReceiveAsync(new byte[64]);
        double elapsed;
        await using (var client = await EchoClient.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "http.sock")), "/", "backend"))
        {
            await client.EchoAsync();
            elapsed = clock.Elapsed.TotalMilliseconds;
        }

        await RunAsync("kill", name);
        await running;
        return elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        using (var term = Process.Start("kill", ["-TERM", $"{_engine.Id}"])) await term.WaitForExitAsync();
        await _engine.WaitForExitAsync();
        _engine.Dispose();
        _root.Delete(recursive: true);
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_docker, ["-H", $"unix://{_root.FullName}/docker.sock", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task WriteImageAsync(string path, string program)
    {
        using var ldd = Process.Start(new ProcessStartInfo("ldd", [program]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var libraries = AbsolutePath().Matches(await ldd.StandardOutput.ReadToEndAsync()).Select(match => match.Value).Distinct().ToList();
        await using var tar = new TarWriter(File.Create(path), leaveOpen: false);
        await tar.WriteEntryAsync(program, "program");
        foreach (var library in libraries)
        {
            // The file and not the link to it.
            var file = File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library;
            await tar.WriteEntryAsync(file, library.TrimStart('/'));
        }
    }

    [GeneratedRegex(@"/\S+\.so\S*", RegexOptions.NonBacktracking)]
    private static partial Regex AbsolutePath();
}
