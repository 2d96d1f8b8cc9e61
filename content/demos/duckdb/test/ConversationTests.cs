using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What a tab may send that no page of ours would, to the real process through the real hub.</summary>
public sealed class ConversationTests(BrowserHub hub)
{
    private const string Endless = "SELECT count(*) FROM trips a JOIN trips b ON a.metres + b.metres < a.seconds::INT * b.seconds % 977";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"drop\",\"id\":1,\"sql\":\"SELECT 1\",\"parts\":1}")]
    [InlineData("{\"type\":\"query\",\"id\":-1,\"sql\":\"SELECT 1\",\"parts\":1}")]
    [InlineData("{\"type\":\"query\",\"id\":1,\"parts\":1}")]
    [InlineData("{\"type\":\"query\",\"id\":1,\"sql\":7,\"parts\":1}")]
    [InlineData("{\"type\":\"query\",\"id\":1,\"sql\":\"SELECT 1\",\"parts\":0}")]
    [InlineData("{\"type\":\"query\",\"id\":1,\"sql\":\"SELECT 1\",\"parts\":1000000000}")]
    public async Task What_is_no_question_is_refused_in_words_and_the_next_is_answered(string message)
    {
        using var tab = await ConnectAsync();
        await SendAsync(tab, message);
        var refused = await NextAsync(tab);
        Assert.Equal("refused", refused.GetProperty("failure").GetString());
        Assert.NotEmpty(refused.GetProperty("message").GetString()!);
        await AnswersAsync(tab);
    }

    [Fact]
    public async Task A_query_too_long_is_refused_and_bytes_are_no_question()
    {
        using var tab = await ConnectAsync();
        await SendAsync(tab, JsonSerializer.Serialize(new { type = "query", id = 1, sql = $"SELECT '{new string('x', 200_000)}'", parts = 1 }));
        Assert.Equal("A query may have 100000 characters.", (await NextAsync(tab)).GetProperty("message").GetString());
        await tab.SendAsync(new byte[] { 0, 1, 2, 255 }, WebSocketMessageType.Binary, true, Stop());
        Assert.Equal("refused", (await NextAsync(tab)).GetProperty("failure").GetString());
        await AnswersAsync(tab);
    }

    [Fact]
    public async Task One_query_at_a_time_and_only_its_own_number_cancels_it()
    {
        using var tab = await ConnectAsync();
        await SendAsync(tab, Query(1, Endless));
        Assert.Equal("progress", (await NextAsync(tab)).GetProperty("type").GetString());
        await SendAsync(tab, Query(2, "SELECT 1"));
        Assert.Equal(("refused", 2), Of(await EndAsync(tab)));
        await SendAsync(tab, "{\"type\":\"cancel\",\"id\":7}");
        await SendAsync(tab, "{\"type\":\"cancel\",\"id\":1}");
        Assert.Equal(("cancelled", 1), Of(await EndAsync(tab)));
        await SendAsync(tab, "{\"type\":\"cancel\",\"id\":1}");
        await AnswersAsync(tab);
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_leaves_nothing_running_for_the_next()
    {
        var key = $"left-{Guid.NewGuid():N}";
        using (var tab = await ConnectAsync(key))
        {
            await SendAsync(tab, Query(1, Endless));
            Assert.Equal("progress", (await NextAsync(tab)).GetProperty("type").GetString());
            tab.Abort();
        }

        using var next = await ConnectAsync(key);
        await AnswersAsync(next);
    }

    // Two visitors, two processes: one takes all it may, the other is answered as if there were nobody else.
    [Theory]
    [InlineData(Endless)]
    [InlineData("SELECT md5(range::VARCHAR) AS h, md5((range + 1)::VARCHAR) AS i FROM range(500000000) ORDER BY h")]
    public async Task A_runaway_query_meets_its_limit_and_hurts_nobody(string sql)
    {
        using var runaway = await ConnectAsync($"runaway-{Guid.NewGuid():N}");
        using var other = await ConnectAsync($"other-{Guid.NewGuid():N}");
        await SendAsync(runaway, Query(1, sql));
        Assert.Equal("progress", (await NextAsync(runaway)).GetProperty("type").GetString());
        var ended = EndAsync(runaway, TimeSpan.FromSeconds(90));
        var answers = 0;
        while (!ended.IsCompleted)
        {
            await AnswersAsync(other);
            answers++;
        }

        Assert.InRange(answers, 10, int.MaxValue);
        var said = await ended;
        // A sort meets its disk or its time, by how fast the machine is.
        Assert.Contains(Of(said), new (string?, int)[] { ("time", 1), ("disk", 1) });
        Assert.EndsWith("which is the limit here. It was stopped; the process goes on.", said.GetProperty("message").GetString(), StringComparison.Ordinal);
        await AnswersAsync(runaway);
    }

    private static string Query(int id, string sql) => JsonSerializer.Serialize(new { type = "query", id, sql, parts = 1 });

    private static (string? Failure, int Id) Of(JsonElement ended) => (ended.GetProperty("failure").GetString(), ended.GetProperty("id").GetInt32());

    private static async Task AnswersAsync(ClientWebSocket tab)
    {
        await SendAsync(tab, Query(99, "SELECT count(*) FROM trips"));
        var ended = await EndAsync(tab);
        Assert.Equal(("done", 99, 1), (ended.GetProperty("type").GetString(), ended.GetProperty("id").GetInt32(), ended.GetProperty("rows").GetInt32()));
    }

    private static async Task<JsonElement> EndAsync(ClientWebSocket tab, TimeSpan? limit = null)
    {
        while (true)
        {
            var said = await NextAsync(tab, limit);
            if (said.GetProperty("type").GetString() is "done" or "failed") return said;
        }
    }

    /// <summary>The next that is said in words; pieces of answers are left out.</summary>
    private static async Task<JsonElement> NextAsync(ClientWebSocket tab, TimeSpan? limit = null)
    {
        var buffer = new byte[1 << 20];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await tab.ReceiveAsync(buffer.AsMemory(length), Stop(limit));
                Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Text) return JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, length));
        }
    }

    private static Task SendAsync(ClientWebSocket tab, string message) => tab.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Stop());

    private async Task<ClientWebSocket> ConnectAsync(string? key = null)
    {
        using var content = new StringContent(key is null ? "{}" : JsonSerializer.Serialize(new { key }), Encoding.UTF8, "application/json");
        using var answer = await hub.Hub.Http.PostAsync("/v2/service/browsertech/duckdb/connect", content, Stop());
        var text = await answer.Content.ReadAsStringAsync(Stop());
        Assert.True(answer.IsSuccessStatusCode, text);
        var path = new Uri(JsonSerializer.Deserialize<JsonElement>(text).GetProperty("path_url").GetString()!).AbsolutePath;
        var tab = new ClientWebSocket();
        await tab.ConnectAsync(new Uri($"ws://127.0.0.1:{hub.Hub.Port}{path}"), Stop());
        Assert.Equal("hello", (await NextAsync(tab)).GetProperty("type").GetString());
        return tab;
    }

    private static CancellationToken Stop(TimeSpan? limit = null)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(limit ?? Limit);
        return stop.Token;
    }
}
