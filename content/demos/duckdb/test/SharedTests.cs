using System.Net.WebSockets;
using BrowserTech.Demos.DuckDb.Queries;

namespace BrowserTech.Demos.DuckDb;

/// <summary>Tabs with the same key share a process: none spoils it for another, and none is told what is not true of it.</summary>
public sealed class SharedTests(TripFolder trips) : IClassFixture<TripFolder>
{
    private const string Count = "SELECT count(*) FROM trips";

    [Fact]
    public async Task A_query_waits_for_one_that_never_ends_is_told_so_and_is_answered()
    {
        await using var process = await OwnProcess.StartAsync(trips, trips.Limits with { Time = TimeSpan.FromSeconds(1) });
        using var one = await process.OpenAsync();
        using var other = await process.OpenAsync();
        await one.AskAsync(1, Tab.Endless);
        await one.NextAsync("progress");
        await other.AskAsync(99, Count);
        Assert.Equal(1, (await other.NextAsync("waiting")).GetProperty("ahead").GetInt32());
        Assert.Equal(("time", 1), Tab.Of(await one.EndAsync()));
        Tab.IsAnswer(await other.EndAsync());
    }

    [Fact]
    public async Task Who_waits_may_cancel_or_leave_and_those_behind_move_on()
    {
        await using var process = await OwnProcess.StartAsync(trips, trips.Limits with { Time = TimeSpan.FromMinutes(5) });
        using var one = await process.OpenAsync();
        using var cancels = await process.OpenAsync();
        using var leaves = await process.OpenAsync();
        using var last = await process.OpenAsync();
        await one.AskAsync(1, Tab.Endless);
        await one.NextAsync("progress");
        foreach (var (waiting, ahead) in new[] { (cancels, 1), (leaves, 2), (last, 3) })
        {
            await waiting.AskAsync(99, Count);
            Assert.Equal(ahead, (await waiting.NextAsync("waiting")).GetProperty("ahead").GetInt32());
        }

        await cancels.CancelAsync(99);
        var cancelled = await cancels.EndAsync();
        Assert.Equal(("cancelled", 99), Tab.Of(cancelled));
        Assert.Equal("It was cancelled while it waited for its turn.", cancelled.GetProperty("message").GetString());
        Assert.Equal(2, (await last.NextAsync("waiting")).GetProperty("ahead").GetInt32());
        leaves.Socket.Abort();
        Assert.Equal(1, (await last.NextAsync("waiting")).GetProperty("ahead").GetInt32());
        await one.CancelAsync(1);
        Assert.Equal(("cancelled", 1), Tab.Of(await one.EndAsync()));
        Tab.IsAnswer(await last.EndAsync());
        await cancels.AnswersAsync();
    }

    [Fact]
    public async Task A_tab_too_many_is_refused_in_words_and_let_in_when_one_has_gone()
    {
        await using var process = await OwnProcess.StartAsync(trips, trips.Limits);
        var tabs = new List<Tab>();
        for (var i = 0; i < Tabs.Most; i++) tabs.Add(await process.OpenAsync());
        using (var refused = await process.KnockAsync())
        {
            var closed = await refused.Socket.ReceiveAsync(new byte[1024], Tab.Stop());
            Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus?)WebSocketCloseStatus.PolicyViolation), (closed.MessageType, closed.CloseStatus));
            Assert.Equal("8 tabs use this process already. Close one of them.", closed.CloseStatusDescription);
        }

        await tabs[0].AnswersAsync();
        // Its answer to our goodbye is the last it does before its place is free.
        await tabs[0].Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Tab.Stop());
        var late = Tab.Stop();
        while (process.Tabs.Open >= Tabs.Most)
        {
            late.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using (var next = await process.OpenAsync()) await next.AnswersAsync();
        tabs.ForEach(tab => tab.Dispose());
    }
}
