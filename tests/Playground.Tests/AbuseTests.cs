using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Organizers;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Tests;

/// <summary>Programs that take what is not theirs. Each is held, and while it tries, a neighbour of the same service answers.</summary>
public sealed class AbuseTests(SharedHub shared)
{
    private const long Megabyte = 1024 * 1024;

    private static readonly ServiceLimits Limits = new()
    {
        Grace = TimeSpan.FromMinutes(5), Pids = 40, MemoryBytes = 160 * Megabyte, TmpBytes = 8 * Megabyte, OpenFiles = 200,
    };

    private Hub Hub => shared.Hub;

    [Fact]
    public async Task A_program_that_starts_processes_without_end_is_refused_more_and_all_of_them_end_with_it()
    {
        Need.Program("bubblewrap", "bwrap");
        await StartsTooMany(Hub);
        await using var without = await Hub.Start(new Dictionary<string, string?> { ["Playground:ControlGroups"] = "false" });
        await StartsTooMany(without);

        async Task StartsTooMany(Hub hub)
        {
            var service = hub.Service("serve", Limits);
            var (bad, good) = (await hub.Connect(service), await hub.Connect(service));
            var forks = await hub.Http.GetFromJsonAsync<JsonElement>(bad.PathUrl + "forks?count=200");
            Assert.InRange(forks.GetProperty("started").GetInt32(), 1, Limits.Pids);
            await AssertAnswers(hub, good);
            await End(hub, bad, good);
        }
    }

    [Fact]
    public async Task A_fork_bomb_goes_off_in_its_own_room()
    {
        Need.Program("bubblewrap", "bwrap");
        var bomb = await Hub.Connect(Hub.Service("bomb", Limits, each => each with
        {
            Command = ["sh", "-c", "while :; do (f() { f | f & f; }; f) 2> /dev/null; done"],
        }));
        var good = await Hub.Connect(Hub.Service("serve", Limits));
        for (var i = 0; i < 20; i++) await AssertAnswers(Hub, good);
        await End(Hub, bomb, good);
    }

    [Fact]
    public async Task A_program_over_its_memory_is_killed_whether_the_kernel_counts_or_the_hub_looks()
    {
        Need.Program("bubblewrap", "bwrap");
        await Fills(Hub);
        await using var without = await Hub.Start(new Dictionary<string, string?> { ["Playground:ControlGroups"] = "false" });
        await Fills(without);

        async Task Fills(Hub hub)
        {
            var service = hub.Service("serve", Limits);
            var (bad, good) = (await hub.Connect(service), await hub.Connect(service));
            var live = hub.Live(bad);
            using var filled = await hub.Http.GetAsync(bad.PathUrl + "fill?megabytes=400").Soon();
            await live.Ended.Soon();
            Assert.Equal((EndReason.Memory, true, 9), (live.Life.Reason, live.Life.Hard, live.Life.Exit!.Signal));
            await AssertAnswers(hub, good);
            await End(hub, good);
        }
    }

    [Fact]
    public async Task What_its_children_use_is_its_own_use()
    {
        Need.Program("bubblewrap", "bwrap");
        var bad = await Hub.Connect(Hub.Service("serve", Limits));
        await Hub.Live(bad).Until(BackendState.Ready);
        if (!Hub.Live(bad).Instance!.MemoryIsCounted) Assert.Skip("where no group counts, only what stays for a second is seen");
        // tail keeps what has no line end.
        var run = await Run(bad, "head -c 400M /dev/zero | tail -c 399M > /dev/null; echo ended with $?");
        Assert.DoesNotContain("ended with 0", run, StringComparison.Ordinal);
        await End(Hub, bad);
    }

    [Fact]
    public async Task A_full_tmp_is_full_for_its_owner_alone()
    {
        Need.Program("bubblewrap", "bwrap");
        var service = Hub.Service("serve", Limits);
        var (bad, good) = (await Hub.Connect(service), await Hub.Connect(service));
        Assert.Contains("No space left", await Run(bad, "head -c 100M /dev/zero > /tmp/x"), StringComparison.Ordinal);
        Assert.Contains("wrote it", await Run(good, "head -c 1M /dev/zero > /tmp/x && echo wrote it"), StringComparison.Ordinal);
        await End(Hub, bad, good);
    }

    [Theory]
    [InlineData("echo x > /run/session/file")]
    [InlineData("mkdir /run/session/more && head -c 100M /dev/zero > /run/session/more/x")]
    [InlineData("i=0; while [ $i -lt 500 ]; do : > /run/session/$i; i=$((i+1)); done")]
    [InlineData("exec 9> /run/session/gone; rm /run/session/gone; head -c 100M /dev/zero >&9")]
    public async Task The_folder_of_its_socket_is_not_a_disk(string command)
    {
        Need.Program("bubblewrap", "bwrap");
        var service = Hub.Service("serve", Limits);
        var (bad, good) = (await Hub.Connect(service), await Hub.Connect(service));
        var live = Hub.Live(bad);
        await Hub.Http.GetAsync(bad.PathUrl + "run?command=" + Uri.EscapeDataString(command)).Soon();
        await live.Ended.Soon();
        Assert.Equal((EndReason.Disk, true), (live.Life.Reason, live.Life.Hard));
        Assert.Contains("folder of its socket", live.Life.Detail, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Hub.FolderOf(bad)));
        await AssertAnswers(Hub, good);
        await End(Hub, good);
    }

    [Fact]
    public async Task What_would_write_to_that_folder_without_an_event_is_refused()
    {
        Need.Program("bubblewrap", "bwrap");
        var bad = await Hub.Connect(Hub.Service("serve", Limits));
        var answers = await Hub.Http.GetFromJsonAsync<Dictionary<string, int>>(bad.PathUrl + "unseen");
        const int NotPermitted = 1, NoSuchCall = 38, NotSupported = 95;
        Assert.Equal(new Dictionary<string, int> { ["asynchronously"] = NoSuchCall, ["without a name"] = NotSupported, ["as an attribute"] = NotPermitted }, answers);
        Assert.All(new DirectoryInfo(Hub.FolderOf(bad)).GetFiles(), file => Assert.Equal(0, file.Length));
        await End(Hub, bad);
    }

    [Fact]
    public async Task A_program_that_opens_files_without_end_is_refused_more()
    {
        Need.Program("bubblewrap", "bwrap");
        var bad = await Hub.Connect(Hub.Service("serve", Limits));
        var opened = await Hub.Http.GetFromJsonAsync<JsonElement>(bad.PathUrl + "descriptors?count=5000");
        Assert.InRange(opened.GetProperty("opened").GetInt32(), 50, Limits.OpenFiles);
        await AssertAnswers(Hub, bad);
        await End(Hub, bad);
    }

    [Fact]
    public async Task A_flood_of_output_is_read_slowly_and_kept_short()
    {
        Need.Program("bubblewrap", "bwrap");
        var flood = await Hub.Connect(Hub.Service("flood", Limits, each => each with { Command = ["yes", "a flood"] }));
        var good = await Hub.Connect(Hub.Service("serve", Limits));
        for (var i = 0; i < 20; i++) await AssertAnswers(Hub, good);
        var live = Hub.Live(flood);
        await End(Hub, flood, good);
        Assert.InRange(live.Instance!.LastOutput(int.MaxValue).Count, 1, Runtimes.OutputRing.MaxLines + 1);
    }

    [Fact]
    public async Task A_program_that_computes_without_end_gets_its_share_and_no_more()
    {
        Need.Program("bubblewrap", "bwrap");
        var limits = Limits with { Cpus = 0.25 };
        var busy = await Hub.Connect(Hub.Service("busy", limits, each => each with
        {
            Command = ["sh", "-c", "for i in 1 2 3 4; do while :; do :; done & done; wait"],
        }));
        var good = await Hub.Connect(Hub.Service("serve", Limits));
        for (var i = 0; i < 20; i++) await AssertAnswers(Hub, good);

        // However long the answers took: of each tenth of a second the kernel gives it a quarter, and what it began with.
        var live = Hub.Live(busy);
        if (!live.View().InForce!.Contains("processors", StringComparison.Ordinal))
        {
            // Then nobody counts what its children use, either.
            await End(Hub, busy, good);
            return;
        }

        while (live.View().Process is null) await AssertAnswers(Hub, good);
        var (start, before) = (Stopwatch.GetTimestamp(), Used());
        while (Used() - before < TimeSpan.FromSeconds(0.25)) await AssertAnswers(Hub, good);
        var share = (Used() - before) / Stopwatch.GetElapsedTime(start);
        Assert.InRange(share, 0, 0.25 * 1.25);
        await End(Hub, busy, good);

        TimeSpan Used() => live.View().Process!.CpuTime!.Value;
    }

    [Fact]
    public async Task The_limits_a_service_sets_are_the_ones_the_kernel_has()
    {
        Need.Program("bubblewrap", "bwrap");
        var limits = Limits with { Cpus = 0.25 };
        var backend = await Hub.Connect(Hub.Service("serve", limits));
        await Hub.Live(backend).Until(BackendState.Ready);
        var pid = Hub.Live(backend).View().Process!.Pid;
        var found = new Dictionary<string, string>();
        foreach (var line in await File.ReadAllLinesAsync($"/proc/{pid}/cgroup"))
        {
            var (controllers, path) = (line.Split(':', 3)[1].Split(','), line.Split(':', 3)[2]);
            foreach (var controller in controllers.Where(each => each is "cpu" or "memory" or "pids"))
            {
                var folder = Directory.EnumerateDirectories("/sys/fs/cgroup").First(each => Path.GetFileName(each).Split(',').Contains(controller)) + path;
                foreach (var name in (string[])["cpu.cfs_quota_us", "memory.limit_in_bytes", "pids.max"])
                    if (File.Exists(Path.Combine(folder, name))) found[name] = (await File.ReadAllTextAsync(Path.Combine(folder, name))).Trim();
            }
        }

        var inForce = Hub.Live(backend).View().InForce!;
        if (!inForce.Contains("control groups", StringComparison.Ordinal)) found.Clear(); // they are another's
        Assert.Equal(inForce.Contains("version 1", StringComparison.Ordinal) && inForce.Contains("processors", StringComparison.Ordinal) ? "25000" : null, found.GetValueOrDefault("cpu.cfs_quota_us"));
        if (found.TryGetValue("memory.limit_in_bytes", out var memory)) Assert.Equal($"{limits.MemoryBytes}", memory);
        if (found.TryGetValue("pids.max", out var pids)) Assert.Equal($"{limits.Pids + 3}", pids);
        var open = (await File.ReadAllLinesAsync($"/proc/{pid}/limits")).Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Contains($" {limits.OpenFiles} ", open, StringComparison.Ordinal);
        await End(Hub, backend);
    }

    [Theory]
    [InlineData("while :; do printf x; done")]
    [InlineData("exec 3<>/dev/null; while :; do printf 'x\\n' >&2; done")]
    public async Task A_flood_in_drops_costs_its_hub_no_more_than_one_in_waves(string command)
    {
        Need.Program("bubblewrap", "bwrap");
        var flood = await Hub.Connect(Hub.Service("flood", Limits, each => each with { Command = ["sh", "-c", command] }));
        var live = Hub.Live(flood);
        await live.Until(BackendState.Waiting);
        var good = await Hub.Connect(Hub.Service("serve", Limits));
        for (var i = 0; i < 20; i++) await AssertAnswers(Hub, good);
        await End(Hub, flood, good);
    }

    [Fact]
    public async Task System_calls_a_backend_has_no_use_for_are_refused()
    {
        Need.Program("bubblewrap", "bwrap");
        var bad = await Hub.Connect(Hub.Service("serve", Limits));
        var answers = await Hub.Http.GetFromJsonAsync<Dictionary<string, int>>(bad.PathUrl + "calls");
        const int NotPermitted = 1, NoSuchCall = 38;
        Assert.NotEmpty(answers!);
        foreach (var (call, error) in answers!)
            Assert.True(error == (call == "clone3" ? NoSuchCall : NotPermitted), $"{call} was answered with {error}");
        await End(Hub, bad);
    }

    [Fact]
    public async Task Another_backends_socket_is_out_of_reach_by_its_path_and_by_a_link()
    {
        Need.Program("bubblewrap", "bwrap");
        var good = await Hub.Connect(Hub.Service("serve", Limits));
        await AssertAnswers(Hub, good);
        var socket = Path.Combine(Hub.FolderOf(good), "http.sock");
        var bad = await Hub.Connect(Hub.Service("serve", Limits));
        Assert.Contains("No such file", await Run(bad, $"ls -l {socket}"), StringComparison.Ordinal);

        // The hub may open what a link points to; so it must not follow one.
        var linked = await Hub.Connect(Hub.Service($"link-to {socket}", Limits));
        using var answer = await Hub.Http.GetAsync(linked.PathUrl).Soon();
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await End(Hub, good, bad, linked);
    }

    [Fact]
    public async Task A_backend_holds_nothing_its_hub_had_open()
    {
        Need.Program("bubblewrap", "bwrap");
        // Without close-on-exec, as a shell hands them down.
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.Out, HandleInheritability.Inheritable);
        var backend = await Hub.Connect(Hub.Service("serve", Limits));
        var mine = Path.GetFileName(new FileInfo($"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}").LinkTarget!);
        var theirs = await Run(backend, "ls -l /proc/$PPID/fd");
        Assert.DoesNotContain(mine, theirs, StringComparison.Ordinal);
        await End(Hub, backend);
    }

    private async Task<string> Run(Connected backend, string command)
    {
        var address = backend.PathUrl + "run?command=" + Uri.EscapeDataString(command);
        return (await Hub.Http.GetFromJsonAsync<JsonElement>(address)).GetProperty("said").GetString()!;
    }

    private static async Task AssertAnswers(Hub hub, Connected neighbour)
    {
        using var answer = await hub.Http.GetAsync(neighbour.PathUrl).Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Ends them, and sees that nothing of them is left: the last thing an instance does is remove its control group.</summary>
    private static async Task End(Hub hub, params Connected[] backends)
    {
        foreach (var backend in backends)
        {
            if (hub.Live(backend) is { } live)
            {
                await hub.Services.GetRequiredService<ISessionBackends>().TerminateAsync(live.Id, hard: true);
                await live.Ended.Soon();
            }

            Assert.False(Directory.Exists(hub.FolderOf(backend)));
        }
    }
}
