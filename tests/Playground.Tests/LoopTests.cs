using System.Net;
using System.Net.Sockets;
using BrowserTech.Playground.Proxy.Loops;

namespace BrowserTech.Playground.Tests;

/// <summary>Sockets that a loop waits for.</summary>
public sealed class LoopTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_came_with_the_end_is_read_and_then_the_end()
    {
        using var pair = await Pair.Connect();
        await pair.Peer.SendAsync(new byte[10]);
        pair.Peer.Shutdown(SocketShutdown.Send);
        var buffer = new byte[100];
        var read = await pair.Looped.ReadAsync(buffer).AsTask().WaitAsync(Limit);
        Assert.Equal(10, read);
        Assert.Equal(0, await pair.Looped.ReadAsync(buffer).AsTask().WaitAsync(Limit));
        Assert.Equal(0, await pair.Looped.ReadAsync(buffer).AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task More_than_the_network_takes_at_once_arrives_whole()
    {
        using var pair = await Pair.Connect();
        var sent = new byte[20_000_000];
        new Random(1).NextBytes(sent);
        var sending = pair.Looped.WriteAsync(sent).AsTask();
        Assert.False(sending.IsCompleted);
        var received = new byte[sent.Length];
        await using var peer = new NetworkStream(pair.Peer);
        await peer.ReadExactlyAsync(received).AsTask().WaitAsync(Limit);
        await sending.WaitAsync(Limit);
        Assert.True(received.AsSpan().SequenceEqual(sent));
    }

    [Fact]
    public async Task Closing_ends_a_read_and_a_write_that_wait()
    {
        using var pair = await Pair.Connect();
        var reading = pair.Looped.ReadAsync(new byte[10]).AsTask();
        var writing = pair.Looped.WriteAsync(new byte[20_000_000]).AsTask();
        pair.Looped.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Limit));
        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(Limit));
        Assert.IsNotType<TimeoutException>(reading.Exception?.InnerException);
        Assert.True(reading.IsFaulted && writing.IsFaulted);
    }

    [Fact]
    public async Task Who_never_stops_talking_is_not_listened_to_on_the_loop()
    {
        using var pair = await Pair.Connect();
        await pair.Peer.SendAsync(new byte[1000]);
        var reader = Read();
        var left = await reader.WaitAsync(Limit);
        Assert.False(left);

        // One byte at a time is always given all it has room for.
        async Task<bool> Read()
        {
            var buffer = new byte[1];
            for (var i = 0; i < 1000; i++) await pair.Looped.ReadExactlyAsync(buffer);
            return EventLoop.IsHere;
        }
    }

    private sealed class Pair(LoopStream looped, Socket peer) : IDisposable
    {
        public LoopStream Looped => looped;

        public Socket Peer => peer;

        public static async Task<Pair> Connect()
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await peer.ConnectAsync(listener.LocalEndPoint!);
            return new Pair(new LoopStream(new NetworkStream(await listener.AcceptAsync(), ownsSocket: true)), peer);
        }

        public void Dispose()
        {
            looped.Dispose();
            peer.Dispose();
        }
    }
}
