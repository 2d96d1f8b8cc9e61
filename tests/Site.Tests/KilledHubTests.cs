using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace BrowserTech.Site.Tests;

/// <summary>The hub ends without a chance to say or do anything, and what it ran must not outlive it.</summary>
public sealed class KilledHubTests
{
    private const string Connect = "/v2/service/browsertech/session-backend/connect";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_killed_hub_leaves_no_process_and_the_next_one_says_of_each_backend_that_it_is_lost()
    {
        Need.Program("bubblewrap", "bwrap");
        var run = Directory.CreateTempSubdirectory("run-");
        await using var hub = await HubProcess.StartAsync(Settings(run));
        var connected = await hub.Http.PostAsync(Connect, null);
        var backend = await connected.Content.ReadFromJsonAsync<JsonElement>();
        var ready = await hub.Http.GetFromJsonAsync<JsonElement>(backend.GetProperty("ready_url").GetString());
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        var processes = Below(hub.ProcessId);
        Assert.Contains(ready.GetProperty("pid").GetInt32(), processes);

        await hub.KillAsync();
        await Gone(() => processes.Exists(pid => Directory.Exists($"/proc/{pid}")));

        await hub.RestartAsync();
        var status = await hub.Http.GetFromJsonAsync<JsonElement>(backend.GetProperty("status_url").GetString());
        Assert.Equal("terminated", status.GetProperty("status").GetString());
        Assert.Equal("lost", status.GetProperty("termination_reason").GetString());
        using var late = await hub.Http.GetAsync(backend.GetProperty("path_url").GetString());
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        // A page that was connected to it reads this, from wherever it is.
        Assert.Equal("*", late.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var told = await late.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("gone", told.GetProperty("kind").GetString());
        Assert.Contains(status.GetProperty("message").GetString()!, told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(run.GetDirectories());
    }

    [Fact]
    public async Task A_hub_killed_while_it_starts_many_leaves_none_of_them()
    {
        Need.Program("bubblewrap", "bwrap");
        var run = Directory.CreateTempSubdirectory("run-");
        await using var hub = await HubProcess.StartAsync(Settings(run));
        (await hub.Http.PostAsync(Connect, null)).Dispose(); // the silo has started
        var connects = Enumerable.Range(0, 30).Select(_ => hub.Http.PostAsync(Connect, null)).ToList();
        await Task.WhenAny(connects); // and the others are on their way
        var name = run.GetDirectories().Single().Name;
        await hub.KillAsync();
        await Task.WhenAll(connects).ContinueWith(_ => { }, TaskScheduler.Default);

        await hub.RestartAsync();
        await Gone(() => Sandboxes(run).Any(line => line.Contains(name, StringComparison.Ordinal)) || Groups(name).Count > 0);
        Assert.DoesNotContain(run.GetDirectories(), folder => folder.Name == name);
    }

    private static HubSettings Settings(DirectoryInfo run) => new()
    {
        Environment = { ["Playground__RunFolder"] = run.FullName, ["Playground__MaxBackendsPerClient"] = "100" },
    };

    private static List<int> Below(int pid) =>
    [
        .. Directory.GetDirectories($"/proc/{pid}/task")
            .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse).SelectMany(child => Below(child).Prepend(child)),
    ];

    /// <summary>The command lines of sandboxes of hubs whose folders are here.</summary>
    private static IEnumerable<string> Sandboxes(DirectoryInfo run)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string line;
            try
            {
                line = File.ReadAllText(process + "/cmdline");
            }
            catch (IOException)
            {
                continue; // gone
            }

            if (line.Contains("bwrap", StringComparison.Ordinal) && line.Contains(run.FullName, StringComparison.Ordinal)) yield return line;
        }
    }

    private static List<string> Groups(string name) =>
    [
        .. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(" - cgroup", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[4]).Where(Directory.Exists)
            .SelectMany(mount => Directory.EnumerateDirectories(mount, name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })),
    ];

    /// <summary>The kernel ends them at once, and takes a moment to say so.</summary>
    private static async Task Gone(Func<bool> isThere)
    {
        using var late = new CancellationTokenSource(Bound);
        while (isThere()) await Task.Delay(20, late.Token);
    }
}
