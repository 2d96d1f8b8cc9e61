using System.Net.Sockets;
using System.Text;

namespace BrowserTech.SessionBackend.Tests;

/// <summary>Answers that are written as they come, and what their clients do meanwhile.</summary>
public sealed class StreamedAnswerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("GET /next HTTP/1.1\r\n\r\n")] // asked for ahead, and never heard
    [InlineData("POST /next HTTP/1.1\r\nContent-Le")]
    public async Task A_stream_with_nothing_to_say_ends_when_its_client_is_gone_and_its_place_is_free(string ahead)
    {
        var ended = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Limits = new BackendLimits { MaxConnections = 1 },
            OnRequest = call => new(call.Path != "/silent" ? BackendResponse.Text("here") : BackendResponse.Stream("text/event-stream", async (body, gone) =>
            {
                await body.WriteAsync(":\n\n"u8.ToArray(), gone);
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, gone);
                }
                finally
                {
                    ended.SetResult();
                }
            })),
        });
        await using (var listener = await server.Connect())
        {
            await listener.WriteAsync(Encoding.ASCII.GetBytes("GET /silent HTTP/1.1\r\n\r\n" + ahead));
            await Until(listener, ":\n\n");
        }

        await ended.Task.WaitAsync(RunningServer.Bound);
        Assert.EndsWith("here", await server.Exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_while_a_stream_runs_is_answered_after_it_however_it_arrives()
    {
        var go = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => Streaming(process, go.Task));
        await using var client = await server.Connect();
        await client.WriteAsync("GET /stream HTTP/1.1\r\n\r\nGET /a"u8.ToArray());
        await Until(client, "begun");
        foreach (var part in (string[])[" HTTP/1.1\r\n", "\r\nPOST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\nbo", "dyGET /c HTTP/1.1\r\nConnection: close\r\n\r\n"])
            await client.WriteAsync(Encoding.ASCII.GetBytes(part));
        go.SetResult();
        Assert.Equal(["/a", "/b body", "/c"], await Answers(client));
    }

    [Fact]
    public async Task More_than_is_read_ahead_while_a_stream_runs_is_not_lost_either()
    {
        const int Requests = 400;
        var go = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => Streaming(process, go.Task, new BackendLimits { MaxHead = 1024 }));
        await using var client = await server.Connect();
        await client.WriteAsync("GET /stream HTTP/1.1\r\n\r\n"u8.ToArray());
        await Until(client, "begun");
        var requests = string.Concat(Enumerable.Range(0, Requests).Select(n => $"GET /{n} HTTP/1.1\r\n{(n + 1 == Requests ? "Connection: close\r\n" : "")}\r\n"));
        await client.WriteAsync(Encoding.ASCII.GetBytes(requests));
        go.SetResult();
        Assert.Equal(Enumerable.Range(0, Requests).Select(n => $"/{n}"), await Answers(client));
    }

    [Theory]
    [InlineData("Connection: close\r\nContent-Length: 5000000\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    public async Task Who_still_sends_a_body_nobody_reads_is_noticed_when_it_is_gone(string headers)
    {
        var ended = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = _ => new(BackendResponse.Stream("text/plain", async (body, gone) =>
            {
                await body.WriteAsync("begun"u8.ToArray(), gone);
                using var _ = gone.Register(ended.SetResult);
                await ended.Task;
            })),
        });
        await using (var client = await server.Connect())
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\n{headers}\r\n"));
            await Until(client, "begun");
            await client.WriteAsync(new byte[1_000_000]);
        }

        await ended.Task.WaitAsync(RunningServer.Bound);
    }

    [Fact]
    public async Task SIGTERM_ends_a_stream_and_what_it_still_says_arrives()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = _ => new(BackendResponse.Stream("text/plain", async (body, gone) =>
            {
                await body.WriteAsync("begun"u8.ToArray(), gone);
                await Task.Delay(Timeout.InfiniteTimeSpan, gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await body.WriteAsync("goodbye"u8.ToArray(), CancellationToken.None);
            })),
        });
        await using var client = await server.Connect();
        await client.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await Until(client, "begun");
        server.Process.Stop();
        await Until(client, "goodbye\r\n0\r\n\r\n");
    }

    /// <summary>Reads until that is the end of what came.</summary>
    private static async Task Until(NetworkStream stream, string end)
    {
        var heard = new byte[4096];
        var length = 0;
        while (!Encoding.Latin1.GetString(heard, 0, length).TrimEnd('\r', '\n').EndsWith(end.TrimEnd('\r', '\n'), StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(heard.AsMemory(length)).AsTask().WaitAsync(RunningServer.Bound);
            Assert.NotEqual(0, read);
            length += read;
        }
    }

    /// <summary>The bodies of the answers behind the stream's.</summary>
    private static async Task<string[]> Answers(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var all = await reader.ReadToEndAsync().WaitAsync(RunningServer.Bound);
        return [.. all.Split("HTTP/1.1 200 OK")[1..].Select(answer => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])];
    }

    private static BackendServer Streaming(BackendProcess process, Task go, BackendLimits? limits = null) => new(process)
    {
        Limits = limits ?? new BackendLimits(),
        OnRequest = async call =>
        {
            if (call.Path != "/stream") return BackendResponse.Text($"{call.Path} {Encoding.ASCII.GetString((await call.ReadBodyAsync()).Span)}".TrimEnd());
            return BackendResponse.Stream("text/plain", async (body, gone) =>
            {
                await body.WriteAsync("begun"u8.ToArray(), gone);
                await go;
                await body.WriteAsync("done"u8.ToArray(), gone);
            });
        },
    };
}
