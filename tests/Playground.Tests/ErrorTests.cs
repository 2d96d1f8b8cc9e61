using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Playground.Tests;

public sealed class ErrorTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Theory]
    [InlineData("GET", "/v2")]
    [InlineData("GET", "/v2/nothing/here")]
    [InlineData("DELETE", "/v2/backend")]
    public async Task What_is_no_call_is_refused_in_the_words_of_the_api(string method, string path)
    {
        using var answer = await Hub.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await ApiTests.AssertError(answer, HttpStatusCode.NotFound, "not_found");
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("GET", "/v2/service/a/b/connect", "POST")]
    [InlineData("DELETE", "/v2/backend/be-0123456789abcdef/status", "GET")]
    [InlineData("PUT", "/v2/backend/be-0123456789abcdef/terminate", "POST")]
    public async Task A_call_made_with_another_method_says_with_which_it_is_made(string method, string path, string allowed)
    {
        using var answer = await Hub.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        await ApiTests.AssertError(answer, HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal([allowed], answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("multipart/form-data; boundary=x", null)]
    [InlineData("application/xml", null)]
    [InlineData("nonsense", null)]
    [InlineData("application/json", "gzip")]
    public async Task A_body_that_cannot_be_json_is_refused_before_it_is_read(string type, string? encoding)
    {
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await Hub.Http.PostAsync($"/v2/service/{Hub.Account}/{Hub.Service("serve")}/connect", content);
        await ApiTests.AssertError(answer, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/vnd.example+json")]
    public async Task What_fetch_and_curl_call_json_is_json(string type)
    {
        var content = new ByteArrayContent("{\"key\": \"k\"}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await Hub.Http.PostAsync($"/v2/service/{Hub.Account}/{Hub.Service("serve")}/connect", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        byte[] body = [.. "{\"key\": \""u8, 0xff, 0xfe, .. "\"}"u8];
        using var answer = await Hub.Http.PostAsync($"/v2/service/{Hub.Account}/{Hub.Service("serve")}/connect", new ByteArrayContent(body));
        await ApiTests.AssertError(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Each_refusal_has_an_id_that_is_in_the_log_and_a_token_never_is()
    {
        var log = new KeptLog();
        await using var hub = await Hub.Start(configure: services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
            services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Information);
            services.AddLogging(logging => logging.AddFilter("BrowserTech", LogLevel.Trace));
        });
        var token = hub.NewToken("elsewhere");
        using var http = hub.With(token.Value);
        using var foreign = await http.GetAsync($"/v2/account/{Hub.Account}/services?token={token.Value}");
        using var wrong = hub.With(Accounts.AccountToken.New().Value);
        using var unknown = await wrong.GetAsync("/auth");
        var backend = await hub.Connect(hub.Service("serve"));
        using var reached = await hub.Http.GetAsync(backend.Url);
        foreach (var answer in new[] { foreign, unknown })
        {
            var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            Assert.Contains(log.Lines, line => line.Contains(id, StringComparison.Ordinal));
        }

        foreach (var secret in new[] { token.Value.Split('.')[1], wrong.DefaultRequestHeaders.Authorization!.Parameter!.Split('.')[1], backend.Token[3..] })
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_server_did_wrong_is_an_answer_with_an_id_and_the_reason_is_in_the_log_only()
    {
        var log = new KeptLog();
        await using var hub = await Hub.Start(configure: services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
        });
        var service = hub.Service("serve", change: each => each with { Limits = null! });
        using var answer = await hub.Post(service);
        var text = await answer.Content.ReadAsStringAsync();
        await ApiTests.AssertError(answer, HttpStatusCode.InternalServerError, "internal_error");
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        var id = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!;
        Assert.Contains(log.Lines, line => line.Contains(id, StringComparison.Ordinal) && line.Contains(nameof(NullReferenceException), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jamsockets_command_line_gets_the_same_refusal_in_the_shape_it_reads()
    {
        using var http = Hub.NewClient();
        http.DefaultRequestHeaders.UserAgent.ParseAdd("jamsocket-cli/0.10.7 linux-x64");
        using var answer = await http.GetAsync("/auth");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(401, json.GetProperty("error").GetProperty("status").GetInt32());
        Assert.Equal(json.GetProperty("id").GetString(), json.GetProperty("error").GetProperty("id").GetString());
        Assert.Equal("unauthorized", json.GetProperty("kind").GetString());
    }

    /// <summary>All that is logged, as text.</summary>
    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
