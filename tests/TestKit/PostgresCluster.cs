using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BrowserTech.TestKit;

/// <summary>
/// A throw-away PostgreSQL cluster, one per test process, made on first use. It listens on a random loopback port,
/// trusts loopback, and does not sync to disk. A shell holds the read end of a pipe of ours and stops the server and deletes
/// its folder when that pipe closes, so nothing stays behind even when the test process is killed.
/// </summary>
public sealed class PostgresCluster
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartAsync);

    // $1 programs, $2 port. The folder is made by the user the server runs as: PostgreSQL refuses to run as root.
    private const string Script = """
        dir=$(mktemp -d /tmp/browsertech-postgres-XXXXXX) || exit 1
        trap 'rm -rf "$dir"' EXIT
        "$1/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 \
            || { cat "$dir/initdb.log" >&2; exit 1; }
        "$1/postgres" -D "$dir/data" -p "$2" -h 127.0.0.1 -k "$dir" -N 200 -F \
            -c full_page_writes=off -c shared_buffers=64MB </dev/null &
        server=$!
        cat >/dev/null
        kill -QUIT $server
        wait $server
        """;

    private readonly string _programs;
    private readonly int _port;
    private int _databases;

    private PostgresCluster(string programs, int port) => (_programs, _port) = (programs, port);

    /// <summary>A connection string (Npgsql) for a fresh, empty database.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        _ = Programs(); // skips the test by name where PostgreSQL is missing, before anything is shared
        return await (await Shared.Value).CreateAsync();
    }

    private async Task<string> CreateAsync()
    {
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        using var createdb = Process.Start(new ProcessStartInfo(Path.Combine(_programs, "createdb"),
            ["-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", name]) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await createdb.StandardError.ReadToEndAsync();
        await createdb.WaitForExitAsync();
        if (createdb.ExitCode != 0) throw new InvalidOperationException($"createdb failed: {errors}");
        return $"Host=127.0.0.1;Port={_port};Username=postgres;Database={name};Maximum Pool Size=50;Timeout=60";
    }

    private static string Programs() => Path.GetDirectoryName(Need.Program("postgresql",
        [.. Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin", "initdb"))
            : [], "initdb"]))!;

    private static async Task<PostgresCluster> StartAsync()
    {
        var programs = Programs();
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Take();
            if (await TryStartAsync(programs, port) is not { } failure) return new PostgresCluster(programs, port);
            if (attempt == 3) throw new InvalidOperationException($"PostgreSQL did not start: {failure}");
        }
    }

    /// <summary>Null when the server accepts connections, otherwise what it said.</summary>
    private static async Task<string?> TryStartAsync(string programs, int port)
    {
        string[] shell = ["sh", "-c", Script, "postgres", programs, $"{port}"];
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", .. shell] : shell;
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;

        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) { ready.TrySetResult(false); return; }
            lock (said) said.Add(line.Data);
            if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult(true);
        };
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(process);

        var started = await Task.WhenAny(ready.Task, Task.Delay(StartLimit)) == ready.Task && await ready.Task;
        if (started) return null;
        Stop(process);
        lock (said) return string.Join('\n', said);
    }

    private static void Stop(Process process)
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(10))) process.Kill(entireProcessTree: true);
    }
}

/// <summary>A loopback port nobody listens on now. Another program may take it before it is used: callers try again.</summary>
public static class FreePort
{
    /// <summary>The number of a free TCP port on 127.0.0.1.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
