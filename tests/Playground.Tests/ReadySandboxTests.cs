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

/// <summary>Sandboxes that wait for somebody to start their program for.</summary>
public sealed class ReadySandboxTests
{
    private static readonly Dictionary<string, string?> One = new() { ["Playground:ReadySandboxes"] = "1" };

    private static readonly ServiceLimits Limits = new() { Grace = TimeSpan.FromMinutes(5) };

    private static readonly string[] Identity = ["SESSION_BACKEND_ID", "SESSION_BACKEND_KEY", "SESSION_BACKEND_FENCING_TOKEN"];

    [Fact]
    public async Task A_program_in_a_sandbox_that_was_made_ahead_finds_what_any_other_finds()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start(One);
        var service = Service(hub, "serve");
        var pools = await Filled(hub);
        var waiting = Assert.Single(pools.Waiting);
        Assert.Null(waiting.Figures()); // there is no program yet

        const string Key = "it's \"a\" room, $(with) `care` \\ – ü ";
        var first = await hub.Connect(service, new { key = Key });
        var second = await hub.Connect(service, new { key = Key + "2" }); // nothing was ready for it
        Assert.Same(waiting, hub.Live(first).Instance);
        Assert.NotSame(waiting, hub.Live(second).Instance);

        var (ahead, cold) = (await Environment(hub, first), await Environment(hub, second));
        Assert.Equal(first.BackendId, ahead["SESSION_BACKEND_ID"]);
        Assert.Equal(Key, ahead["SESSION_BACKEND_KEY"]);
        Assert.Equal(first.FencingToken, ahead["SESSION_BACKEND_FENCING_TOKEN"]);
        Assert.Equal(Without(cold, Identity), Without(ahead, [.. Identity, "OLDPWD", "SHLVL", "_"])); // what some shells add
        Assert.Equal(await Said(hub, second, "grep Cap /proc/self/status; ls /run/session"), await Said(hub, first, "grep Cap /proc/self/status; ls /run/session"));
    }

    [Fact]
    public async Task A_pool_is_filled_again_when_its_new_owner_has_arrived()
    {
        Need.Program("bubblewrap", "bwrap");
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(One, configure: services => services.AddSingleton<TimeProvider>(clock));
        var service = Service(hub, "serve");
        var pools = await Filled(hub, clock);
        var backend = await hub.Connect(service);
        await hub.Live(backend).Until(BackendState.Ready);
        await hub.Http.GetStringAsync(backend.PathUrl);
        Assert.Empty(pools.Waiting);

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (pools.Waiting.Count == 0)
        {
            clock.Advance(PlaygroundTimes.PoolCalm);
            await Task.WhenAny(pools.Changed, Task.Delay(50, late.Token));
            late.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_sandbox_that_dies_while_it_waits_is_replaced_and_given_to_nobody()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start(One);
        var service = Service(hub, "serve");
        var pools = await Filled(hub);
        var first = Assert.Single(pools.Waiting);
        first.Kill();
        await first.Exited.Soon();
        await WarmPoolTests.Until(pools, () => pools.Waiting is [var next] && next != first);
        var backend = await hub.Connect(service);
        await hub.Live(backend).Until(BackendState.Ready);
        Assert.NotSame(first, hub.Live(backend).Instance);
    }

    [Fact]
    public async Task A_program_in_a_sandbox_that_was_made_ahead_holds_nothing_it_was_told_by()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start(One);
        var service = hub.Service("x", Limits, each => each with { Command = ["ls", "/proc/self/fd"] });
        await Filled(hub);
        var id = BackendId.Parse((await hub.Connect(service)).BackendId);
        if (hub.Registry.Find(id) is { } live) await live.Ended.Soon();
        Assert.Equal(["0", "1", "2", "3"], hub.Registry.FindEnded(id)!.LastOutput); // the last one is the folder it lists
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_as_ever()
    {
        Need.Program("bubblewrap", "bwrap");
        await using var hub = await Hub.Start(One);
        var service = hub.Service("x", Limits, each => each with { Command = ["no-such-program"] });
        var pools = await Filled(hub);
        Assert.Single(pools.Waiting);
        var backend = await hub.Connect(service);
        var live = hub.Live(backend);
        await live.Ended.Soon();
        Assert.Equal(EndReason.StartFailed, live.Life.Reason);
        Assert.Contains(live.View().LastOutput, line => line.Contains("no-such-program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_sandbox_nobody_came_for()
    {
        Need.Program("bubblewrap", "bwrap");
        var hub = await Hub.Start(One);
        Service(hub, "serve");
        var waiting = Assert.Single((await Filled(hub)).Waiting);
        await hub.DisposeAsync();
        await waiting.Exited.Soon();
    }

    [Fact]
    public void Who_gets_no_warm_process_gets_a_sandbox_as_far_as_they_go()
    {
        Gen.Select(Gen.Int[0, 3].Array[0, 8], Gen.Int[0, 8], Gen.Int[0, 8]).Sample((wanted, programs, sandboxes) =>
        {
            var services = wanted.Select((warm, i) => new ServiceDefinition
            {
                Account = Hub.Account, Name = ServiceName.Parse($"s{i}"), Title = "", BackendFolder = "/", Command = ["x"], Warm = warm,
            }).ToList();
            var targets = PoolPlan.Targets(services, programs, sandboxes);
            var warm = targets.Values.Count(target => target.Ahead == Ahead.Program);
            Assert.Equal(Math.Min(sandboxes, services.Count - warm), targets.Values.Count(target => target == new PoolTarget(Ahead.Sandbox, 1)));
            Assert.DoesNotContain(targets.Values, target => target.Ahead == Ahead.Nothing || target.Count == 0);
        });
    }

    private static string Service(Hub hub, string mode) => hub.Service(mode, Limits);

    private static async Task<Dictionary<string, string>> Environment(Hub hub, Connected backend) =>
        (await hub.Http.GetFromJsonAsync<Dictionary<string, string>>(backend.PathUrl + "environment"))!;

    private static IEnumerable<KeyValuePair<string, string>> Without(Dictionary<string, string> environment, string[] names) =>
        environment.Where(each => !names.Contains(each.Key)).OrderBy(each => each.Key, StringComparer.Ordinal);

    private static async Task<string> Said(Hub hub, Connected backend, string command) =>
        (await hub.Http.GetFromJsonAsync<JsonElement>(backend.PathUrl + "run?command=" + Uri.EscapeDataString(command)))
        .GetProperty("said").GetString()!.Replace(hub.Live(backend).Id.Value, "", StringComparison.Ordinal);

    private static async Task<WarmPools> Filled(Hub hub, FakeTimeProvider? clock = null)
    {
        var pools = hub.Services.GetRequiredService<WarmPools>();
        await WarmPoolTests.Until(pools, () => pools.Waiting.Count == 1, clock);
        return pools;
    }
}
