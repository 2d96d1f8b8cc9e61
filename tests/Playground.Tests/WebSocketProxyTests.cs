using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrowserTech.Playground.Backends;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Scene = BrowserTech.Playground.Tests.RequestProxyTests.Scene;

namespace BrowserTech.Playground.Tests;

/// <summary>WebSockets and other upgrades through the proxy, over HTTP/1.1 and HTTP/2.</summary>
public sealed class WebSocketProxyTests
{
    private static readonly byte[] Hello = [0x81, 5, .. "hello"u8];

    [Fact]
    public async Task What_two_ends_agree_on_is_theirs_and_compression_passes()
    {
        await using var at = await Scene.Set(async connection =>
        {
            var head = await connection.Upgrade("Sec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n");
            Assert.Contains("Sec-WebSocket-Protocol: a", head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("permessage-deflate", head, StringComparison.Ordinal);
            using var socket = WebSocket.CreateFromStream(connection.Stream, new WebSocketCreationOptions
            {
                IsServer = true, SubProtocol = "b", DangerousDeflateOptions = new WebSocketDeflateOptions(),
            });
            await Echo(socket);
        });
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("a");
        client.Options.AddSubProtocol("b");
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await client.ConnectAsync(new Uri(at.Backend.PathUrl.Replace("http:", "ws:", StringComparison.Ordinal)), Hub.Limit.Token);
        Assert.Equal("b", client.SubProtocol);
        var text = string.Join(' ', Enumerable.Range(0, 20_000));
        Assert.Equal(text, await Say(client, text));
        Assert.True(at.Hub.Live(at.Backend).View().BytesIn < text.Length, "it passed as it was compressed");
    }

    [Fact]
    public async Task A_refusal_of_the_backend_is_passed_on_with_its_words()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Say("HTTP/1.1 409 Conflict\r\nX-Own: full\r\nContent-Length: 4\r\n\r\nfull");
        });
        using var raw = await Raw.Connect(at, "GET", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");
        Assert.StartsWith("HTTP/1.1 409", raw.Head, StringComparison.Ordinal);
        Assert.Contains("X-Own: full", raw.Head, StringComparison.Ordinal);
        Assert.Equal("full", Encoding.ASCII.GetString(await raw.Read(4)));
    }

    [Fact]
    public async Task Another_protocol_passes_byte_for_byte_and_ends_when_either_side_does()
    {
        await using var at = await Scene.Set(async connection =>
        {
            Assert.Contains("Upgrade: chess", await connection.Head(), StringComparison.Ordinal);
            await connection.Say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chess\r\nConnection: Upgrade\r\n\r\ne4");
            Assert.Equal("e5", Encoding.ASCII.GetString(await connection.Bytes(2)));
            await connection.Stream.WriteAsync(new byte[] { 0x89, 0xFF, 0x88 });
        });
        using var raw = await Raw.Connect(at, "GET", "Upgrade: chess\r\nConnection: Upgrade\r\n");
        Assert.Equal("e4", Encoding.ASCII.GetString(await raw.Read(2)));
        await raw.Stream.WriteAsync("e5"u8.ToArray());
        Assert.Equal([0x89, 0xFF, 0x88], await raw.Read(3));
        Assert.Equal(0, await raw.Stream.ReadAsync(new byte[1]).AsTask().Soon());
        await at.Hub.Live(at.Backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_silent_client_is_asked_whether_it_is_there_and_its_answer_is_nobodys_activity()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var heard = new TaskCompletionSource<byte[]>();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            await connection.Stream.WriteAsync(Hello);
            heard.SetResult(await connection.Bytes(6 + 3));
            await connection.Bytes(1);
        }, clock: clock);
        using var raw = await Raw.WebSocket(at);
        await raw.Read(Hello.Length);
        var live = at.Hub.Live(at.Backend);
        var before = live.View().LastActivity;
        clock.Advance(PlaygroundTimes.PeerSilence);
        var ping = await raw.Read(10);
        Assert.Equal([0x89, 8], ping[..2]);
        await raw.Stream.WriteAsync(new byte[] { 0x8A, 0x88, 0, 0, 0, 0 }.Concat(ping[2..]).ToArray());
        // Its own pong, which is for the backend, passes; the answer to the hub before it did not.
        byte[] own = [0x8A, 0x83, 0, 0, 0, 0, 1, 2, 3];
        await raw.Stream.WriteAsync(own);
        Assert.Equal(own, await heard.Task.Soon());
        Assert.Equal(before, live.View().LastActivity);
        clock.Advance(PlaygroundTimes.PeerAnswer);
        Assert.Equal(1, live.Usage().Connections);
    }

    [Fact]
    public async Task A_client_that_answers_nothing_is_dropped()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var gone = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            await connection.Stream.WriteAsync(Hello);
            Assert.Equal(0, await connection.Stream.ReadAsync(new byte[1]));
            gone.SetResult();
        }, clock: clock);
        using var raw = await Raw.WebSocket(at);
        await raw.Read(Hello.Length);
        clock.Advance(PlaygroundTimes.PeerSilence);
        await raw.Read(10);
        clock.Advance(PlaygroundTimes.PeerAnswer);
        await gone.Task.Soon();
        await at.Hub.Live(at.Backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_dropped_and_has_filled_nothing()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var written = 0L;
        var stuck = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            var frame = new byte[4 + 60_000];
            (frame[0], frame[1], frame[2], frame[3]) = (0x82, 126, 60_000 >> 8, 60_000 & 0xFF);
            while (Interlocked.Add(ref written, frame.Length) < 1L << 30)
            {
                var write = connection.Stream.WriteAsync(frame).AsTask();
                if (await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1))) != write) stuck.TrySetResult();
                await write;
            }
        }, clock: clock);
        using var raw = await Raw.WebSocket(at);
        await stuck.Task.Soon();
        Assert.True(Interlocked.Read(ref written) < 32L << 20, "the sockets' own buffers, and no more");
        clock.Advance(PlaygroundTimes.PeerSilence);
        clock.Advance(PlaygroundTimes.PeerAnswer);
        await at.Hub.Live(at.Backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_client_whose_backend_reads_slowly_is_not_taken_for_dead()
    {
        const int Much = 64 << 20;
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var read = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            await read.Task;
            await connection.Bytes(14 + Much);
            await connection.Stream.WriteAsync(Hello);
            await connection.Bytes(1);
        }, clock: clock);
        using var raw = await Raw.WebSocket(at);
        var frame = new byte[14 + Much];
        (frame[0], frame[1], frame[6]) = (0x82, 0xFF, Much >> 24);
        var sending = raw.Stream.WriteAsync(frame).AsTask();
        var live = at.Hub.Live(at.Backend);
        // Nothing moves any more: what the sockets take is full.
        for (long before = -1, now; (now = live.View(figures: false).BytesIn) != before || now == 0; before = now)
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.False(sending.IsCompleted);
        for (var i = 0; i < 10; i++) clock.Advance(PlaygroundTimes.PeerSilence);
        Assert.Equal(1, live.Usage().Connections);

        read.SetResult();
        await sending.Soon();
        Assert.Equal(Hello, await raw.Read(Hello.Length));
        // And from then on it has to answer as anybody.
        clock.Advance(PlaygroundTimes.PeerSilence);
        await raw.Read(10);
        clock.Advance(PlaygroundTimes.PeerAnswer);
        await live.Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_control_frame_that_breaks_the_rules_reaches_the_backend_as_it_is_wherever_it_is_cut()
    {
        byte[] broken = [0x8A, 0xFE, 0, 125, 1, 2, 3, 4, .. Enumerable.Range(0, 125).Select(i => (byte)i), .. Hello];
        var heard = new TaskCompletionSource<byte[]>();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            heard.SetResult(await connection.Bytes(broken.Length));
        });
        using var raw = await Raw.WebSocket(at);
        // The hub keeps a pong until it is whole, and it has begun to.
        var live = at.Hub.Live(at.Backend);
        var before = live.View(figures: false).BytesIn;
        await raw.Stream.WriteAsync(broken.AsMemory(0, 1));
        while (live.View(figures: false).BytesIn == before) await Task.Delay(TimeSpan.FromMilliseconds(5), Hub.Limit.Token);
        await raw.Stream.WriteAsync(broken.AsMemory(1));
        Assert.Equal(broken, await heard.Task.Soon());
        await live.Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task A_hundred_sockets_that_come_and_go_leave_none_behind()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Upgrade();
            await connection.Stream.WriteAsync(Hello);
            await connection.Bytes(1);
        });
        var live = at.Hub.Live(at.Backend);
        for (var i = 0; i < 100; i++)
        {
            using var raw = await Raw.WebSocket(at);
            Assert.Equal(Hello, await raw.Read(Hello.Length));
        }

        await live.Until(each => each.Usage().Connections == 0);
        Assert.Equal(0, live.View().Clients);
    }

    [Fact]
    public async Task Requests_and_websockets_over_http2_reach_the_backend_as_http1()
    {
        using var certificate = SelfSigned();
        await using var at = await Scene.Set(async connection =>
        {
            var head = (await connection.Head())!;
            if (head.Contains("/page", StringComparison.Ordinal)) await connection.Answer(head);
            else if (head.Contains("/refused", StringComparison.Ordinal)) await connection.Answer("no");
            else await Echo(await ServerSide(connection, head));
        }, configure: services => services.Configure<KestrelServerOptions>(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
        }));
        var port = at.Hub.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address)).Single(address => address.Scheme == "https").Port;
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, given, _, _) => given!.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var path = new Uri(at.Backend.PathUrl).AbsolutePath;

        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{port}{path}page?x") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await invoker.SendAsync(request, Hub.Limit.Token).Soon();
        Assert.Equal(HttpVersion.Version20, answer.Version);
        var seen = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("GET /page?x HTTP/1.1\r\nHost: localhost", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: https", seen, StringComparison.Ordinal);

        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"wss://localhost:{port}{path}"), invoker, Hub.Limit.Token);
        Assert.Equal("over two", await Say(socket, "over two"));
        at.Hub.Live(at.Backend).Revoke(_ => true);
        var farewell = await socket.ReceiveAsync(new byte[64], Hub.Limit.Token).Soon();
        Assert.Equal((WebSocketMessageType.Close, "revoked"), (farewell.MessageType, farewell.CloseStatusDescription));
    }

    private static async Task<WebSocket> ServerSide(ScriptedConnection connection, string head)
    {
        var key = head.Split("\r\n").First(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal)).Split(": ")[1];
        await connection.Accept(key);
        return WebSocket.CreateFromStream(connection.Stream, new WebSocketCreationOptions { IsServer = true });
    }

    private static async Task Echo(WebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) return;
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
        }
    }

    private static async Task<string> Say(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Hub.Limit.Token);
        var buffer = new byte[256 * 1024];
        for (var length = 0; ;)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), Hub.Limit.Token);
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client that does exactly what the test says, and no more.</summary>
    private sealed class Raw(TcpClient client, string head) : IDisposable
    {
        public NetworkStream Stream => client.GetStream();

        public string Head { get; } = head;

        public static Task<Raw> WebSocket(Scene at) =>
            Connect(at, "GET", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n");

        public static async Task<Raw> Connect(Scene at, string method, string headers)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, at.Hub.Origin.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {new Uri(at.Backend.PathUrl).AbsolutePath} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"));
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                Assert.Equal(1, await stream.ReadAsync(one).AsTask().Soon());
                head.Append((char)one[0]);
            }

            return new Raw(client, head.ToString());
        }

        public async Task<byte[]> Read(int count)
        {
            var bytes = new byte[count];
            await Stream.ReadExactlyAsync(bytes).AsTask().Soon();
            return bytes;
        }

        public void Dispose() => client.Dispose();
    }
}
