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

    [Fact]
    public async Task Where_the_kernel_watches_no_more_folders_a_socket_is_found_and_so_is_a_file()
    {
        const string Within = "BROWSERTECH_NO_WATCHES";
        if (Environment.GetEnvironmentVariable(Within) is null)
        {
            // The same test again, in a user namespace that may watch nothing.
            var start = new System.Diagnostics.ProcessStartInfo(Need.Program("util-linux", "unshare"),
            [
                "--user", "--map-root-user", "sh", "-c", "echo 0 > /proc/sys/user/max_inotify_watches || exit 42; exec \"$@\"", "sh",
                Environment.ProcessPath!, "-noLogo", "-noColor", "-method", $"*.{nameof(Where_the_kernel_watches_no_more_folders_a_socket_is_found_and_so_is_a_file)}",
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment[Within] = "yes";
            using var again = System.Diagnostics.Process.Start(start)!;
            var (said, complained) = (again.StandardOutput.ReadToEndAsync(), again.StandardError.ReadToEndAsync());
            await again.WaitForExitAsync().Soon();
            Need.That(again.ExitCode != 42 && !(await complained).StartsWith("unshare:", StringComparison.Ordinal), "no user namespace can be made");
            Assert.True(again.ExitCode == 0, await said + await complained);
            return;
        }

        Assert.Equal("0", (await File.ReadAllTextAsync("/proc/sys/user/max_inotify_watches")).Trim());
        var parent = Directory.CreateTempSubdirectory("run-");
        using var watch = new ProcessWatch();
        using (var session = new SessionFolder(parent.FullName, watch, assigned: true))
        {
            var ready = session.WaitUntilReady(CancellationToken.None);
            using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listening.Bind(new UnixDomainSocketEndPoint(Path.Combine(parent.FullName, "http.sock")));
            listening.Listen();
            await ready.Soon();
            Assert.False(session.Trespassed.IsCompleted);
            await File.WriteAllTextAsync(Path.Combine(parent.FullName, "file"), "x");
            await session.Trespassed.Soon();
        }

        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task In_a_sandbox_of_a_hub_that_is_not_root_there_is_no_memory_without_a_size_to_write_to()
    {
        var (bubblewrap, setpriv) = (Need.Program("bubblewrap", "bwrap"), Need.Program("util-linux", "setpriv"));
        var parent = Directory.CreateTempSubdirectory("run-");
        parent.UnixFileMode = RunFolder.OwnerOnly | (UnixFileMode)0b101_101;
        var folder = parent.CreateSubdirectory("session").FullName;
        var confinement = new Confinement(bubblewrap, setpriv: null, "/usr/bin/dotnet");
        var root = new SandboxRoot(parent.FullName, confinement.MountPoints, NullLogger.Instance, ownDevices: false);
        var spec = Spec();
        var limits = spec.Service.Limits with { TmpBytes = 1024 * 1024 };
        spec = spec with
        {
            Service = spec.Service with
            {
                BackendFolder = "/usr",
                Limits = limits,
                Command =
                [
                    "sh", "-c",
                    """
                    while read -r _ place _; do (: > "$place/probe") 2> /dev/null && echo "can write to $place"; done < /proc/mounts
                    head -c 100k /dev/urandom > /dev/shm/some && head -c 100k /dev/zero > /dev/shm/more && echo shared
                    head -c 3M /dev/zero > /dev/shm/much || echo "not so much"
                    """,
                ],
            },
        };
        var request = confinement.Build(new Enclosure(spec, folder, User: null, FilterFile: null, root));
        if (Libc.EffectiveUser() == 0)
        {
            const uint Nobody = 65534;
            Assert.Equal(0, Libc.ChangeOwner(folder, Nobody, Nobody));
            request = request with { Program = setpriv, Arguments = ["--reuid", $"{Nobody}", "--regid", $"{Nobody}", "--clear-groups", "--", request.Program, .. request.Arguments] };
        }

        using var watch = new ProcessWatch();
        var started = PosixSpawn.Start(request);
        using var status = started.Status;
        status.Send("\n"u8);
        using var output = new StreamReader(new NetworkStream(started.Output, ownsSocket: true));
        var said = await output.ReadToEndAsync().Soon();
        var exit = await watch.ExitOf(started.Pid).Soon();
        said += $"It {exit}.";
        Need.That(!said.Contains("new namespace", StringComparison.Ordinal), "users may not make namespaces: " + said);
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var writable = lines.Where(line => line.StartsWith("can write", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.True(writable.SequenceEqual(["can write to /run/session", "can write to /tmp"]), said);
        Assert.Contains("shared", lines);
        Assert.Contains("not so much", lines);
        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_sandbox_a_program_is_not_held_to_account_for_what_else_its_user_runs()
    {
        var setpriv = Need.Program("util-linux", "setpriv");
        Need.That(Libc.EffectiveUser() == 0, "only root can become another user, and root is held to no number of processes");
        using var watch = new ProcessWatch();
        using var spawner = new Spawner(groups: null);
        // Another user when its limits are set, of which that of processor time is the last: not every root may set another user's.
        var request = new SpawnRequest("/bin/sh",
        [
            "-c", "until [ \"$(ulimit -t)\" != unlimited ]; do :; done; exec \"$@\"", "sh",
            setpriv, "--reuid", "65533", "--regid", "65533", "--clear-groups", "--", "/bin/sh", "-c", "sleep 600 & kill $!; echo a child",
        ], new Dictionary<string, string>(), "/");
        // As many as the user has already: none but the program itself.
        var started = await spawner.Start(new Start(request, Confined: false, new ServiceLimits { Pids = 1 })).Soon();
        using var status = started.Process.Status;
        using var output = new StreamReader(new NetworkStream(started.Process.Output, ownsSocket: true));
        Assert.Equal("a child\n", await output.ReadToEndAsync().Soon());
        await watch.ExitOf(started.Process.Pid).Soon();
    }

    internal static BackendSpec Spec() => new(BackendId.New(), null, new FencingToken(1), new ServiceDefinition
    {
        Account = Hub.Account, Name = ServiceName.Parse("sleep"), Title = "sleep", BackendFolder = "/", Command = ["sleep"],
    });

    private static IEnumerable<string?> Names(JsonElement seen, string folder) =>
        seen.GetProperty(folder).EnumerateArray().Select(each => each.GetString());
}
