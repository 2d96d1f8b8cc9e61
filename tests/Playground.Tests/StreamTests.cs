using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Organizers;
using BrowserTech.Playground.Runtimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Playground.Tests;

public sealed class StreamTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task Output_is_replayed_then_followed_and_ends_with_the_backend()
    {
        var backend = await Hub.Connect(Hub.Service("talk"));
        using var account = Hub.AsAccount();
        using var logs = await Sse.Open(account, Logs(backend));
        Assert.Equal(new ServerEvent("1", null, "first words"), await logs.Next());
        Assert.Equal(new ServerEvent("2", null, "second words"), await logs.Next());
        await Say(backend, "later", 2);
        Assert.Equal(new ServerEvent("3", null, "later 1"), await logs.Next());
        Assert.Equal(new ServerEvent("4", null, "later 2"), await logs.Next());
        Assert.Equal("mumbled", await Hub.Http.GetStringAsync(With(backend, "/mumble")));
        await Stop(backend);
        Assert.Equal(new ServerEvent("5", null, "no end of line"), await logs.Next());
        Assert.Null(await logs.Next());

        using var after = await Sse.Open(account, Logs(backend));
        Assert.Equal(["1", "2", "3", "4", "5"], (await after.ToEnd()).Select(each => each.Id));
        using var resumed = await Sse.Open(account, Logs(backend), lastEventId: "3");
        Assert.Equal(["later 2", "no end of line"], (await resumed.ToEnd()).Select(each => each.Data));
    }

    [Fact]
    public async Task A_reader_that_comes_back_goes_on_where_it_was_and_hears_how_many_lines_it_missed()
    {
        var backend = await Hub.Connect(Hub.Service("talk"));
        using var account = Hub.AsAccount();
        using (var logs = await Sse.Open(account, Logs(backend))) await logs.Until(each => each.Id == "2");
        await Say(backend, "flood", OutputRing.MaxLines + 50);
        using var live = await Sse.Open(account, Logs(backend), lastEventId: "2");
        var first = await live.Next();
        // What it says comes through a pipe: whatever was read by now is there, and nothing twice or out of order.
        var number = first!.Name == "gap" ? long.Parse((await live.Next())!.Id!, System.Globalization.CultureInfo.InvariantCulture) : 3;
        while (number < OutputRing.MaxLines + 52)
        {
            var next = await live.Next();
            if (next!.Name == "gap") continue;
            var id = long.Parse(next.Id!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(id > number);
            Assert.Equal($"flood {id - 2}", next.Data);
            number = id;
        }

        using var again = await Sse.Open(account, Logs(backend), lastEventId: "2");
        Assert.Equal(new ServerEvent(null, "gap", "50 lines were dropped here"), await again.Next());
        Assert.Equal(new ServerEvent("53", null, "flood 51"), await again.Next());
    }

    [Fact]
    public async Task Whoever_watches_with_a_token_uses_the_backend_until_they_leave_or_the_token_is_taken_back()
    {
        var backend = await Hub.Connect(Hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(5) }));
        var live = Hub.Live(backend);
        var address = $"/v2/backend/{backend.BackendId}/status/stream";
        using var holder = Hub.NewClient();
        holder.DefaultRequestHeaders.Authorization = new("Bearer", backend.Token);
        using (var stranger = await Sse.Open(Hub.Http, address))
        {
            await stranger.Until(each => each.Id == "ready");
            Assert.Equal(0, live.Usage().Connections);
        }

        using (var watching = await Sse.Open(holder, address))
        {
            await watching.Until(each => each.Id == "ready");
            Assert.Equal(1, live.Usage().Connections);
        }

        await live.Until(each => each.Usage().Connections == 0);
        using var again = await Sse.Open(holder, address);
        await again.Until(each => each.Id == "ready");
        Assert.Equal(1, live.Revoke(_ => true));
        await live.Until(each => each.Usage().Connections == 0);
        await Stop(backend);
        await again.Until(each => each.Id == "terminated");
    }

    [Fact]
    public async Task Metrics_tell_memory_and_processor_time_in_the_names_of_the_trade()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        using var account = Hub.AsAccount();
        using var metrics = await Sse.Open(account, $"/v2/backend/{backend.BackendId}/metrics/stream");
        var first = JsonDocument.Parse((await metrics.Next())!.Data).RootElement;
        Assert.True(first.GetProperty("mem_used").GetInt64() > 1_000_000);
        Assert.Equal(first.GetProperty("mem_limit").GetInt64(), first.GetProperty("mem_used").GetInt64() + first.GetProperty("mem_available").GetInt64());
        Assert.True(first.GetProperty("cpu_used").GetInt64() >= 0);
        Assert.True(first.GetProperty("sys_cpu").GetInt64() > 0);
        var second = JsonDocument.Parse((await metrics.Next())!.Data).RootElement;
        Assert.True(second.GetProperty("time").GetDateTimeOffset() > first.GetProperty("time").GetDateTimeOffset());
        await Stop(backend);
        while (await metrics.Next() is not null)
        {
        }
    }

    [Fact]
    public async Task A_lifetime_that_ends_is_announced_to_who_watches()
    {
        var (hub, clock) = await Timed();
        await using var _ = hub;
        var backend = await hub.Connect(hub.Service("serve", new ServiceLimits { Lifetime = TimeSpan.FromMinutes(10) }));
        var live = hub.Live(backend);
        using var socket = await hub.Open(backend);
        using var stream = await Sse.Open(hub.Http, Stream(backend));
        await stream.Until(each => each.Id == "ready");
        var status = await hub.Status(backend.BackendId);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("idle_ends_at").ValueKind);

        Pass(clock, live, TimeSpan.FromMinutes(9));
        var ending = await stream.Until(each => each.Name is not null);
        Assert.Equal("ending", ending.Name);
        Assert.Null(ending.Id);
        var said = JsonDocument.Parse(ending.Data).RootElement;
        Assert.Equal("lifetime", said.GetProperty("reason").GetString());
        Assert.Equal(status.GetProperty("lifetime_ends_at").GetDateTimeOffset(), said.GetProperty("ends_at").GetDateTimeOffset());
        Assert.InRange(said.GetProperty("seconds_left").GetInt32(), 1, 60);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("lifetime", Reason((await stream.ToEnd()).Last()));
    }

    [Fact]
    public async Task An_idle_end_is_announced_and_taken_back_when_somebody_comes()
    {
        var (hub, clock) = await Timed();
        await using var _ = hub;
        var backend = await hub.Connect(hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(4) }));
        var live = hub.Live(backend);
        (await hub.Open(backend)).Dispose();
        await live.Until(each => each.Usage() is { Connections: 0, LastDisconnect: not null });
        using var stream = await Sse.Open(hub.Http, Stream(backend));
        await stream.Until(each => each.Id == "ready");
        Assert.Equal(clock.GetUtcNow().AddMinutes(4), (await hub.Status(backend.BackendId)).GetProperty("idle_ends_at").GetDateTimeOffset());

        Pass(clock, live, TimeSpan.FromMinutes(3));
        Assert.Equal("idle", Reason(await stream.Until(each => each.Name == "ending")));
        using (await hub.Open(backend))
        {
            Assert.Equal("{}", (await stream.Until(each => each.Name is not null)).Data);
        }

        await live.Until(each => each.Usage().Connections == 0);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("idle", Reason((await stream.ToEnd()).Last()));
    }

    [Fact]
    public async Task Bytes_on_an_open_connection_avert_an_end_for_want_of_activity()
    {
        var (hub, clock) = await Timed();
        await using var _ = hub;
        var backend = await hub.Connect(hub.Service("serve", new ServiceLimits { Inactivity = TimeSpan.FromSeconds(40) }));
        var live = hub.Live(backend);
        using var socket = await hub.Open(backend);
        using var stream = await Sse.Open(hub.Http, Stream(backend));
        await stream.Until(each => each.Id == "ready");
        Pass(clock, live, TimeSpan.FromSeconds(20));
        Assert.Equal("idle", Reason(await stream.Until(each => each.Name == "ending")));

        var staying = stream.Until(each => each.Name is not null);
        while (!staying.IsCompleted)
        {
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Hub.Limit.Token);
            await socket.ReceiveAsync(new byte[64], Hub.Limit.Token);
            Pass(clock, live, PlaygroundTimes.AvertedLook);
        }

        Assert.Equal("staying", (await staying).Name);
    }

    private static void Pass(FakeTimeProvider clock, LiveBackend live, TimeSpan time)
    {
        clock.Advance(time);
        Assert.True(live.Life.Joinable);
    }

    private static async Task<(Hub Hub, FakeTimeProvider Clock)> Timed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        return (await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock)), clock);
    }

    private static string? Reason(ServerEvent each) => JsonDocument.Parse(each.Data).RootElement.GetProperty("reason").GetString();

    private static string Logs(Connected backend) => $"/v2/backend/{backend.BackendId}/logs/stream";

    private static string Stream(Connected backend) => $"/v2/backend/{backend.BackendId}/status/stream";

    private static string With(Connected backend, string path) => new UriBuilder(backend.Url) { Path = path }.Uri.ToString();

    private async Task Say(Connected backend, string word, int times) =>
        Assert.Equal("said", await Hub.Http.GetStringAsync(With(backend, "/say") + $"&word={word}:{times}"));

    private async Task Stop(Connected backend)
    {
        var live = Hub.Live(backend);
        await Hub.Services.GetRequiredService<ISessionBackends>().TerminateAsync(live.Id, hard: true);
        await live.Ended.Soon();
    }
}
