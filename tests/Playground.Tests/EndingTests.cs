using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Organizers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Playground.Tests;

public sealed class EndingTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task Closing_the_last_connection_ends_the_process_within_its_grace_time()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        var live = Hub.Live(backend);
        var socket = await Hub.Open(backend);
        Assert.Equal(1, live.View().Connections);
        var pid = live.View().Process!.Pid;

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Hub.Limit.Token);
        socket.Dispose();
        await live.Ended.Soon();
        Assert.Equal(EndReason.Idle, live.Life.Reason);
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.False(Directory.Exists(Hub.FolderOf(backend)));

        using var late = await Hub.Http.GetAsync(backend.Url);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
    }

    [Fact]
    public async Task A_tab_that_vanishes_without_a_word_counts_as_closed()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        var live = Hub.Live(backend);
        var socket = await Hub.Open(backend);
        socket.Abort();
        await live.Ended.Soon();
        Assert.Equal(EndReason.Idle, live.Life.Reason);
    }

    [Fact]
    public async Task Coming_back_within_the_grace_time_keeps_the_process()
    {
        var service = Hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(5) });
        var backend = await Hub.Connect(service);
        var live = Hub.Live(backend);
        (await Hub.Open(backend)).Dispose();
        await live.Until(each => each.Usage() is { Connections: 0, LastDisconnect: not null });
        var pid = live.View().Process!.Pid;

        using var again = await Hub.Open(backend);
        Assert.Equal(BackendState.Ready, live.Life.State);
        Assert.Equal(pid, live.View().Process!.Pid);
        await Stop(backend);
    }

    [Fact]
    public async Task A_backend_that_ignores_a_request_to_end_is_killed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock));
        var backend = await hub.Connect(hub.Service("ignore-term"));
        var live = hub.Live(backend);
        await live.Until(BackendState.Ready);

        Assert.Equal(HttpStatusCode.Accepted, await Stop(hub, backend, hard: false));
        await live.Until(BackendState.Terminating);
        Assert.NotNull(live.View().Process);
        clock.Advance(PlaygroundTimes.TermGrace);
        await live.Ended.Soon();
        Assert.True(live.Life.Hard);
        Assert.Equal(EndReason.Requested, live.Life.Reason);
        Assert.Equal(9, live.Life.Exit!.Signal);
    }

    [Fact]
    public async Task A_clock_that_is_set_ends_nothing()
    {
        var clock = new SetClock();
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock));
        var service = hub.Service("serve", new ServiceLimits { Lifetime = TimeSpan.FromMinutes(2), Inactivity = TimeSpan.FromMinutes(1), Grace = TimeSpan.FromMinutes(1) });
        var backend = await hub.Connect(service);
        var live = hub.Live(backend);
        using var socket = await hub.Open(backend);
        foreach (var hours in (int[])[1, -1])
        {
            clock.By = TimeSpan.FromHours(hours);
            live.Admit(live.Owner); // it is judged anew
            for (var i = 0; i < 5; i++) await hub.Http.GetStringAsync(backend.PathUrl);
            Assert.Equal(BackendState.Ready, live.Life.State);
            Assert.InRange(live.View().LifetimeEnds - live.Now, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        }
    }

    /// <summary>The machine's time, wrong by as much as somebody likes.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }

    [Fact]
    public async Task A_backend_nobody_comes_to_ends_and_so_does_one_that_is_never_ready_or_lives_too_long()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<TimeProvider>(clock));
        var lonely = await hub.Connect(hub.Service("serve"));
        var lonelyLife = hub.Live(lonely);
        await lonelyLife.Until(BackendState.Ready);
        clock.Advance(PlaygroundTimes.ConnectDeadline);
        await lonelyLife.Ended.Soon();
        Assert.Equal(EndReason.NeverConnected, lonelyLife.Life.Reason);

        var stuck = await hub.Connect(hub.Service("never-ready"));
        var stuckLife = hub.Live(stuck);
        await stuckLife.Until(BackendState.Waiting);
        var held = hub.Http.GetAsync(stuck.Url);
        await stuckLife.Until(each => each.Usage().Connections == 1);
        clock.Advance(PlaygroundTimes.StartDeadline);
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await held.Soon()).StatusCode);
        await stuckLife.Ended.Soon();
        Assert.Equal(EndReason.StartTimeout, stuckLife.Life.Reason);

        var old = await hub.Connect(hub.Service("serve", new ServiceLimits { Lifetime = TimeSpan.FromMinutes(2) }));
        var oldLife = hub.Live(old);
        using var socket = await hub.Open(old);
        clock.Advance(TimeSpan.FromMinutes(2));
        await oldLife.Ended.Soon();
        Assert.Equal(EndReason.Lifetime, oldLife.Life.Reason);
    }

    [Fact]
    public async Task A_backend_that_uses_more_memory_than_it_may_is_killed_and_says_so()
    {
        var limits = new ServiceLimits { Grace = TimeSpan.FromMinutes(5), MemoryBytes = 160L * 1024 * 1024 };
        var service = Hub.Service("serve", limits);
        var modest = await Hub.Connect(service);
        var greedy = await Hub.Connect(service);
        var live = Hub.Live(greedy);
        await Hub.Live(modest).Until(BackendState.Ready);
        using var open = await Hub.Open(greedy);
        using var filled = await Hub.Http.GetAsync(greedy.PathUrl + "fill?megabytes=256").Soon();
        await live.Ended.Soon();
        Assert.Equal((EndReason.Memory, true, 9), (live.Life.Reason, live.Life.Hard, live.Life.Exit!.Signal));
        var status = await Hub.Status(greedy.BackendId);
        Assert.Equal("memory", status.GetProperty("reason").GetString());
        Assert.Contains(EndReason.Memory.Sentence(), status.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(BackendState.Ready, Hub.Live(modest).Life.State);
        await Stop(modest);
    }

    [Fact]
    public async Task Only_who_holds_a_token_of_the_backend_can_stop_it()
    {
        var service = Hub.Service("serve");
        var mine = await Hub.Connect(service);
        var other = await Hub.Connect(service);
        using var open = await Hub.Open(mine);

        using var nobody = await Hub.Http.PostAsync($"/v2/backend/{mine.BackendId}/terminate", null);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Stop(Hub, mine with { Token = other.Token }, hard: false));
        Assert.Equal(BackendState.Ready, Hub.Live(mine).Life.State);

        var live = Hub.Live(mine);
        Assert.Equal(HttpStatusCode.Accepted, await Stop(Hub, mine, hard: true));
        await live.Ended.Soon();
        Assert.Equal((EndReason.Requested, true), (live.Life.Reason, live.Life.Hard));
        Assert.Equal(HttpStatusCode.Gone, await Stop(Hub, mine, hard: true));
    }

    [Fact]
    public async Task An_organiser_sees_backends_and_what_they_said_and_can_stop_them()
    {
        var organisers = Hub.Services.GetRequiredService<ISessionBackends>();
        var backend = await Hub.Connect(Hub.Service("never-ready"));
        var live = Hub.Live(backend);
        await live.Until(BackendState.Waiting);
        Assert.Contains(organisers.Live, view => view.Id == live.Id);
        Assert.True(await organisers.TerminateAsync(live.Id, hard: true));
        await live.Ended.Soon();

        var ended = organisers.Ended.First(view => view.Id == live.Id);
        Assert.Equal(EndReason.Organizer, ended.Reason);
        Assert.NotNull(organisers.Output(live.Id, 10));
        Assert.DoesNotContain(organisers.Live, view => view.Id == live.Id);
        Assert.False(await organisers.TerminateAsync(live.Id, hard: true));
    }

    [Fact]
    public async Task When_the_hub_stops_no_process_and_no_folder_is_left()
    {
        List<int> pids = [];
        string folder;
        await using (var hub = await Hub.Start())
        {
            var polite = hub.Service("serve");
            var stubborn = hub.Service("ignore-term");
            foreach (var service in new[] { polite, polite, stubborn })
            {
                var backend = await hub.Connect(service);
                await hub.Live(backend).Until(BackendState.Ready);
                pids.Add(hub.Live(backend).View().Process!.Pid);
            }

            folder = hub.Services.GetRequiredService<Runtimes.RunFolder>().Root;
            Assert.All(pids, pid => Assert.True(Directory.Exists($"/proc/{pid}")));
        }

        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.False(Directory.Exists(folder));
    }

    private Task<HttpStatusCode> Stop(Connected backend) => Stop(Hub, backend, hard: true);

    private static async Task<HttpStatusCode> Stop(Hub hub, Connected backend, bool hard)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/backend/{backend.BackendId}/terminate");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", backend.Token);
        request.Content = JsonContent.Create(new { hard });
        using var response = await hub.Http.SendAsync(request);
        return response.StatusCode;
    }
}
