using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Proxy;
using BrowserTech.Playground.Proxy.Loops;
using Scene = BrowserTech.Playground.Tests.RequestProxyTests.Scene;

namespace BrowserTech.Playground.Tests;

/// <summary>Clients that say what no library would, and backends that say what nobody asked for.</summary>
public sealed class HostileProxyTests
{
    [Theory]
    [InlineData("cookie:forged=1;a", "b")]
    [InlineData("transfer-encoding:a", ", chunked")]
    [InlineData(" x-verified-username:admin", "v")]
    [InlineData("x-a b", "v")]
    [InlineData("x-control\u0001", "v")]
    [InlineData("x-value", "a\u000bb")]
    public async Task A_header_that_HTTP_1_cannot_say_is_refused_and_the_backend_never_sees_it(string name, string value)
    {
        var seen = new ConcurrentQueue<string>();
        await using var at = await Scene.Set(
            connection => Record(connection, seen),
            configure: services => services.Configure<KestrelServerOptions>(options =>
            {
                options.Listen(IPAddress.Loopback, 0);
                options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            }));
        var port = at.Hub.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address).Port).Single(each => each != at.Hub.Origin.Port);

        // One that may be said shows that the others get as far.
        Assert.Equal(200, await Http2Get(port, PathOf(at), "x-plain", "v"));
        Assert.Contains("x-plain: v", Assert.Single(seen), StringComparison.Ordinal);
        // Refused by the web server (the stream is reset) or by the proxy.
        Assert.True(await Http2Get(port, PathOf(at), name, value) is 400 or 0);
        Assert.Single(seen);
    }

    [Fact]
    public async Task What_a_backend_says_unasked_is_nobodys_answer()
    {
        var said = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Answer("one");
            if (!said.Task.IsCompleted)
            {
                await connection.Say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                said.SetResult();
            }

            while (await connection.Head() is not null) await connection.Answer("honest");
        });
        Assert.Equal("one", await at.Hub.Http.GetStringAsync(at.Backend.PathUrl).Soon());
        await said.Task.Soon();
        using var other = at.Hub.NewClient();
        Assert.Equal("one", await other.GetStringAsync(at.Backend.PathUrl).Soon()); // on another link
        Assert.Equal("honest", await other.GetStringAsync(at.Backend.PathUrl).Soon());
    }

    [Fact]
    public async Task A_backend_that_breaks_off_an_upload_is_told_of()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Bytes(5);
        });
        var answer = await Raw(at, $"POST {PathOf(at)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nbegin");
        Assert.StartsWith("HTTP/1.1 502", answer, StringComparison.Ordinal);
        Assert.Contains("\"backend_unreachable\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_framed_as_it_says_is_the_clients_fault()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            while ((await connection.Bytes(1))[0] != 0)
            {
                // All that comes.
            }
        });
        var answer = await Raw(at, $"POST {PathOf(at)} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\nnonsense\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_turns_to_nonsense_is_broken_off_and_never_mixed_with_the_hubs_own()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n");
            await connection.Bytes(1);
        });
        var answer = await Raw(at, $"GET {PathOf(at)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.DoesNotContain("er-", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT", "{0}")]
    [InlineData("TRACE", "/")]
    public async Task A_method_for_who_is_in_the_middle_is_not_passed_on(string method, string target)
    {
        var log = new LogPlaces();
        var seen = new ConcurrentQueue<string>();
        await using var at = await Scene.Set(
            connection => Record(connection, seen),
            configure: services => services.AddLogging(logging => logging.ClearProviders().AddProvider(log)));
        var host = new Uri(at.Backend.Url).Authority;
        string Request(string verb, string of) => $"{verb} {of} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {at.Backend.Token}\r\n";
        var answer = await Raw(at, Request("GET", "/") + "\r\n"
            + Request(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, target, host)) + "Connection: close\r\n\r\n");
        Assert.Contains("HTTP/1.1 501", answer, StringComparison.Ordinal);
        Assert.Contains("\"not_implemented\"", answer, StringComparison.Ordinal);
        Assert.StartsWith("GET", Assert.Single(seen), StringComparison.Ordinal);
        Assert.DoesNotContain(log.All, each => each.OnLoop);
    }

    [Fact]
    public async Task Pongs_that_answer_no_ping_pass_in_the_writes_they_came_in()
    {
        await using var at = await Scene.Set(async connection => await connection.Head());
        var live = at.Hub.Live(at.Backend);
        await using var backend = new Writes();
        using var link = new BackendLink(backend, live, TimeProvider.System);
        var up = new FromClient(link, live, isWebSocket: true);
        var ping = ControlFrames.Ping();
        byte[] pongs = [.. Enumerable.Repeat((byte[])[0x8A, 0x80, 1, 2, 3, 4], 500).SelectMany(each => each)];
        await up.Pass(pongs, ping);
        Assert.Equal(pongs, Assert.Single(backend.All));

        // Nor does the answer, said again and again, when it has been heard once.
        byte[] answer = [0x8A, 0x88, 0, 0, 0, 0, .. ping.AsSpan(2)];
        await up.Pass(answer, ping);
        Assert.Single(backend.All);
        await up.Pass((byte[])[.. answer, .. answer, .. answer], ping);
        Assert.Equal(3 * answer.Length, backend.All[1].Length);
    }

    /// <summary>A backend that keeps the heads it was sent, and answers.</summary>
    private static async Task Record(ScriptedConnection connection, ConcurrentQueue<string> seen)
    {
        while (await connection.Head() is { } head)
        {
            seen.Enqueue(head);
            await connection.Answer("ok");
        }
    }

    private static string PathOf(Scene at) => new Uri(at.Backend.PathUrl).AbsolutePath;

    /// <summary>All that comes back until the hub closes, or until it has been said that it may.</summary>
    private static async Task<string> Raw(Scene at, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, at.Hub.Origin.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        var all = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await client.GetStream().ReadAsync(buffer).AsTask().Soon() is > 0 and var read)
            {
                all.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (all.ToString().TrimEnd().EndsWith('}')) break; // an error, whole
            }
        }
        catch (IOException)
        {
            // Broken off.
        }

        return all.ToString();
    }

    /// <summary>The status of the answer; 0 when the stream or the connection was reset.</summary>
    private static async Task<int> Http2Get(int port, string path, string name, string value)
    {
        const int Headers = 1, Reset = 3, GoAway = 7;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }); // SETTINGS
        // HPACK: GET and http from the table, the others as literals.
        byte[] block = [0x82, 0x86, 0x04, .. Text(path), 0x01, .. Text("localhost"), 0x00, .. Text(name), .. Text(value)];
        await stream.WriteAsync((byte[])[0, (byte)(block.Length >> 8), (byte)block.Length, Headers, 0x05, 0, 0, 0, 1, .. block]);
        var head = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(head).AsTask().Soon();
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload).AsTask().Soon();
            if (head[3] is Reset or GoAway) return 0;
            if (head[3] != Headers) continue;
            // The first is the status: from the table, or a literal of three digits whose name is in it.
            return payload[0] switch
            {
                0x88 => 200,
                0x8C => 400,
                _ => int.Parse(Encoding.ASCII.GetString(payload.AsSpan(2, 3)), System.Globalization.CultureInfo.InvariantCulture),
            };
        }

        static byte[] Text(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];
    }

    /// <summary>What is written, write by write.</summary>
    private sealed class Writes : MemoryStream
    {
        public List<byte[]> All { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            All.Add(buffer.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
