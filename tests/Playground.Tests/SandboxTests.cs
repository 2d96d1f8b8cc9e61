using System.Net.Sockets;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Tests;

public sealed class SandboxTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task A_confined_backend_has_no_network()
    {
        Need.Program("bubblewrap", "bwrap");
        var backend = await Hub.Connect(Hub.Service("serve"));
        var seen = await Hub.Http.GetFromJsonAsync<JsonElement>(backend.PathUrl + $"network?port={Hub.Origin.Port}");
        Assert.NotEqual("yes", seen.GetProperty("reached").GetString());
        Assert.Equal(["lo"], seen.GetProperty("interfaces").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task A_confined_backend_sees_only_what_is_its_own_and_changes_nothing_else()
    {
        Need.Program("bubblewrap", "bwrap");
        var service = Hub.Service("serve");
        var neighbour = await Hub.Connect(service);
        using var open = await Hub.Open(neighbour);
        var backend = await Hub.Connect(service);
        var seen = await Hub.Http.GetFromJsonAsync<JsonElement>(backend.PathUrl + "folders");

        Assert.Equal(["session"], Names(seen, "run"));
        Assert.Equal(["http.sock", "notify.sock"], Names(seen, "session"));
        Assert.DoesNotContain("home", Names(seen, "root"));
        Assert.DoesNotContain("root", Names(seen, "root"));
        Assert.DoesNotContain(Names(seen, "tmp"), name => name!.StartsWith("bt-", StringComparison.Ordinal));
        Assert.True(seen.GetProperty("processes").GetInt32() <= 3, "only its own processes");
        Assert.EndsWith("0000000000000000", seen.GetProperty("capabilities").GetString(), StringComparison.Ordinal);
        Assert.False(seen.GetProperty("canWriteSystem").GetBoolean());
        Assert.False(seen.GetProperty("canWriteBackend").GetBoolean());
        Assert.True(seen.GetProperty("canWriteTmp").GetBoolean());
    }

    [Fact]
    public async Task The_status_of_a_backend_states_what_is_in_force_in_the_words_of_the_start_message()
    {
        Need.Program("bubblewrap", "bwrap");
        var backend = await Hub.Connect(Hub.Service("serve"));
        await Hub.Live(backend).Until(BackendState.Ready);
        var status = await Hub.Http.GetFromJsonAsync<JsonElement>($"/v2/backend/{backend.BackendId}/status");
        var said = status.GetProperty("in_force").GetString();
        Assert.Equal(Hub.Services.GetRequiredService<SandboxReport>().Summary, said);
        Assert.StartsWith("bubblewrap: no network", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_is_root_gives_each_backend_a_user_of_its_own()
    {
        Need.Program("bubblewrap", "bwrap");
        if (Libc.EffectiveUser() != 0) Assert.Skip("only for a hub that runs as root");
        var service = Hub.Service("serve");
        var users = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var seen = await Hub.Http.GetFromJsonAsync<JsonElement>((await Hub.Connect(service)).PathUrl + "folders");
            users.Add(seen.GetProperty("user").GetString()!);
        }

        Assert.All(users, user => Assert.DoesNotContain("\t0", user, StringComparison.Ordinal));
        Assert.NotEqual(users[0], users[1]);
    }

    [Fact]
    public async Task A_backend_is_given_what_the_design_lists_and_nothing_of_the_hubs_environment()
    {
        Environment.SetEnvironmentVariable("HUB_SECRET", "x");
        var service = Hub.Service("serve", change: each => each with
        {
            Environment = new Dictionary<string, string> { ["POINTS"] = "10", ["SESSION_BACKEND_ID"] = "forged" },
        });
        var backend = await Hub.Connect(service, new { key = "k" });
        var seen = await Hub.Http.GetFromJsonAsync<Dictionary<string, string>>(backend.PathUrl + "environment");
        Assert.Equal(backend.BackendId, seen!["SESSION_BACKEND_ID"]);
        Assert.Equal("k", seen["SESSION_BACKEND_KEY"]);
        Assert.Equal(backend.FencingToken, seen["SESSION_BACKEND_FENCING_TOKEN"]);
        Assert.Equal("10", seen["POINTS"]);
        Assert.EndsWith("/http.sock", seen["SESSION_SOCKET"], StringComparison.Ordinal);
        Assert.DoesNotContain("HUB_SECRET", seen.Keys);
        Assert.DoesNotContain(AppContext.BaseDirectory, string.Concat(seen.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_sandbox_only_trusted_services_run_and_only_where_that_is_allowed()
    {
        await using var allowed = await Hub.Start(new Dictionary<string, string?> { ["Playground:Sandbox"] = "None" });
        Assert.False(allowed.Services.GetRequiredService<SandboxReport>().Confined);
        Assert.Contains("UNCONFINED", allowed.Services.GetRequiredService<SandboxReport>().Summary, StringComparison.Ordinal);
        var own = await allowed.Connect(allowed.Service("serve"));
        Assert.Equal(HttpStatusCode.OK, (await allowed.Http.GetAsync(own.Url).Soon()).StatusCode);
        Assert.StartsWith("no sandbox", allowed.Live(own).View().InForce, StringComparison.Ordinal);
        var foreign = await allowed.Connect(allowed.Service("serve", change: each => each with { Trusted = false }));
        Assert.Equal(HttpStatusCode.BadGateway, (await allowed.Http.GetAsync(foreign.Url).Soon()).StatusCode);

        await using var forbidden = await Hub.Start(new Dictionary<string, string?>
        {
            ["Playground:Sandbox"] = "None", ["Playground:AllowUnconfined"] = "false",
        });
        Assert.False(forbidden.Services.GetRequiredService<SandboxReport>().CanRun);
        var refused = await forbidden.Connect(forbidden.Service("serve"));
        using var answer = await forbidden.Http.GetAsync(refused.Url).Soon();
        Assert.Contains("sandbox", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_hub_left_is_ended_and_removed_by_the_next_one_but_a_living_hubs_is_not()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        using var living = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance);

        var left = Directory.CreateDirectory(Path.Combine(parent.FullName, "bt-killed"), RunFolder.OwnerOnly).FullName;
        var backend = Directory.CreateDirectory(Path.Combine(left, BackendId.New().Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "lock"), "");
        using var watch = new ProcessWatch();
        var orphan = PosixSpawn.Start(new SpawnRequest("/usr/bin/sleep", ["600"], new Dictionary<string, string>(), "/"));
        using var output = orphan.Output;
        using var status = orphan.Status;
        var ended = watch.ExitOf(orphan.Pid);
        RunFolder.Note(backend, BackendNote.Of(Spec(), orphan.Pid), NullLogger.Instance);

        using (var next = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance))
        {
            Assert.Equal(EndReason.Lost, Assert.Single(next.Lost).Lost(DateTimeOffset.UnixEpoch)!.Reason);
            Assert.Equal(9, (await ended.Soon()).Signal);
            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(living.Root));
        }

        living.Dispose();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void A_folder_somebody_else_made_is_believed_nothing()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var planted = parent.CreateSubdirectory("bt-wicked").FullName; // open to others, as they make them
        using var victim = System.Diagnostics.Process.Start("sleep", "600")!;
        File.WriteAllText(Path.Combine(planted, "lock"), "");
        RunFolder.Note(Path.Combine(planted, BackendId.New().Value), BackendNote.Of(Spec(), victim.Id), NullLogger.Instance);
        Directory.CreateSymbolicLink(Path.Combine(parent.FullName, "bt-linked"), planted);
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        using (var folders = new RunFolder(options, parent.FullName, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Empty(folders.Lost);
        Assert.False(victim.HasExited);
        Assert.True(Directory.Exists(planted));
        victim.Kill();
        parent.Delete(recursive: true);
    }

    [Fact]
    public void What_became_of_a_backend_is_left_for_a_hub_of_the_same_data_to_tell()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var (mine, other) = (parent.CreateSubdirectory("mine").FullName, parent.CreateSubdirectory("other").FullName);
        var options = Options.Create(new PlaygroundOptions { RunFolder = parent.FullName });
        var left = Directory.CreateDirectory(Path.Combine(parent.FullName, "bt-killed"), RunFolder.OwnerOnly).FullName;
        var backend = Directory.CreateDirectory(Path.Combine(left, BackendId.New().Value)).FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        File.WriteAllText(Path.Combine(left, "owner"), mine);
        RunFolder.Note(backend, BackendNote.Of(Spec(), int.MaxValue), NullLogger.Instance);

        using (var stranger = new RunFolder(options, other, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Empty(stranger.Lost);
        Assert.False(Directory.Exists(backend));
        using (var next = new RunFolder(options, mine, TimeProvider.System, NullLogger<RunFolder>.Instance)) Assert.Single(next.Lost);
        Assert.False(Directory.Exists(left));
        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_that_cannot_be_noted_on_a_full_disk_is_watched_all_the_same()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var folder = parent.CreateSubdirectory("backend").FullName;
        parent.CreateSubdirectory("backend.process"); // where the note would be written
        using var watch = new ProcessWatch();
        using var spawner = new Spawner(groups: null);
        var request = new SpawnRequest("/usr/bin/sleep", ["600"], new Dictionary<string, string>(), "/");
        await using (var instance = new ProcessInstance(
            Spec(), new Start(request, Confined: false, new ServiceLimits()), folder, new SessionFolder(folder, watch, assigned: true),
            spawner, watch, NullLogger.Instance))
        {
            await instance.Spawn();
            instance.Kill();
            Assert.Equal(9, (await instance.Exited.Soon()).Signal);
        }

        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task A_socket_that_appears_while_the_kernel_loses_count_of_changes_is_found_all_the_same()
    {
        var parent = Directory.CreateTempSubdirectory("run-");
        var (busy, own) = (parent.CreateSubdirectory("busy").FullName, parent.CreateSubdirectory("own").FullName);
        using var watch = new ProcessWatch();
        using var held = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        using var changes = watch.ChangesIn(busy, (_, _) =>
        {
            began.Set();
            held.Wait();
        });
        using var session = new SessionFolder(own, watch, assigned: true);
        var ready = session.WaitUntilReady(CancellationToken.None);

        var most = int.Parse(await File.ReadAllTextAsync("/proc/sys/fs/inotify/max_queued_events"), System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(Path.Combine(busy, "first"), "");
        Assert.True(began.Wait(TimeSpan.FromSeconds(20)));
        // Two names in turn, for what is the same twice is told once.
        for (var i = 0; i <= most / 2; i++)
        {
            File.Move(Path.Combine(busy, "first"), Path.Combine(busy, "second"));
            File.Move(Path.Combine(busy, "second"), Path.Combine(busy, "first"));
        }

        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(Path.Combine(own, "http.sock")));
        listening.Listen();
        held.Set();
        await ready.Soon();
        Assert.False(session.Trespassed.IsCompleted);
        parent.Delete(recursive: true);
    }

    private static BackendSpec Spec() => new(BackendId.New(), null, new FencingToken(1), new ServiceDefinition
    {
        Account = Hub.Account, Name = ServiceName.Parse("sleep"), Title = "sleep", BackendFolder = "/", Command = ["sleep"],
    });

    private static IEnumerable<string?> Names(JsonElement seen, string folder) =>
        seen.GetProperty(folder).EnumerateArray().Select(each => each.GetString());
}
