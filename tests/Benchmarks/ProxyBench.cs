using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>
/// What it costs to go through the hub to a backend: requests a second against nginx's <c>proxy_pass</c> to the same process on the
/// same socket, turn and turn about in one run; and how much longer a WebSocket's echo takes than on the backend's own
/// socket. The backend is <c>tests/Benchmarks.Backend</c>, far faster than either proxy.
/// </summary>
internal static class ProxyBench
{
    private const int Rounds = 7;
    private const int Seconds = 2;
    private const int EchoRounds = 10;
    private const int Echoes = 2000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new BenchBackendFolder();
        await using var hub = await HubProcess.StartAsync(folder.Settings());
        using var answer = await hub.Http.PostAsync("/v2/service/test/bench/connect", JsonContent.Create(new { }));
        var connected = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var token = connected.GetProperty("token").GetString()!;
        var host = $"{connected.GetProperty("backend_id").GetString()}.play.localhost:{hub.Port}";
        using var alive = await ConnectAsync(hub.Port, null, host, token); // keeps it past its grace time
        var socket = folder.Socket();
        await using var nginx = await Nginx.StartProxyAsync(socket);

        return [await RequestsAsync(hub, host, token, nginx), await EchoAsync(hub, host, token, socket)];
    }

    private static async Task<Figure> RequestsAsync(HubProcess hub, string host, string token, Nginx nginx)
    {
        string[] headers = ["-H", $"Host: {host}", "-H", $"Authorization: Bearer {token}"];
        var direct = new Uri($"http://127.0.0.1:{hub.Port}/");
        var (ours, theirs) = (new List<double>(), new List<double>());
        await Wrk.LoadAsync(direct, 8, headers); // until the hot paths are compiled for good
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await Wrk.LoadAsync(direct, Seconds, headers));
            theirs.Add(await Wrk.LoadAsync(nginx.Origin, Seconds));
        }

        return new Figure("HTTP requests through the proxy", "1/s", Wrk.Median(ours), Wrk.Median(theirs), "nginx proxy_pass, same backend and socket");
    }

    private static async Task<Figure> EchoAsync(HubProcess hub, string host, string token, string socket)
    {
        using var through = await ConnectAsync(hub.Port, null, host, token);
        using var direct = await ConnectAsync(0, socket, host, token);
        var (ours, theirs) = (new List<double>(), new List<double>());
        await EchoesAsync(through, Echoes, []);
        await EchoesAsync(direct, Echoes, []);
        for (var round = 0; round < EchoRounds; round++)
        {
            await EchoesAsync(through, Echoes, ours);
            await EchoesAsync(direct, Echoes, theirs);
        }

        return new Figure("WebSocket echo, added at p50", "ms", Wrk.Median(ours) - Wrk.Median(theirs), 0.1,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"limit; {Wrk.Median(ours):0.000} through, {Wrk.Median(theirs):0.000} direct"));
    }

    private static async Task<WebSocket> ConnectAsync(int port, string? socket, string host, string token)
    {
        var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var made = socket is null
                    ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
                    : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await made.ConnectAsync(socket is null ? new IPEndPoint(IPAddress.Loopback, port) : new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(made, ownsSocket: true);
            },
        };
        await client.ConnectAsync(new Uri($"ws://{host}/"), new HttpMessageInvoker(handler, disposeHandler: false), CancellationToken.None);
        return client;
    }

    /// <summary>One after the other, 32 bytes each, in milliseconds.</summary>
    private static async Task EchoesAsync(WebSocket socket, int count, List<double> times)
    {
        var message = new byte[32];
        var buffer = new byte[64];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, true, CancellationToken.None);
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (received.Count != message.Length) throw new InvalidOperationException($"{received.Count} bytes came back");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }
}
