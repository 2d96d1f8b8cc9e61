using System.Net;
using System.Text;

namespace BrowserTech.SessionBackend.Tests;

public sealed class HttpTests
{
    private static readonly BackendLimits Small = new()
    {
        MaxHead = 2048, MaxBody = 1000, Receive = TimeSpan.FromMilliseconds(300), Idle = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task One_connection_serves_one_request_after_another()
    {
        await using var server = await RunningServer.Start(process => Answering(process));
        await using var stream = await server.Connect();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        foreach (var path in (string[])["/one", "/two?x=%2F"])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: b\r\n\r\n"));
            Assert.Equal("HTTP/1.1 200 OK", await Line(reader));
            while (await Line(reader) is not "") { }
            var body = new char[path.Length + 4];
            await reader.ReadBlockAsync(body.AsMemory()).AsTask().WaitAsync(RunningServer.Bound);
            Assert.Equal("GET " + path, new string(body));
        }
    }

    [Fact]
    public async Task Requests_sent_before_the_first_is_answered_are_answered_in_order()
    {
        await using var server = await RunningServer.Start(process => Answering(process));
        var answer = await server.Exchange("GET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
        Assert.Equal(2, answer.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.True(answer.IndexOf("GET /a", StringComparison.Ordinal) < answer.IndexOf("GET /b", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_head_that_arrives_byte_by_byte_is_understood()
    {
        await using var server = await RunningServer.Start(process => Answering(process));
        await using var stream = await server.Connect();
        foreach (var each in "GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n"u8.ToArray()) await stream.WriteAsync((byte[])[each]);
        using var reader = new StreamReader(stream);
        Assert.Contains("GET /slow", await reader.ReadToEndAsync().WaitAsync(RunningServer.Bound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_gets_the_length_and_no_body()
    {
        await using var server = await RunningServer.Start(process => Answering(process));
        var answer = await server.Exchange("HEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
        Assert.Contains("Content-Length: 6\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_read_whether_it_has_a_length_or_comes_in_chunks()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = async call => BackendResponse.Bytes(await call.ReadBodyAsync(), "text/plain"),
        });
        using var http = server.NewClient();
        Assert.Equal("plain", await Post(http, new StringContent("plain")));
        var text = string.Concat(Enumerable.Repeat("0123456789", 50_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(text))) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = true;
        using var answer = await http.SendAsync(request);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_nobody_reads_does_not_become_the_next_request()
    {
        await using var server = await RunningServer.Start(process => Answering(process));
        var answer = await server.Exchange("POST /a HTTP/1.1\r\nContent-Length: 18\r\n\r\nGET /evil HTTP/1.1GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
        Assert.Contains("GET /b", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NONSENSE\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\n\r\n", 505)]
    [InlineData("GET /\u0001 HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nName : x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413)]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", 413)]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n", 426)]
    [InlineData("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n", 400)]
    public async Task A_request_that_two_readers_could_read_differently_is_refused_and_the_connection_closed(string request, int status)
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = async call => BackendResponse.Bytes(await call.ReadBodyAsync(), "text/plain"),
            OnSocket = (_, _) => Task.CompletedTask,
            Limits = Small,
        });
        var answer = await server.Exchange(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ")[1..]);
    }

    [Fact]
    public async Task A_head_that_is_too_large_is_refused_however_it_arrives()
    {
        await using var server = await RunningServer.Start(process => Answering(process, Small));
        Assert.StartsWith("HTTP/1.1 431 ", await server.Exchange($"GET / HTTP/1.1\r\nA: {new string('a', 3000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await server.Exchange(new string('a', 100_000)), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await server.Exchange($"GET / HTTP/1.1\r\nConnection: close\r\nA: {new string('a', 1900)}\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_stops_in_the_middle_is_told_and_one_that_never_asks_is_let_go()
    {
        await using var server = await RunningServer.Start(process => Answering(process, Small));
        Assert.StartsWith("HTTP/1.1 408 ", await server.Exchange("GET / HTTP/1.1\r\nHos"), StringComparison.Ordinal);
        Assert.Equal("", await server.Exchange(""));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_its_neighbour_is_served()
    {
        var dropped = new TaskCompletionSource();
        var limits = new BackendLimits { Send = TimeSpan.FromMilliseconds(200) };
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Limits = limits,
            OnRequest = call => new(call.Path != "/much" ? BackendResponse.Text("here") : BackendResponse.Stream("text/plain", async (body, cancel) =>
            {
                try
                {
                    while (true) await body.WriteAsync(new byte[64 * 1024], cancel);
                }
                finally
                {
                    dropped.TrySetResult();
                }
            })),
        });
        await using var deaf = await server.Connect();
        await deaf.WriteAsync("GET /much HTTP/1.1\r\n\r\n"u8.ToArray());
        await dropped.Task.WaitAsync(RunningServer.Bound);
        using var http = server.NewClient();
        Assert.Equal("here", await http.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_body_is_sent_as_it_is_written()
    {
        var go = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = _ => new(BackendResponse.Stream("text/event-stream", async (body, cancel) =>
            {
                await body.WriteAsync("data: 1\n\n"u8.ToArray(), cancel);
                await go.Task;
                await body.WriteAsync("data: 2\n\n"u8.ToArray(), cancel);
            }).With("X-Own", "yes")),
        });
        using var http = server.NewClient();
        using var answer = await http.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("yes", answer.Headers.GetValues("X-Own").Single());
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await Line(reader));
        go.SetResult();
        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync().WaitAsync(RunningServer.Bound));
    }

    [Fact]
    public async Task An_error_of_a_handler_is_a_500_and_the_server_goes_on()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = call => call.Path == "/bad" ? throw new InvalidOperationException("secret") : new(BackendResponse.Text("good")),
        });
        using var http = server.NewClient();
        using var bad = await http.GetAsync("/bad");
        Assert.Equal(HttpStatusCode.InternalServerError, bad.StatusCode);
        Assert.DoesNotContain("secret", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("good", await http.GetStringAsync("/good"));
    }

    [Fact]
    public void A_header_with_a_line_break_cannot_be_set()
    {
        Assert.Throws<ArgumentException>(() => BackendResponse.Text("x").With("A", "b\r\nSet-Cookie: c=d"));
        Assert.Throws<ArgumentException>(() => BackendResponse.Text("x").With("A: b\r\nC", "d"));
    }

    [Fact]
    public async Task Three_hundred_clients_at_once_are_all_served_though_places_are_few()
    {
        await using var server = await RunningServer.Start(process => Answering(process, new BackendLimits { MaxConnections = 20 }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(n => server.Exchange($"GET /{n} HTTP/1.1\r\nConnection: close\r\n\r\n")));
        Assert.All(answers.Index(), each => Assert.EndsWith($"GET /{each.Index}", each.Item, StringComparison.Ordinal));
    }

    private static BackendServer Answering(BackendProcess process, BackendLimits? limits = null) => new(process)
    {
        OnRequest = call => new(BackendResponse.Text($"GET {call.Target}")),
        Limits = limits ?? new BackendLimits(),
    };

    private static async Task<string> Post(HttpClient http, HttpContent content)
    {
        using var answer = await http.PostAsync("/", content);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string?> Line(StreamReader reader) => await reader.ReadLineAsync().WaitAsync(RunningServer.Bound);
}
