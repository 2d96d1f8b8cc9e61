using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Warm;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Playground.Tests;

public sealed class WarmPoolTests
{
    private static readonly ServiceLimits Limits = new() { Grace = TimeSpan.FromMinutes(5) };

    [Theory]
    [InlineData("warm")]
    [InlineData("serve")] // which does not know that it may be kept warm
    public async Task A_tab_gets_a_process_that_was_waiting_for_it_and_the_pool_is_filled_again(string mode)
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, mode, 2);
        var pools = await Filled(hub, service, 2);
        var waiting = Waiting(hub);
        Assert.Equal(2, waiting.Count);
        Assert.Empty(hub.Registry.Live);

        var backend = await hub.Connect(service, new { key = "k" });
        using (await hub.Open(backend))
        {
            Assert.Contains(hub.Live(backend).View().Process!.Pid, waiting);
            await Until(pools, () => Ready(pools, service) == 2);
        }
    }

    [Fact]
    public async Task A_call_that_lowers_what_the_hub_holds_gets_a_warm_process_and_spoils_none()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 2);
        await Filled(hub, service, 2);
        var waiting = Waiting(hub);
        var backend = await hub.Connect(service, new { spawn = new { lifetime_limit_seconds = 60, max_idle_seconds = 30 } });
        Assert.Contains(hub.Live(backend).View().Process!.Pid, waiting);
        Assert.Equal(TimeSpan.FromSeconds(30), hub.Live(backend).View().Grace);
        Assert.Contains(waiting.Single(pid => pid != hub.Live(backend).View().Process!.Pid), Waiting(hub));
    }

    [Fact]
    public async Task A_warm_process_is_told_who_it_is()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        await Filled(hub, service, 1);
        var backend = await hub.Connect(service, new { key = "a room" });
        var told = await hub.Http.GetFromJsonAsync<JsonElement>(backend.PathUrl + "assignment");
        Assert.Equal(backend.BackendId, told.GetProperty("backend_id").GetString());
        Assert.Equal("a room", told.GetProperty("key").GetString());
        Assert.Equal(backend.FencingToken, told.GetProperty("fencing_token").GetString());
        var environment = await hub.Http.GetFromJsonAsync<Dictionary<string, string>>(backend.PathUrl + "environment");
        Assert.DoesNotContain("SESSION_BACKEND_ID", environment!.Keys);
    }

    [Fact]
    public async Task Many_at_once_share_no_process_whether_it_was_warm_or_not()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 4);
        await Filled(hub, service, 4);
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => hub.Connect(service)));
        foreach (var each in all) await hub.Live(each).Until(BackendState.Ready);
        Assert.Equal(16, all.Select(each => hub.Live(each).View().Process!.Pid).Distinct().Count());
        Assert.Equal(16, all.Select(each => long.Parse(each.FencingToken)).Distinct().Count());
    }

    [Fact]
    public async Task A_key_that_is_taken_again_from_the_pool_has_a_higher_fencing_token_than_before()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        var pools = await Filled(hub, service, 1);
        var last = 0L;
        for (var i = 0; i < 3; i++)
        {
            var backend = await hub.Connect(service, new { key = "k" });
            var fencing = long.Parse(backend.FencingToken);
            Assert.True(fencing > last);
            last = fencing;
            var live = hub.Live(backend);
            await live.Until(BackendState.Ready);
            await hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(live.Id, hard: true);
            await live.Ended.Soon();
            await Until(pools, () => Ready(pools, service) == 1);
        }
    }

    [Fact]
    public async Task A_process_that_dies_while_it_waits_is_replaced_and_given_to_nobody()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        var pools = await Filled(hub, service, 1);
        var first = Assert.Single(Waiting(hub));
        var changed = pools.Changed;
        Assert.Equal(0, Runtimes.Native.Libc.Kill(first, Runtimes.Native.Libc.SigKill));
        await changed.Soon();
        await Until(pools, () => Ready(pools, service) == 1 && Waiting(hub) is [var pid] && pid != first);
    }

    [Fact]
    public async Task A_process_that_was_killed_a_moment_ago_is_given_to_nobody_though_its_last_words_are_still_waited_for()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        var pools = await Filled(hub, service, 1);
        for (var i = 0; i < 3; i++)
        {
            await Until(pools, () => pools.Waiting.Count == 1);
            var process = (ProcessInstance)pools.Waiting[0];
            process.Kill();
            Assert.True(SpinWait.SpinUntil(() => !process.IsAlive, TimeSpan.FromSeconds(20)));
            var backend = await hub.Connect(service);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await hub.Http.GetAsync(backend.PathUrl)).StatusCode);
            Assert.NotSame(process, hub.Live(backend).Instance);
        }
    }

    [Fact]
    public async Task A_start_that_goes_on_for_ever_keeps_no_pool_empty()
    {
        await using var hub = await Hub.Start();
        var stuck = hub.Live(await hub.Connect(hub.Service("never-ready")));
        await stuck.Until(BackendState.Waiting);
        await Filled(hub, Warm(hub, "warm", 1), 1);
        Assert.Equal(BackendState.Waiting, stuck.Life.State);
    }

    [Fact]
    public async Task A_service_that_is_slow_to_become_warm_keeps_no_other_pool_empty()
    {
        await using var hub = await Hub.Start();
        Warm(hub, "never-ready", 2);
        await Filled(hub, Warm(hub, "warm", 2), 2);
        // It is at it still, and only once.
        Assert.Equal(3, BackendFolders(hub).Length);
    }

    [Fact]
    public async Task A_process_that_misuses_its_folder_while_it_waits_is_ended_at_once_though_another_is_slow_to_start()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        var pools = await Filled(hub, service, 1);
        var waiting = Assert.Single(pools.Waiting);
        var folder = Assert.Single(BackendFolders(hub));
        Warm(hub, "never-ready", 1);
        using (var late = new CancellationTokenSource(TimeSpan.FromSeconds(20)))
            while (BackendFolders(hub).Length < 2) await Task.WhenAny(pools.Changed, Task.Delay(20, late.Token)).WaitAsync(late.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "file"), "x");
        await waiting.Exited.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(9, (await waiting.Exited).Signal);
    }

    [Fact]
    public async Task A_process_that_grows_while_it_waits_is_ended_where_the_kernel_does_not_count()
    {
        Need.Program("bubblewrap", "bwrap");
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(new() { ["Playground:ControlGroups"] = "false" }, configure: services => services.AddSingleton<TimeProvider>(clock));
        Warm(hub, "never-ready", 1);
        var service = hub.Service("serve", Limits with { MemoryBytes = 160 * 1024 * 1024 }, each => each with { Warm = 1 });
        var waiting = Assert.Single((await Filled(hub, service, 1, clock)).Waiting);
        await using var connection = await waiting.Connect(CancellationToken.None);
        await connection.WriteAsync("GET /fill?megabytes=300 HTTP/1.1\r\n\r\n"u8.ToArray());
        await Until(hub.Services.GetRequiredService<WarmPools>(), () => waiting.Exited.IsCompleted, clock);
        Assert.Equal(9, (await waiting.Exited).Signal);
    }

    [Fact]
    public async Task A_program_whose_files_are_changed_in_place_is_started_anew()
    {
        var folder = Directory.CreateTempSubdirectory("program-");
        folder.UnixFileMode = RunFolder.OwnerOnly | (UnixFileMode)0b101_101; // whoever it runs as may read it
        foreach (var file in Directory.EnumerateFiles(Hub.TestBackendFolder)) File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var data = Path.Combine(folder.FullName, "data.txt");
        await File.WriteAllTextAsync(data, "old");
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using (var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock)))
        {
            var service = hub.Service("warm", Limits, each => each with { Warm = 1, BackendFolder = folder.FullName });
            var pools = await Filled(hub, service, 1, clock);
            var before = Assert.Single(Waiting(hub));
            await File.WriteAllTextAsync(data, "newer");
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (Waiting(hub) is not [var pid] || pid == before)
            {
                clock.Advance(PlaygroundTimes.PoolLook);
                await Task.WhenAny(pools.Changed, Task.Delay(50, late.Token));
                late.Token.ThrowIfCancellationRequested();
            }
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_service_that_is_edited_or_removed_keeps_no_process_of_before()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock));
        var service = Warm(hub, "warm", 1);
        var pools = await Filled(hub, service, 1, clock);
        var before = Assert.Single(Waiting(hub));
        hub.Change(service, each => each with { Environment = new Dictionary<string, string> { ["COLOUR"] = "red" } });
        var backend = await hub.Connect(service);
        var environment = await hub.Http.GetFromJsonAsync<Dictionary<string, string>>(backend.PathUrl + "environment");
        Assert.Equal("red", environment!["COLOUR"]);
        Assert.NotEqual(before, hub.Live(backend).View().Process!.Pid);

        hub.Change(service, each => each with { Warm = 0 });
        while (Waiting(hub).Count > 0)
        {
            clock.Advance(PlaygroundTimes.PoolLook);
            await Task.WhenAny(pools.Changed, Task.Delay(50));
        }

        Assert.Equal(0, Ready(pools, service));
    }

    [Fact]
    public async Task A_program_that_fails_is_not_tried_again_at_once()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock));
        var bad = Warm(hub, "crash-at-start", 2);
        var good = Warm(hub, "warm", 1);
        var pools = await Filled(hub, good, 1, clock); // which comes second, so the other has failed once
        Assert.Equal(0, Ready(pools, bad));
    }

    [Fact]
    public async Task What_is_kept_warm_and_how_often_it_was_there_can_be_read_by_an_account_and_by_nobody_else()
    {
        await using var hub = await Hub.Start();
        var service = Warm(hub, "warm", 1);
        await Filled(hub, service, 1);
        var backend = await hub.Connect(service);
        await hub.Live(backend).Until(BackendState.Ready);

        using var stranger = await hub.Http.GetAsync("/metrics");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + hub.NewToken().Value);
        using var answer = await hub.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("playground_playground", text, StringComparison.Ordinal);
        Assert.Contains($"browsertech_playground_pool_warm{{service=\"{service}\"}}", text, StringComparison.Ordinal);
        Assert.Matches($"(?m)^browsertech_playground_pool_claims.*ahead=\"program\",service=\"{service}\".* [1-9]", text);
        Assert.Matches($"(?m)^browsertech_playground_backends{{service=\"{service}\",state=\"ready\".* [1-9]", text);
        Assert.DoesNotContain(backend.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_that_is_too_small_is_shared_one_by_one()
    {
        Gen.Select(Gen.Int[0, 8].Array[0, 6], Gen.Int[0, 24]).Sample((wanted, budget) =>
        {
            var services = wanted.Select((warm, i) => Definition($"s{i}", warm)).ToList();
            var targets = PoolPlan.Targets(services, budget, sandboxes: 0).ToDictionary(each => each.Key, each => each.Value.Count);
            Assert.Equal(Math.Min(budget, wanted.Sum()), targets.Values.Sum());
            for (var i = 0; i < wanted.Length; i++)
            {
                var target = targets.GetValueOrDefault((services[i].Account, services[i].Name));
                Assert.InRange(target, 0, wanted[i]);
                // Whoever has not all it wants has at most one less than anybody else.
                if (target < wanted[i]) Assert.True(targets.Values.All(other => other <= target + 1));
            }
        });
    }

    private static ServiceDefinition Definition(string name, int warm) => new()
    {
        Account = Hub.Account, Name = ServiceName.Parse(name), Title = name, BackendFolder = "/", Command = ["x"], Warm = warm,
    };

    private static string Warm(Hub hub, string mode, int count) => hub.Service(mode, Limits, each => each with { Warm = count });

    private static async Task<WarmPools> Filled(Hub hub, string service, int count, FakeTimeProvider? clock = null)
    {
        var pools = hub.Services.GetRequiredService<WarmPools>();
        await Until(pools, () => Ready(pools, service) == count, clock);
        return pools;
    }

    private static string[] BackendFolders(Hub hub) => Directory.GetDirectories(hub.Services.GetRequiredService<RunFolder>().Root, "be-*");

    private static int Ready(WarmPools pools, string service) =>
        pools.Ready(Ahead.Program).GetValueOrDefault((Hub.Account, ServiceName.Parse(service)));

    /// <param name="clock">One that goes on only here: the pools look at the services by it.</param>
    internal static async Task Until(WarmPools pools, Func<bool> condition, FakeTimeProvider? clock = null)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var changed = pools.Changed;
            if (condition()) return;
            clock?.Advance(PlaygroundTimes.PoolLook);
            await (clock is null ? changed.WaitAsync(late.Token) : Task.WhenAny(changed, Task.Delay(50, late.Token)));
            late.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The pids, outside the sandbox, of the programs that wait for somebody.</summary>
    private static List<int> Waiting(Hub hub) =>
        [.. hub.Services.GetRequiredService<WarmPools>().Waiting.Select(each => each.Figures()?.Pid).OfType<int>()];
}
