using System.Net;
using System.Net.WebSockets;
using System.Text;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Tests;

/// <summary>Connections that the hub ends: at once, with the reason, and no others.</summary>
public sealed class CutProxyTests(SharedHub shared)
{
    private static readonly ServiceLimits Long = new() { Grace = TimeSpan.FromMinutes(5) };

    private Hub Hub => shared.Hub;

    [Fact]
    public async Task A_revoke_cuts_the_live_socket_of_that_token_and_no_other_and_the_token_is_refused_from_then_on()
    {
        var (mine, other) = await Shared();
        var live = Hub.Live(mine);
        using var cut = await Hub.Open(mine);
        using var kept = await Hub.Open(other);
        var holder = live.Holder(ConnectionToken.TryParse(mine.Token, out var token) ? token : default);

        Assert.Equal(1, live.Revoke(each => each == holder));
        Assert.Equal(((WebSocketCloseStatus)4403, "revoked"), await Farewell(cut));
        await live.Until(each => each.Usage().Connections == 1);
        Assert.Equal("still here", await Echo(kept, "still here"));

        using var late = await Hub.Http.GetAsync(mine.Url);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Hub.Http.GetAsync(other.Url)).StatusCode);
        Assert.Equal(0, live.Revoke(each => each == holder));
    }

    [Fact]
    public async Task A_revoke_by_user_reaches_requests_that_are_held_and_requests_under_way()
    {
        var ready = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        var runtime = new ScriptedRuntime(async connection =>
        {
            await connection.Head();
            asked.TrySetResult();
            await connection.Head(); // never answers
        })
        { Ready = ready.Task };
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<Runtimes.IBackendRuntime>(runtime));
        var backend = await hub.ConnectAsAccount(hub.Service("scripted", Long), new { user = "ada" });
        var live = hub.Live(backend);
        var held = hub.Http.GetAsync(backend.Url);
        await live.Until(each => each.Usage().Connections == 1);
        Assert.Equal(1, live.Revoke(each => each.Caller.User == "ada"));
        Assert.Equal(HttpStatusCode.Forbidden, (await held.Soon()).StatusCode);

        var (token, _) = live.Admit(new Caller("ada", null, "here"));
        var underWay = hub.Http.GetAsync($"/play/{backend.BackendId}/{token.Value}/");
        ready.SetResult();
        await asked.Task.Soon();
        Assert.Equal(1, live.Revoke(each => each.Caller.User == "ada"));
        Assert.Equal(HttpStatusCode.Forbidden, (await underWay.Soon()).StatusCode);
        await live.Until(each => each.Usage().Connections == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backend_that_is_stopped_tells_its_sockets_why(bool hard)
    {
        var backend = await Hub.Connect(Hub.Service("serve", Long));
        using var socket = await Hub.Open(backend);
        await Hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(BackendId.Parse(backend.BackendId), hard);
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "organizer"), await Farewell(socket));
    }

    [Fact]
    public async Task A_backend_that_is_asked_to_end_says_goodbye_itself()
    {
        var ended = new TaskCompletionSource();
        var runtime = new ScriptedRuntime(async connection =>
        {
            await connection.Upgrade();
            await ended.Task;
            await connection.Stream.WriteAsync(new byte[] { 0x88, 6, 0x0F, 0xA0, (byte)'s', (byte)'a', (byte)'v', (byte)'e' });
            await connection.Bytes(1);
        })
        { Polite = false };
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<Runtimes.IBackendRuntime>(runtime));
        var backend = await hub.Connect(hub.Service("scripted", Long));
        using var socket = await hub.Open(backend);
        await hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(BackendId.Parse(backend.BackendId), hard: false);
        await hub.Live(backend).Until(BackendState.Terminating);
        Assert.Equal(1, hub.Live(backend).Usage().Connections);
        ended.SetResult();
        Assert.Equal(((WebSocketCloseStatus)4000, "save"), await Farewell(socket));
    }

    [Fact]
    public async Task A_socket_that_is_cut_in_the_middle_of_a_frame_is_cut_all_the_same()
    {
        var runtime = new ScriptedRuntime(async connection =>
        {
            await connection.Upgrade();
            await connection.Stream.WriteAsync(new byte[] { 0x82, 100, 1, 2, 3 });
            await connection.Bytes(1);
        });
        await using var hub = await Hub.Start(configure: services => services.AddSingleton<Runtimes.IBackendRuntime>(runtime));
        var backend = await hub.Connect(hub.Service("scripted", Long));
        using var socket = await hub.Open(backend);
        var received = await socket.ReceiveAsync(new byte[3], Hub.Limit.Token);
        Assert.Equal(3, received.Count);
        hub.Live(backend).Revoke(_ => true);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[16], Hub.Limit.Token));
        await hub.Live(backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_hub_that_stops_says_so_to_open_sockets_and_does_not_wait_for_them()
    {
        var hub = await Hub.Start();
        var backend = await hub.Connect(hub.Service("serve", Long));
        using var socket = await hub.Open(backend);
        var stopped = hub.DisposeAsync().AsTask();
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "hub_stopping"), await Farewell(socket));
        await stopped.Soon();
    }

    private async Task<(Connected Mine, Connected Other)> Shared()
    {
        var service = Hub.Service("serve", Long);
        return (await Hub.Connect(service, new { key = "one" }), await Hub.Connect(service, new { key = "one" }));
    }

    private static async Task<(WebSocketCloseStatus?, string?)> Farewell(ClientWebSocket socket)
    {
        var received = await socket.ReceiveAsync(new byte[256], Hub.Limit.Token).Soon();
        Assert.Equal(WebSocketMessageType.Close, received.MessageType);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Hub.Limit.Token);
        return (received.CloseStatus, received.CloseStatusDescription);
    }

    private static async Task<string> Echo(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Hub.Limit.Token);
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, Hub.Limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
