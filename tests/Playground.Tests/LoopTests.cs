using System.Net;
using System.Net.Sockets;
using BrowserTech.Playground.Proxy.Loops;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => reading.WaitAsync(Limit));
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => writing.WaitAsync(Limit));
    }

    [Fact]
    public async Task What_moved_to_another_loop_is_told_there_of_what_came_before_and_after()
    {
        using var staying = await Pair.Connect();
        var moving = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Pair.Connect()));
        foreach (var each in moving) await each.Peer.SendAsync(new byte[1]);
        var there = await OnLoopOf(staying, () =>
        {
            foreach (var each in moving) each.Looped.MoveHere();
            Assert.All(moving, each => Assert.True(each.Looped.IsHere));
            return Task.FromResult(Environment.CurrentManagedThreadId);
        }).WaitAsync(Limit);
        foreach (var each in moving)
        {
            Assert.Equal(1, await each.Looped.ReadAsync(new byte[10]).AsTask().WaitAsync(Limit));
            Assert.Equal(there, await OnLoopOf(each, () => Task.FromResult(Environment.CurrentManagedThreadId)).WaitAsync(Limit));
        }

        foreach (var each in moving) each.Dispose();
    }

    [Fact]
    public async Task Who_never_stops_talking_is_not_listened_to_on_the_loop()
    {
        using var pair = await Pair.Connect();
        var places = await OnLoopOf(pair, async () =>
        {
            pair.Peer.Send(new byte[1000]);
            // One byte at a time is always given all it has room for.
            var (buffer, all) = (new byte[1], new List<bool>());
            for (var i = 0; i < 1000; i++)
            {
                await pair.Looped.ReadExactlyAsync(buffer).ConfigureAwait(false);
                all.Add(EventLoop.IsHere);
            }

            return all;
        }).WaitAsync(Limit);
        Assert.InRange(places.Count(each => each), 0, 100);
    }

    [Fact]
    public async Task A_connection_that_is_reset_ends_a_read_and_a_write_that_wait()
    {
        using var pair = await Pair.Connect();
        var reading = pair.Looped.ReadAsync(new byte[10]).AsTask();
        var writing = pair.Looped.WriteAsync(new byte[20_000_000]).AsTask();
        pair.Peer.LingerState = new LingerOption(enable: true, seconds: 0);
        pair.Peer.Close();
        await Task.WhenAll(reading, writing).WaitAsync(Limit).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.IsType<IOException>(writing.Exception?.InnerException);
        // Which of the two the kernel gives the error is its own affair; the other finds the end.
        Assert.True(reading.IsFaulted ? reading.Exception.InnerException is IOException : await reading == 0);
    }

    [Fact]
    public async Task Words_that_come_while_others_are_waited_for_are_not_lost()
    {
        using var pair = await Pair.Connect();
        var buffer = new byte[64];
        await using var peer = new NetworkStream(pair.Peer);
        // Each answer sets off the next word, from another thread, while the reader is on its way back to waiting.
        for (var i = 0; i < 5_000; i++)
        {
            var reading = pair.Looped.ReadAsync(buffer);
            await peer.WriteAsync(new byte[1 + (i % 64)]);
            Assert.Equal(1 + (i % 64), await Whole(reading, 1 + (i % 64)));
        }

        async Task<int> Whole(ValueTask<int> first, int all)
        {
            var read = await first.AsTask().WaitAsync(Limit);
            while (read < all) read += await pair.Looped.ReadAsync(buffer).AsTask().WaitAsync(Limit);
            return read;
        }
    }

    [Fact]
    public async Task Clients_that_read_nothing_keep_nobody_else_waiting_nor_the_hub_from_ending()
    {
        var at = await RequestProxyTests.Scene.Set(async connection =>
        {
            while (await connection.Head() is { } head)
            {
                if (!head.Contains("/endless", StringComparison.Ordinal))
                {
                    await connection.Answer("ok");
                    continue;
                }

                await connection.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                while (true) await connection.Say($"{1 << 16:x}\r\n{new string('m', 1 << 16)}\r\n");
            }
        });
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
            Assert.True((await at.Hub.NewClient().GetAsync(at.Backend.PathUrl + "endless", HttpCompletionOption.ResponseHeadersRead).Soon()).IsSuccessStatusCode);
        for (var i = 0; i < 2 * Environment.ProcessorCount; i++)
        {
            using var other = at.Hub.NewClient();
            for (var j = 0; j < 3; j++) Assert.Equal("ok", await other.GetStringAsync(at.Backend.PathUrl).Soon());
        }

        await at.DisposeAsync().AsTask().Soon();
    }

    [Fact]
    public async Task Nothing_is_logged_on_a_loop()
    {
        // The test before this one may have ended on a loop, and whoever runs them goes on where it ended.
        await Task.Run(NothingIsLogged);
    }

    private static async Task NothingIsLogged()
    {
        var log = new LogPlaces();
        await using var at = await RequestProxyTests.Scene.Set(async connection =>
        {
            while (await connection.Head() is not null) await connection.Answer("ok");
        }, configure: services => services.AddLogging(logging => logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information)));
        for (var i = 0; i < 5; i++) Assert.Equal("ok", await at.Hub.Http.GetStringAsync(at.Backend.PathUrl).Soon());
        at.Hub.Live(at.Backend).Revoke(_ => true);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Forbidden, (await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon()).StatusCode);
        Assert.NotEmpty(log.All);
        Assert.DoesNotContain(log.All, each => each.OnLoop);
    }

    /// <summary>Goes on where a reader that waits is told. Where it never had to wait, it is asked again.</summary>
    private static async Task<T> OnLoopOf<T>(Pair pair, Func<Task<T>> then)
    {
        do
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var reading = pair.Looped.ReadAsync(new byte[10]);
            await pair.Peer.SendAsync(new byte[1]).ConfigureAwait(false);
            Assert.Equal(1, await reading.ConfigureAwait(false));
        }
        while (!EventLoop.IsHere);
        return await then();
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
