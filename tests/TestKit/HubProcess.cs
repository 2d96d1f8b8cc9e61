using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace BrowserTech.TestKit;

/// <summary>
/// The hub as people run it: its own process, on a free port, with a data folder of its own. It is started by
/// <see cref="StartAsync"/>, ended by disposing, and killed where a test wants to see what survives.
/// </summary>
public sealed partial class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly DirectoryInfo _data;
    private readonly bool _ownsData;
    private readonly HubSettings _settings;
    private Process _process;

    private HubProcess(HubSettings settings, DirectoryInfo data, bool ownsData, int port)
    {
        (_settings, _data, _ownsData, Port) = (settings, data, ownsData, port);
        Origin = new Uri($"http://localhost:{port}");
        Http = NewClient();
        _process = Launch();
    }

    public int Port { get; }

    public Uri Origin { get; }

    /// <summary>Follows no redirect, keeps no cookie.</summary>
    public HttpClient Http { get; }

    public string DataFolder => _data.FullName;

    public string MailFolder => Path.Combine(DataFolder, "mail");

    public int ProcessId => _process.Id;

    /// <summary>Everything it wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The repository the tests were built from.</summary>
    /// <summary>The built backends of demos that belong to this program: a bench has those that <c>./run</c> starts, a test its own.</summary>
    public static string BuiltDemos { get; } = Path.Combine(AppContext.BaseDirectory, "..", "..", "..",
        new DirectoryInfo(AppContext.BaseDirectory).Name == "release" ? "demos" : "demos-debug");

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static async Task<HubProcess> StartAsync(HubSettings? settings = null)
    {
        settings ??= new HubSettings();
        var data = settings.Data is { } given ? new DirectoryInfo(given) : Directory.CreateTempSubdirectory("hub-tests-");
        var hub = new HubProcess(settings, data, ownsData: settings.Data is null, FreePort.Take());
        try
        {
            await hub.WaitUntilReadyAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
    }

    /// <summary>As <c>Ctrl+C</c>. The exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        return _process.ExitCode;
    }

    /// <summary>Starts again on the same data and port, after a kill or an interrupt.</summary>
    public async Task RestartAsync()
    {
        _process.Dispose();
        _process = Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>The organiser's sign-in link that it printed.</summary>
    public Uri SignInLink => new(SignInPattern().Matches(Output)[^1].Value);

    /// <summary>A client without cookies and redirects; give it a user agent where it shall be taken for a browser.</summary>
    public HttpClient NewClient(bool keepCookies = false) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = keepCookies, CookieContainer = new CookieContainer(), AutomaticDecompression = DecompressionMethods.None,
        // *.localhost is loopback for browsers; the resolver of this machine may not know.
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("localhost", context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
        MaxConnectionsPerServer = 256,
    })
    { BaseAddress = Origin, Timeout = TimeSpan.FromMinutes(3) };

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            try
            {
                await InterruptAsync();
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        Http.Dispose();
        if (_ownsData) _data.Delete(recursive: true);
    }

    private Process Launch()
    {
        var program = _settings.Program ?? Path.Combine(Repository, "artifacts", "bin", "Site", "debug", "BrowserTech.Site.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", $"http://localhost:{Port}", "--data", _data.FullName, "--content", _settings.Content ?? Path.Combine(Repository, "content")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _data.FullName,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Playground__BuiltDemosFolder"] = BuiltDemos;
        start.Environment["Playground__BuiltClientsFolder"] = Path.Combine(Repository, "artifacts", "demo-clients");
        foreach (var (key, value) in _settings.Environment) start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }

    // The hub prints its report when it listens; the port answering is what counts.
    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The hub ended with {_process.ExitCode}:\n{Output}");
            try
            {
                using var answer = await Http.GetAsync("/health/ready", limit.Token);
                if (answer.IsSuccessStatusCode && Output.Contains("/organize/sign-in/", StringComparison.Ordinal)) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException timeout)
            {
                throw new TimeoutException($"The hub was not ready after {StartLimit.TotalSeconds} s:\n{Output}", timeout);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    [GeneratedRegex(@"http://\S+/organize/sign-in/\S+", RegexOptions.NonBacktracking)]
    private static partial Regex SignInPattern();
}

/// <summary>How a hub is started for a test.</summary>
public sealed class HubSettings
{
    /// <summary>Null makes a folder that goes with the hub.</summary>
    public string? Data { get; init; }

    /// <summary>Null takes the repository's.</summary>
    public string? Content { get; init; }

    /// <summary>Null takes what the tests were built with.</summary>
    public string? Program { get; init; }

    public Dictionary<string, string?> Environment { get; init; } = [];
}
