using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Playground.Tests;

/// <summary>Requests and answers, as they are when they have passed the proxy. The backend's side is written out byte by byte.</summary>
public sealed class RequestProxyTests
{
    private static readonly ServiceLimits Long = new() { Grace = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task Method_path_query_headers_and_body_arrive_as_they_were_sent()
    {
        await using var at = await Scene.Set(async connection =>
        {
            while (await connection.Head() is { } head)
            {
                var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))?.Split(' ')[1];
                var body = Encoding.UTF8.GetString(await connection.Bytes(int.Parse(length ?? "0")));
                await connection.Answer(JsonSerializer.Serialize(new { head, body }));
            }
        }, key: "a room/ö");
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(at.Backend.PathUrl + "a%2Fb//c/%C3%A4?x=%20&y=a+b&token=mine", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("X-Own", ["one", "two"]);
        request.Headers.TryAddWithoutValidation("Connection", "X-Hop");
        request.Headers.TryAddWithoutValidation("X-Hop", "for the next one only");
        request.Headers.Add("Authorization", "Basic YTpi");
        request.Content = new StringContent("über", Encoding.UTF8, "text/plain");
        var got = await (await at.Hub.Http.SendAsync(request).Soon()).Content.ReadFromJsonAsync<JsonElement>();
        var head = got.GetProperty("head").GetString()!.Split("\r\n");

        Assert.Equal("PATCH /a%2Fb//c/%C3%A4?x=%20&y=a+b&token=mine HTTP/1.1", head[0]);
        Assert.Equal("über", got.GetProperty("body").GetString());
        Assert.Contains("Content-Type: text/plain; charset=utf-8", head);
        Assert.Contains("Authorization: Basic YTpi", head);
        Assert.Contains("X-Verified-Key: a%20room%2F%C3%B6", head);
        Assert.Contains($"X-Verified-Fencing-Token: {at.Backend.FencingToken}", head);
        Assert.Contains("X-Verified-Path: /a%2Fb//c/%C3%A4", head);
        Assert.Equal(1, head.Count(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(head, line => line.StartsWith("X-Own: one", StringComparison.Ordinal));
        Assert.DoesNotContain(head, line => line.StartsWith("X-Hop", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(at.Backend.Token, got.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_arrives_as_it_is_written_and_an_upload_too()
    {
        await using var at = await Scene.Set(async connection =>
        {
            var head = await connection.Head();
            Assert.Contains("Transfer-Encoding: chunked", head, StringComparison.Ordinal);
            await connection.Say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            foreach (var said in new[] { "one", "two" })
            {
                Assert.Equal($"3\r\n{said}\r\n", Encoding.ASCII.GetString(await connection.Bytes(8)));
                await connection.Say($"5\r\n<{said}>\r\n");
            }

            Assert.Equal("0\r\n\r\n", Encoding.ASCII.GetString(await connection.Bytes(5)));
            await connection.Say("0\r\nX-Trailer: dropped\r\n\r\n");
        });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, at.Hub.Origin.Port);
        var stream = client.GetStream();
        var reader = new StreamReader(stream);
        await Say(stream, $"POST {new Uri(at.Backend.PathUrl).AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        while (await reader.ReadLineAsync().Soon() is { Length: > 0 })
        {
            // The head, before the upload is over.
        }

        Assert.Equal(["5", "<one>"], [await reader.ReadLineAsync().Soon(), await reader.ReadLineAsync().Soon()]);
        await Say(stream, "3\r\ntwo\r\n");
        Assert.Equal(["5", "<two>"], [await reader.ReadLineAsync().Soon(), await reader.ReadLineAsync().Soon()]);
        await Say(stream, "0\r\n\r\n");
        Assert.Equal("0", await reader.ReadLineAsync().Soon());
    }

    [Fact]
    public async Task A_large_body_passes_both_ways_and_its_bytes_are_counted()
    {
        const int Megabytes = 48;
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            for (var i = 0; i < Megabytes; i++) await connection.Bytes(1 << 20);
            await connection.Say($"HTTP/1.1 200 OK\r\nContent-Length: {Megabytes << 20}\r\n\r\n");
            for (var i = 0; i < Megabytes; i++) await connection.Stream.WriteAsync(new byte[1 << 20]);
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, at.Backend.PathUrl) { Content = new StreamContent(new Endless(Megabytes << 20)) };
        request.Content.Headers.ContentLength = Megabytes << 20;
        using var answer = await at.Hub.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[1 << 16];
        long total = 0;
        while (await body.ReadAsync(buffer).AsTask().Soon() is > 0 and var read) total += read;
        Assert.Equal(Megabytes << 20, total);
        Assert.True(at.Hub.Live(at.Backend).View() is { BytesIn: > Megabytes << 20, BytesOut: > Megabytes << 20 });
    }

    [Fact]
    public async Task Who_reads_slowly_slows_down_the_backend_and_fills_nothing()
    {
        var written = 0L;
        var stuck = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var megabyte = Encoding.Latin1.GetBytes($"{1 << 20:x}\r\n{new string('m', 1 << 20)}\r\n");
            while (Interlocked.Add(ref written, megabyte.Length) < 1L << 30)
            {
                var write = connection.Stream.WriteAsync(megabyte).AsTask();
                if (await Task.WhenAny(write, Task.Delay(TimeSpan.FromSeconds(1))) != write) stuck.TrySetResult();
                await write;
            }
        });
        using var answer = await at.Hub.Http.GetAsync(at.Backend.PathUrl, HttpCompletionOption.ResponseHeadersRead).Soon();
        await stuck.Task.Soon();
        Assert.True(Interlocked.Read(ref written) < 64L << 20, "the sockets' own buffers, and no more");
        answer.Dispose();
        await at.Hub.Live(at.Backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task Answers_without_a_body_end_where_they_end_and_the_connection_is_used_again()
    {
        var connections = 0;
        await using var at = await Scene.Set(async connection =>
        {
            Interlocked.Increment(ref connections);
            while (await connection.Head() is { } head)
            {
                if (head.StartsWith("HEAD", StringComparison.Ordinal)) await connection.Say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
                else if (head.Contains("/204", StringComparison.Ordinal)) await connection.Say("HTTP/1.1 204 No Content\r\n\r\n");
                else if (head.Contains("/304", StringComparison.Ordinal)) await connection.Say("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
                else await connection.Say("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 418 Teapot\r\nX-Bytes: \u00FC\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            }
        });
        using var head = await at.Hub.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, at.Backend.PathUrl)).Soon();
        Assert.Equal(99, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.NoContent, (await at.Hub.Http.GetAsync(at.Backend.PathUrl + "204").Soon()).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await at.Hub.Http.GetAsync(at.Backend.PathUrl + "304").Soon()).StatusCode);
        using var last = await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon();
        Assert.Equal((418, "ok"), ((int)last.StatusCode, await last.Content.ReadAsStringAsync()));
        Assert.False(last.Headers.Contains("Link"));
        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task A_connection_the_backend_closed_meanwhile_is_not_noticed_by_a_client()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Answer("one request each");
        });
        for (var i = 0; i < 3; i++) Assert.Equal("one request each", await at.Hub.Http.GetStringAsync(at.Backend.PathUrl).Soon());
        using var posted = await at.Hub.Http.PostAsync(at.Backend.PathUrl, null).Soon();
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n", 502)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", 502)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", 502)]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b=c\r\n\r\n", 502)]
    [InlineData("", 502)]
    public async Task What_is_no_answer_is_502_and_says_so(string said, int status)
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Say(said);
        });
        using var answer = await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("backend_unreachable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("kind").GetString());
        Assert.Equal(at.Backend.BackendId, answer.Headers.GetValues("X-Backend-Id").Single());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task A_backend_that_announces_an_answer_without_end_is_not_listened_to_without_end()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            while (true) await connection.Say("HTTP/1.1 103 Early Hints\r\n\r\n");
        });
        using var answer = await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon();
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task No_backend_can_make_a_browser_send_the_token_on_in_a_referrer()
    {
        await using var at = await Scene.Set(async connection =>
        {
            while (await connection.Head() is not null) await connection.Answer("a page", "Referrer-Policy: unsafe-url\r\n");
        });
        foreach (var url in new[] { at.Backend.PathUrl, at.Backend.Url })
        {
            using var answer = await at.Hub.Http.GetAsync(url).Soon();
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        }
    }

    [Fact]
    public async Task Any_page_may_read_an_answer_and_that_there_is_none_any_more()
    {
        await using var at = await Scene.Set(async connection =>
        {
            while (await connection.Head() is not null) await connection.Answer("a page");
        });
        var live = at.Hub.Live(at.Backend);
        foreach (var url in new[] { at.Backend.PathUrl, at.Backend.Url }) await Get(url, HttpStatusCode.OK);
        var wrong = at.Backend.PathUrl.Replace(at.Backend.Token, new string('x', at.Backend.Token.Length), StringComparison.Ordinal);
        await Get(wrong, HttpStatusCode.Unauthorized);
        await Get(at.Backend.PathUrl.Replace(at.Backend.Token, ConnectionToken.New().Value, StringComparison.Ordinal), HttpStatusCode.Forbidden);
        using var holder = at.Hub.With(at.Backend.Token);
        (await holder.PostAsync($"/v2/backend/{at.Backend.BackendId}/terminate", null)).Dispose();
        await live.Ended.Soon();
        foreach (var url in new[] { at.Backend.PathUrl, at.Backend.Url }) await Get(url, HttpStatusCode.Gone);

        async Task Get(string url, HttpStatusCode status)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Add("Origin", "https://elsewhere.example");
            using var answer = await at.Hub.Http.SendAsync(request).Soon();
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.NotEmpty(answer.Headers.GetValues("Access-Control-Expose-Headers"));
        }
    }

    [Fact]
    public async Task A_backend_may_answer_before_it_has_read_everything()
    {
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            await connection.Say("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch");
        });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, at.Hub.Origin.Port);
        await Say(client.GetStream(), $"POST {new Uri(at.Backend.PathUrl).AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\nbegin");
        var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 413", await reader.ReadLineAsync().Soon(), StringComparison.Ordinal);
        while (await reader.ReadLineAsync().Soon() is { Length: > 0 })
        {
            // The head.
        }

        var body = new char[4];
        await reader.ReadBlockAsync(body).AsTask().Soon();
        Assert.Equal("much", new string(body));
        client.Dispose();
        await at.Hub.Live(at.Backend).Until(each => each.Usage().Connections == 0);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_taken_for_a_whole_one()
    {
        await using var at = await Scene.Set(async connection =>
        {
            var head = await connection.Head();
            await connection.Say(head!.Contains("/chunked", StringComparison.Ordinal)
                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"
                : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => at.Hub.Http.GetStringAsync(at.Backend.PathUrl).Soon());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => at.Hub.Http.GetStringAsync(at.Backend.PathUrl + "chunked").Soon());
    }

    [Fact]
    public async Task A_backend_that_says_nothing_is_given_up_in_time()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var asked = new TaskCompletionSource();
        await using var at = await Scene.Set(async connection =>
        {
            await connection.Head();
            asked.SetResult();
            await connection.Head();
        }, clock: clock);
        var answer = at.Hub.Http.GetAsync(at.Backend.PathUrl);
        await asked.Task.Soon();
        clock.Advance(PlaygroundTimes.RequestSilence);
        using var late = await answer.Soon();
        Assert.Equal(HttpStatusCode.GatewayTimeout, late.StatusCode);
    }

    [Fact]
    public async Task A_redirect_stays_below_the_backends_own_path_and_a_page_may_ask_before_it_sends_its_token()
    {
        await using var at = await Scene.Set(async connection =>
        {
            while (await connection.Head() is not null) await connection.Say("HTTP/1.1 302 Found\r\nLocation: /next?x\r\nContent-Length: 0\r\n\r\n");
        });
        using var byPath = await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon();
        Assert.Equal(new Uri(at.Backend.PathUrl).AbsolutePath + "next?x", byPath.Headers.Location!.OriginalString);
        using var byHost = await at.Hub.Http.GetAsync(at.Backend.Url).Soon();
        Assert.Equal("/next?x", byHost.Headers.Location!.OriginalString);

        using var asks = new HttpRequestMessage(HttpMethod.Options, at.Backend.Url.Split('?')[0]);
        asks.Headers.Add("Access-Control-Request-Method", "PUT");
        asks.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var may = await at.Hub.Http.SendAsync(asks).Soon();
        Assert.Equal((HttpStatusCode.NoContent, "authorization"), (may.StatusCode, may.Headers.GetValues("Access-Control-Allow-Headers").Single()));
    }

    [Fact]
    public async Task A_script_may_ask_of_what_is_refused_so_that_it_hears_why()
    {
        await using var at = await Scene.Set(async connection => await connection.Head());
        at.Hub.Live(at.Backend).Revoke(_ => true);
        string[] refused = [at.Backend.PathUrl, at.Backend.Url, at.Backend.Url.Replace("be-", "be-x", StringComparison.Ordinal)];
        foreach (var url in refused)
        {
            using var asks = new HttpRequestMessage(HttpMethod.Options, url);
            asks.Headers.Add("Access-Control-Request-Method", "GET");
            asks.Headers.Add("Access-Control-Request-Headers", "authorization");
            using var may = await at.Hub.Http.SendAsync(asks).Soon();
            Assert.Equal((HttpStatusCode.NoContent, "*"), (may.StatusCode, may.Headers.GetValues("Access-Control-Allow-Origin").Single()));
            using var answer = await at.Hub.Http.GetAsync(url).Soon();
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Gone);
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }

    [Fact]
    public async Task No_line_of_the_log_and_no_scope_of_one_ever_has_a_token_in_it()
    {
        var log = new Everything();
        await using var at = await Scene.Set(async connection =>
        {
            while (await connection.Head() is not null) await connection.Answer("ok");
        }, configure: services => services.AddLogging(logging => logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace)));
        foreach (var url in new[] { at.Backend.Url, at.Backend.PathUrl, at.Backend.PathUrl + "x/", at.Backend.Url.Replace("be-", "be-x", StringComparison.Ordinal) })
            (await at.Hub.Http.GetAsync(url).Soon()).Dispose();
        at.Hub.Live(at.Backend).Revoke(_ => true);
        (await at.Hub.Http.GetAsync(at.Backend.PathUrl).Soon()).Dispose();
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(at.Backend.Token, StringComparison.Ordinal));
    }

    private static Task Say(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    private sealed class Everything : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider? _scopes;

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
            _scopes?.ForEachScope((scope, lines) => lines.Enqueue($"{scope}"), Lines);
        }

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }
    }

    private sealed class Endless(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }

    /// <summary>A hub with one scripted backend.</summary>
    internal sealed class Scene(Hub hub, Connected backend) : IAsyncDisposable
    {
        public Hub Hub { get; } = hub;

        public Connected Backend { get; } = backend;

        public static async Task<Scene> Set(
            Func<ScriptedConnection, Task> script, string? key = null, TimeProvider? clock = null, Action<IServiceCollection>? configure = null)
        {
            var hub = await Hub.Start(configure: services =>
            {
                services.AddSingleton<IBackendRuntime>(new ScriptedRuntime(script));
                if (clock is not null) services.AddSingleton(clock);
                configure?.Invoke(services);
            });
            return new Scene(hub, await hub.Connect(hub.Service("scripted", Long), new { key }));
        }

        public ValueTask DisposeAsync() => Hub.DisposeAsync();
    }
}
