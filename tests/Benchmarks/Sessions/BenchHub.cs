using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>
/// The hub as <c>./run</c> starts it, in production mode, with three services of the same program: two that are started when
/// somebody comes, and one that is kept warm.
/// </summary>
internal sealed class BenchHub : IAsyncDisposable
{
    public const string Cold = "bench-cold";
    public const string Warm = "bench-warm";

    /// <summary>Cold, and beyond the number of services for which a sandbox is kept ready.</summary>
    public const string Plain = "bench-plain";

    private readonly HubProcess _process;
    private readonly ContentFolder _content;

    private BenchHub(HubProcess process, ContentFolder content) => (_process, _content) = (process, content);

    public IPEndPoint Endpoint => new(IPAddress.Loopback, _process.Port);

    public HttpClient Http => _process.Http;

    public int ProcessId => _process.ProcessId;

    public static async Task<BenchHub> StartAsync(string backendFolder, string program, int warm)
    {
        var content = ContentFolder.CopyOf();
        foreach (var (name, pool) in new[] { (Cold, 0), (Plain, 0), (Warm, warm) })
        {
            content.Write($"demos/{name}/demo.md", $"""
                ---
                title: {name}
                summary: A program to measure with.
                license: MIT
                requires: [WebSocket]
                backend:
                  command: [./{program}]
                  lifetime_seconds: 3600
                  grace_seconds: 1
                  memory_mb: 64
                  max_processes: 32
                  warm: {pool}
                ---
                Not to be looked at.
                """);
            content.Write($"demos/{name}/client/index.html", "<!doctype html><title>bench</title>");
            Directory.CreateDirectory(Path.Combine(content.Root, "demos", name, "backend"));
            File.Copy(Path.Combine(backendFolder, program), Path.Combine(content.Root, "demos", name, "backend", program));
        }

        var process = await PublishedHub.StartAsync(content.Root,
        [
            ("Playground__MaxBackends", "2000"),
            ("Playground__MaxBackendsPerService", "2000"),
            ("Playground__MaxBackendsPerClient", "2000"),
            ("Playground__ConnectsPerMinute", "1000000"),
            ("Playground__CallsPerMinute", "1000000"),
            ("Playground__WarmBackends", "64"),
            ("Playground__ReadySandboxes", "1"),
            ("Playground__BuiltDemosFolder", ""),
        ]);
        return new BenchHub(process, content) { WarmCount = warm };
    }

    /// <summary>Calls connect.</summary>
    public async Task<Session> ConnectAsync(string service)
    {
        using var answer = await Http.PostAsync($"/v2/service/browsertech/{service}/connect", null);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(text);
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        return new Session(
            root.GetProperty("backend_id").GetString()!, root.GetProperty("token").GetString()!,
            new Uri(root.GetProperty("path_url").GetString()!).AbsolutePath);
    }

    /// <summary>Opens the session's WebSocket.</summary>
    public Task<EchoClient> OpenAsync(Session session) => EchoClient.ConnectAsync(Endpoint, session.Path, $"localhost:{_process.Port}");

    public async Task TerminateAsync(Session session, bool hard = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/backend/{session.Id}/terminate");
        request.Headers.Authorization = new("Bearer", session.Token);
        request.Content = JsonContent.Create(new { hard });
        using var _ = await Http.SendAsync(request);
    }

    /// <summary>The pid of a session's program.</summary>
    public async Task<int> PidAsync(Session session)
    {
        using var json = JsonDocument.Parse(await Http.GetStringAsync($"/v2/backend/{session.Id}/status"));
        return json.RootElement.GetProperty("pid").GetInt32();
    }

    /// <summary>Resident memory of the hub in bytes, when it has stopped changing: the collector gives back what it does not need.</summary>
    public async Task<long> SettledMemoryAsync()
    {
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(500);
            least = Math.Min(least, Resident());
        }

        return least;
    }

    /// <summary>Waits until nothing of any session is left but what is kept warm.</summary>
    public async Task QuietAsync()
    {
        for (var calm = 0; calm < 5;)
        {
            await Task.Delay(200);
            calm = SessionFolders() <= WarmCount + ReadySandboxes ? calm + 1 : 0;
        }
    }

    /// <summary>Processes the hub started, and those these started.</summary>
    public int Descendants() => Below(ProcessId);

    public int SessionFolders() => Roots("/tmp", "bt-*").Sum(root => Directory.GetDirectories(root, "be-*").Length);

    public int ControlGroups() => Roots("/sys/fs/cgroup/pids", "bt-*").Sum(root => Directory.GetDirectories(root).Length);

    private int WarmCount { get; init; }

    private const int ReadySandboxes = 1;

    private static string[] Roots(string parent, string pattern) => Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [];

    private static int Below(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task")
                .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Sum(child => 1 + Below(int.Parse(child)));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private long Resident() => long.Parse(File.ReadAllText($"/proc/{ProcessId}/statm").Split(' ')[1]) * Environment.SystemPageSize;

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _content.Dispose();
    }
}

/// <summary>What connect answered.</summary>
internal sealed record Session(string Id, string Token, string Path);
