using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Reports;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;

namespace BrowserTech.Newsletter.Tests.Reports;

public sealed class ReportsTests
{
    [Theory, OnBothDatabases]
    public async Task Organisers_see_subscribers_by_state_city_and_topic(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("a@example.org", ChoiceSet.Of("new-york", "oslo"), ChoiceSet.Of("ml"));
        await hub.JoinAsync("b@example.org", ChoiceSet.Of("new-york"));
        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("c@example.org"), ChoiceSet.Of("oslo"), default);

        var counts = await hub.Reports.CountSubscribersAsync();

        Assert.Equal((2, 1), (counts.ByState[SubscriberState.Confirmed], counts.ByState[SubscriberState.Pending]));
        Assert.Equal([new("new-york", 2), new("oslo", 1)], counts.ByCity);
        Assert.Equal([new(SubscriberCounts.Everything, 1), new("ml", 1)], counts.ByTopic);
    }

    [Theory, OnBothDatabases]
    public async Task Lists_come_in_pages_newest_first_and_beyond_the_last_there_is_nothing(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(25);
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");

        var last = await hub.Reports.ListSubscribersAsync(SubscriberState.Confirmed, 3, 10);
        Assert.Equal((5, 25, 3), (last.Items.Count, last.Total, last.Count));
        Assert.Equal("s0@example.org", last.Items[^1].Email);
        Assert.Empty((await hub.Reports.ListSubscribersAsync(null, int.MaxValue, 10)).Items);
        Assert.Empty((await hub.Reports.ListSubscribersAsync(SubscriberState.Pending, 1, 10)).Items);
        Assert.Equal(25, (await hub.Reports.ListOutboxAsync(MailState.Pending, -5, 0)).Total);

        await hub.Pump.DrainAsync();
        Assert.Equal(25, (await hub.Reports.CountOutboxAsync())[MailState.Sent]);
        Assert.All((await hub.Reports.ListOutboxAsync(MailState.Sent, 1, 100)).Items,
            mail => Assert.StartsWith("written to", mail.LastReply, StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task Subscribers_come_as_csv_that_a_spreadsheet_opens_without_running_anything(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("=cmd|'x'!a1@example.org", ChoiceSet.Of("new-york", "oslo"));
        using var csv = new StringWriter();

        await hub.Reports.WriteSubscribersCsvAsync(csv);

        Assert.Equal(
            "email,state,cities,topics,created,confirmed_at,unsubscribed_at\r\n"
            + "'=cmd|'x'!a1@example.org,confirmed,new-york oslo,,2026-11-23T05:00:00Z,2026-11-23T05:00:00Z,\r\n",
            csv.ToString());
    }

    [Fact]
    public void Commas_quotes_and_line_breaks_are_quoted() =>
        Assert.Equal("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\r\n", Csv.Line("a,b", "say \"hi\"", "two\nlines", null));
}
