using System.Diagnostics;
using System.Net.Sockets;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Native;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>
/// The bare limit: the same program in a sandbox with the same namespaces and mounts, started by nothing but a call of
/// <c>posix_spawn</c>, told ready on the same kind of socket, reached without a proxy. No other user, no filter, no limits: those are what the hub
/// adds.
/// </summary>
internal sealed class BareSandbox(string programFolder, string program) : IDisposable
{
    private static readonly string[] Sandbox =
    [
        "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "backend",
        "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin",
        "--symlink", "usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/ld.so.conf", "/etc/ld.so.conf",
        "--ro-bind-try", "/etc/ld.so.conf.d", "/etc/ld.so.conf.d", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
        "--ro-bind-try", "/etc/localtime", "/etc/localtime", "--proc", "/proc", "--dev", "/dev", "--size", "67108864", "--tmpfs", "/tmp",
    ];

    private readonly string _bubblewrap = Need.Program("bubblewrap", "bwrap");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bare-");
    private readonly ProcessWatch _watch = new();
    private readonly Spawners _spawners = new();
    private int _count;

    /// <summary>Milliseconds from the clock's start to the first echo.</summary>
    public async Task<double> FirstEchoAsync(Stopwatch clock)
    {
        var folder = _root.CreateSubdirectory(Interlocked.Increment(ref _count).ToString()).FullName;
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "notify.sock")));
        var environment = new Dictionary<string, string>
        {
            ["SESSION_SOCKET"] = "/run/session/http.sock", ["NOTIFY_SOCKET"] = "/run/session/notify.sock", ["PATH"] = "/usr/bin",
        };
        var request = new SpawnRequest(
            _bubblewrap,
            [.. Sandbox, "--bind", folder, "/run/session", "--ro-bind", programFolder, "/backend", "--chdir", "/backend", "--", "/backend/" + program],
            environment, "/");
        var started = await _spawners.Start(request);
        var ended = _watch.ExitOf(started.Pid);
        var buffer = new byte[64];
        await notify.ReceiveAsync(buffer);
        await using (var client = await EchoClient.ConnectAsync(
            new UnixDomainSocketEndPoint(Path.Combine(folder, "http.sock")), "/", "backend"))
            await client.EchoAsync();
        var elapsed = clock.Elapsed.TotalMilliseconds;
        _ = EndAsync(started, ended, folder);
        return elapsed;
    }

    public void Dispose()
    {
        _spawners.Dispose();
        _watch.Dispose();
        _root.Delete(recursive: true);
    }

    private static async Task EndAsync(Spawned process, Task ended, string folder)
    {
        _ = Libc.Kill(process.Pid, Libc.SigKill); // dies with its parent, so all of it
        await ended;
        process.Output.Dispose();
        process.Status.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Threads that start processes, as many as the hub has: a sandbox dies with the thread that started it.</summary>
    private sealed class Spawners : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(SpawnRequest Request, TaskCompletionSource<Spawned> Done)> _queue = [];

        public Spawners()
        {
            for (var i = 0; i < 4; i++) new Thread(Loop) { IsBackground = true }.Start();
        }

        public Task<Spawned> Start(SpawnRequest request)
        {
            var done = new TaskCompletionSource<Spawned>(TaskCreationOptions.RunContinuationsAsynchronously);
            _queue.Add((request, done));
            return done.Task;
        }

        public void Dispose() => _queue.CompleteAdding();

        private void Loop()
        {
            foreach (var (request, done) in _queue.GetConsumingEnumerable()) done.SetResult(PosixSpawn.Start(request));
        }
    }
}
