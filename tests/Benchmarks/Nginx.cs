using System.Diagnostics;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>nginx on a free port with a worker for each core, serving files from a folder of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Nginx(Process process, DirectoryInfo folder, int port) => (_process, _folder, Origin) = (process, folder, new Uri($"http://localhost:{port}"));

    public Uri Origin { get; }

    public static async Task<Nginx> StartAsync(IReadOnlyDictionary<string, byte[]> pages)
    {
        var program = Need.Program("nginx", "nginx");
        var folder = Directory.CreateTempSubdirectory("bench-nginx-");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var port = FreePort.Take();
        foreach (var (path, bytes) in pages)
        {
            var file = Path.Combine(folder.FullName, "www", path.Trim('/'), "index.html");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
        }

        var configuration = Path.Combine(folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            worker_processes auto;
            pid {{folder.FullName}}/pid;
            error_log {{folder.FullName}}/error.log;
            daemon off;
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
              default_type text/html;
              server { listen 127.0.0.1:{{port}}; root {{folder.FullName}}/www; location / { try_files $uri/index.html =404; } }
            }
            """);
        var process = Process.Start(program, ["-c", configuration]);
        var nginx = new Nginx(process, folder, port);
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await http.GetStringAsync(nginx.Origin);
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
