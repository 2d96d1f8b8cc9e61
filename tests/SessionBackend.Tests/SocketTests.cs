using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using BrowserTech.SessionBackend.Http;
using CsCheck;

namespace BrowserTech.SessionBackend.Tests;

public sealed class SocketTests
{
    [Fact]
    public async Task A_message_comes_back_whole_whatever_its_size_and_however_it_was_split()
    {
        await using var server = await RunningServer.Start(Echoing);
        using var socket = await server.Open();
        foreach (var size in (int[])[0, 1, 125, 126, 1023, 1024, 1025, 65_535, 65_536, 1_000_000])
        {
            var text = new string('é', size / 2) + new string('x', size % 2);
            var bytes = Encoding.UTF8.GetBytes(text);
            await socket.SendAsync(bytes.AsMemory(0, bytes.Length / 3), WebSocketMessageType.Text, false, CancellationToken.None);
            await socket.SendAsync(bytes.AsMemory(bytes.Length / 3), WebSocketMessageType.Text, true, CancellationToken.None);
            Assert.Equal(text, await socket.Hear());
        }
    }

    [Fact]
    public async Task A_message_that_is_too_large_closes_the_socket_with_1009()
    {
        await using var server = await RunningServer.Start(process => Echoing(process, new BackendLimits { MaxMessage = 5000 }));
        using var socket = await server.Open();
        await socket.Say(new string('x', 4999));
        Assert.Equal(4999, (await socket.Hear()).Length);
        await socket.Say(new string('x', 6000));
        Assert.StartsWith("1009 ", await socket.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_goodbye_is_answered()
    {
        await using var server = await RunningServer.Start(Echoing);
        using var socket = await server.Open();
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).WaitAsync(RunningServer.Bound);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task The_first_subprotocol_that_both_speak_is_agreed_on()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Subprotocols = ["v2", "v1"],
            OnSocket = async (_, socket) => await socket.SendAsync(socket.Subprotocol ?? "none"),
        });
        using var agreed = await server.Open("/", "v0", "v1", "v2");
        Assert.Equal("v2", agreed.SubProtocol);
        Assert.Equal("v2", await agreed.Hear());
        using var none = await server.Open();
        Assert.Equal("none", await none.Hear());
    }

    [Fact]
    public async Task Many_threads_may_send_at_once()
    {
        const int Senders = 8, Each = 200;
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnSocket = (_, socket) => Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
            {
                for (var n = 0; n < Each; n++) Assert.True(await socket.SendAsync($"{sender}:{n}"));
            }))),
        });
        using var client = await server.Open();
        var next = new int[Senders];
        for (var i = 0; i < Senders * Each; i++)
        {
            var parts = (await client.Hear()).Split(':');
            Assert.Equal(next[int.Parse(parts[0])]++, int.Parse(parts[1]));
        }

        Assert.StartsWith("1000", await client.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_read_misses_what_may_be_skipped_and_is_dropped_for_what_may_not()
    {
        var outcome = new TaskCompletionSource<(bool Skipped, bool Sent)>();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Limits = new BackendLimits { Send = TimeSpan.FromMilliseconds(300) },
            OnSocket = async (_, socket) =>
            {
                var sent = true;
                var skipped = false;
                while (sent)
                {
                    var send = socket.SendAsync(new byte[256 * 1024]).AsTask();
                    if (!send.IsCompleted) skipped |= !await socket.TrySendAsync("newest");
                    sent = await send;
                }

                outcome.SetResult((skipped, sent));
            },
        });
        using var deaf = await server.Open();
        Assert.Equal((true, false), await outcome.Task.WaitAsync(RunningServer.Bound));
    }

    [Fact]
    public async Task Sending_to_a_neighbour_who_has_just_left_is_false_and_closes_nobody()
    {
        var neighbour = new TaskCompletionSource<BackendSocket>();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Limits = new BackendLimits { MaxConnections = 2 },
            OnSocket = async (call, socket) =>
            {
                if (call.Path == "/leaves")
                {
                    neighbour.SetResult(socket);
                    return;
                }

                while (await socket.ReceiveAsync() is not null)
                {
                    var gone = await neighbour.Task;
                    await socket.SendAsync($"{await gone.SendAsync("all")} {await gone.TrySendAsync("all")}");
                }
            },
        });
        using var stays = await server.Open();
        using (var leaves = await server.Open("/leaves")) Assert.StartsWith("1000", await leaves.Hear(), StringComparison.Ordinal);
        // There are two places: who is answered now has that of the one who left, of whom nothing is left.
        Assert.StartsWith("HTTP/1.1 404 ", await server.Exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        for (var times = 0; times < 2; times++)
        {
            await stays.Say("to all");
            Assert.Equal("False False", await stays.Hear());
        }
    }

    [Fact]
    public async Task What_comes_right_behind_the_handshake_is_not_lost()
    {
        await using var server = await RunningServer.Start(Echoing);
        await using var stream = await server.Connect();
        var request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await stream.WriteAsync((byte[])[.. request, 0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i']);
        var answer = new byte[1024];
        var length = 0;
        while (!Encoding.Latin1.GetString(answer, 0, length).EndsWith("hi", StringComparison.Ordinal))
            length += await stream.ReadAsync(answer.AsMemory(length)).AsTask().WaitAsync(RunningServer.Bound);
        // The example of RFC 6455, 1.3.
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Encoding.Latin1.GetString(answer, 0, length), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_a_handler_closes_the_socket_with_1011()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process) { OnSocket = (_, _) => throw new InvalidOperationException("secret") });
        using var socket = await server.Open();
        Assert.StartsWith("1011 ", await socket.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_whose_network_is_gone_ends_the_handler()
    {
        var ended = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnSocket = async (_, socket) =>
            {
                while (await socket.ReceiveAsync() is not null) { }
                ended.SetResult();
            },
        });
        using (var socket = await server.Open()) socket.Abort();
        await ended.Task.WaitAsync(RunningServer.Bound);
    }

    [Fact]
    public void The_hash_is_SHA_1() => Gen.Byte.Array[0, 300].Sample(bytes =>
#pragma warning disable CA5350 // what it is compared with
        WebSocketHandshake.Sha1(bytes).AsSpan().SequenceEqual(SHA1.HashData(bytes)));
#pragma warning restore CA5350

    private static BackendServer Echoing(BackendProcess process) => Echoing(process, new BackendLimits());

    private static BackendServer Echoing(BackendProcess process, BackendLimits limits) => new(process)
    {
        Limits = limits,
        OnSocket = async (_, socket) =>
        {
            while (await socket.ReceiveAsync() is { } message) await socket.SendAsync(message.Data, message.IsText);
        },
    };
}
