using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What a tab may send that no page of ours would, to the real process through the real hub.</summary>
public sealed class ConversationTests(BrowserHub hub)
{
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
        using var tab = await Tab.OpenAsync(hub);
        await tab.SendAsync(message);
        var refused = await tab.NextAsync();
        Assert.Equal("refused", refused.GetProperty("failure").GetString());
        Assert.NotEmpty(refused.GetProperty("message").GetString()!);
        await tab.AnswersAsync();
    }

    [Fact]
    public async Task A_query_too_long_is_refused_and_bytes_are_no_question()
    {
        using var tab = await Tab.OpenAsync(hub);
        await tab.SendAsync(JsonSerializer.Serialize(new { type = "query", id = 1, sql = $"SELECT '{new string('x', 200_000)}'", parts = 1 }));
        Assert.Equal("A query may have 100000 characters.", (await tab.NextAsync()).GetProperty("message").GetString());
        await tab.Socket.SendAsync(new byte[] { 0, 1, 2, 255 }, WebSocketMessageType.Binary, true, Tab.Stop());
        Assert.Equal("refused", (await tab.NextAsync()).GetProperty("failure").GetString());
        await tab.AnswersAsync();
    }

    [Fact]
    public async Task One_query_at_a_time_and_only_its_own_number_cancels_it()
    {
        using var tab = await Tab.OpenAsync(hub);
        await tab.AskAsync(1, Tab.Endless);
        Assert.Equal("progress", (await tab.NextAsync()).GetProperty("type").GetString());
        await tab.AskAsync(2, "SELECT 1");
        Assert.Equal(("refused", 2), Tab.Of(await tab.EndAsync()));
        await tab.SendAsync("{\"type\":\"cancel\",\"id\":7}");
        await tab.SendAsync("{\"type\":\"cancel\",\"id\":1}");
        Assert.Equal(("cancelled", 1), Tab.Of(await tab.EndAsync()));
        await tab.SendAsync("{\"type\":\"cancel\",\"id\":1}");
        await tab.AnswersAsync();
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_leaves_nothing_running_for_the_next()
    {
        var key = $"left-{Guid.NewGuid():N}";
        using (var tab = await Tab.OpenAsync(hub, key))
        {
            await tab.AskAsync(1, Tab.Endless);
            Assert.Equal("progress", (await tab.NextAsync()).GetProperty("type").GetString());
            tab.Socket.Abort();
        }

        using var next = await Tab.OpenAsync(hub, key);
        await next.AnswersAsync();
    }

    // Two visitors, two processes: one takes all it may, the other is answered as if there were nobody else.
    [Theory]
    [InlineData(Tab.Endless)]
    [InlineData("SELECT md5(range::VARCHAR) AS h, md5((range + 1)::VARCHAR) AS i FROM range(500000000) ORDER BY h")]
    public async Task A_runaway_query_meets_its_limit_and_hurts_nobody(string sql)
    {
        using var runaway = await Tab.OpenAsync(hub, $"runaway-{Guid.NewGuid():N}");
        using var other = await Tab.OpenAsync(hub, $"other-{Guid.NewGuid():N}");
        await runaway.AskAsync(1, sql);
        Assert.Equal("progress", (await runaway.NextAsync()).GetProperty("type").GetString());
        var ended = runaway.EndAsync(TimeSpan.FromSeconds(90));
        var answers = 0;
        while (!ended.IsCompleted)
        {
            await other.AnswersAsync();
            if (!ended.IsCompleted) answers++;
        }

        // That there were any is enough: how many is the machine's speed.
        Assert.True(answers > 0, "the other was not answered before the runaway ended");
        var said = await ended;
        // A sort meets its disk or its time, by how fast the machine is.
        Assert.Contains(Tab.Of(said), new (string?, int)[] { ("time", 1), ("disk", 1) });
        Assert.EndsWith("which is the limit here. It was stopped; the process goes on.", said.GetProperty("message").GetString(), StringComparison.Ordinal);
        await runaway.AnswersAsync();
    }
}
