using System.Diagnostics;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>nginx on a free port with a worker for each core: serving files from a folder of its own, or in front of a backend.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Nginx(Process process, DirectoryInfo folder, int port) => (_process, _folder, Origin) = (process, folder, new Uri($"http://localhost:{port}"));

    public Uri Origin { get; }

    public static async Task<Nginx> StartAsync(IReadOnlyDictionary<string, byte[]> pages)
    {
        var folder = NewFolder();
        foreach (var (path, bytes) in pages)
        {
            var file = Path.Combine(folder.FullName, "www", path.Trim('/'), "index.html");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        return await StartAsync(folder, user: null, http: "sendfile on; tcp_nopush on; open_file_cache max=100; default_type text/html;",
            server: $"root {folder.FullName}/www; location / {{ try_files $uri/index.html =404; }}");
    }

    /// <summary>In front of a backend's Unix socket, with connections kept to it.</summary>
    public static Task<Nginx> StartProxyAsync(string socket) => StartAsync(
        NewFolder(),
        // A backend's socket is in a folder closed to everybody but the hub's user.
        user: Environment.UserName,
        http: $"upstream backend {{ server unix:{socket}; keepalive 64; keepalive_requests 100000000; }}",
        server: "location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection \"\"; }");

    private static DirectoryInfo NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("bench-nginx-");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        return folder;
    }

    private static async Task<Nginx> StartAsync(DirectoryInfo folder, string? user, string http, string server)
    {
        var program = Need.Program("nginx", "nginx");
        var port = FreePort.Take();
        var configuration = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            worker_processes auto;
            {{(user is null ? "" : $"user {user};")}}
            pid {{folder.FullName}}/pid;
            error_log {{folder.FullName}}/error.log;
            daemon off;
            events { worker_connections 1024; }
            http {
              access_log off; keepalive_requests 100000000;
              {{http}}
              server { listen 127.0.0.1:{{port}}; {{server}} }
            }
            """);
        var process = Process.Start(program, ["-c", configuration]);
        var nginx = new Nginx(process, folder, port);
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await client.GetStringAsync(nginx.Origin);
                return nginx;
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                await Task.Delay(25);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
