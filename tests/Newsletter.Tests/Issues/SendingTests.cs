using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;
using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Tests.Issues;

public sealed class SendingTests
{
    [Theory, OnBothDatabases]
    public async Task An_issue_pressed_by_ten_at_once_goes_to_everybody_once(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(50);
        hub.Issues.Add(TestHub.Issue(7));

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            Task.Run(() => hub.Sending.StartAsync(7, $"organiser {i}"))));

        Assert.Equal(1, answers.Count(answer => answer.Outcome == SendOutcome.Started));
        Assert.Equal(9, answers.Count(answer => answer.Outcome == SendOutcome.AlreadyStarted));
        Assert.All(answers, answer => Assert.Equal(50, answer.AudienceSize));
        Assert.Equal(50, (await hub.OutboxAsync()).Count);

        await hub.Pump.DrainAsync();
        await hub.Sending.StartAsync(7, "again");
        await hub.Pump.DrainAsync();
        Assert.Equal(50, (await hub.ReadMailsAsync()).Count);
        var progress = Assert.Single(await hub.Reports.ListIssuesAsync());
        Assert.Equal((50, 50, 0), (progress.AudienceSize, progress.Sent, progress.Queued));
        Assert.NotNull(progress.FinishedAt);
    }

    [Theory, OnBothDatabases]
    public async Task Only_the_confirmed_get_it_and_who_joins_later_waits_for_the_next(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("in@example.org");
        var left = await hub.JoinAsync("left@example.org");
        await hub.Subscriptions.UnsubscribeAsync(hub.Links.Unsubscribe(left.Id).Segments[^1]);
        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("pending@example.org"), default, default);
        hub.Issues.Add(TestHub.Issue(1));

        Assert.Equal(1, (await hub.Sending.StartAsync(1, "test")).AudienceSize);
        await hub.JoinAsync("late@example.org");
        await hub.Sending.StartAsync(1, "test");
        await hub.Pump.DrainAsync();

        var digest = Assert.Single(await hub.ReadMailsAsync(), mail => mail.Headers["List-Id"] is not null);
        Assert.Equal("in@example.org", digest.To.Mailboxes.Single().Address);
    }

    [Theory, OnBothDatabases]
    public async Task The_rule_for_one_person_and_the_query_for_all_choose_the_same(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        string[] slugs = ["new-york", "san-francisco", "york", "new"];
        var choices = Gen.Int[0, 3].Array[0, 3].Select(picks => ChoiceSet.Of(picks.Select(pick => slugs[pick])));
        var people = Gen.Select(Gen.Int[0, 2], choices, choices).Array[150].Single();
        await hub.Store.ChangeAsync((db, _) =>
        {
            db.Subscribers.AddRange(people.Select((person, i) => new Subscriber
            {
                Email = $"s{i}@example.org",
                NormalizedEmail = $"s{i}@example.org",
                State = (SubscriberState)person.Item1,
                Cities = person.Item2,
                Topics = person.Item3,
            }));
            return Task.CompletedTask;
        });

        var number = 0;
        foreach (var (cities, topics) in Gen.Select(choices, choices).Array[20].Single())
        {
            var issue = TestHub.Issue(++number) with { Cities = cities.Slugs, Topics = topics.Slugs };
            hub.Issues.Add(issue);
            var expected = people.Count(person => Audience.Includes(
                (SubscriberState)person.Item1, person.Item2, person.Item3, cities, topics));

            Assert.Equal(expected, await hub.Sending.CountAudienceAsync(issue));
            Assert.Equal(expected, (await hub.Sending.StartAsync(number, "test")).AudienceSize);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Editing_an_issue_while_it_goes_out_changes_no_mail(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(2);
        hub.Issues.Add(TestHub.Issue(1, "As it was."));
        await hub.Sending.StartAsync(1, "test");

        hub.Issues[0] = TestHub.Issue(1, "Edited.");
        await hub.Pump.DrainAsync();

        Assert.All(await hub.ReadMailsAsync(), mail => Assert.Contains("As it was.", mail.TextBody, StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task An_issue_whose_time_comes_goes_out_by_itself_once(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(3);
        hub.Issues.Add(TestHub.Issue(1) with { SendAt = hub.Clock.GetUtcNow().AddHours(1) });

        await hub.Sending.SendDueAsync();
        Assert.Empty(await hub.OutboxAsync());
        hub.Clock.Advance(TimeSpan.FromHours(1));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => hub.Sending.SendDueAsync())));

        Assert.Equal(3, (await hub.OutboxAsync()).Count);
        Assert.Equal(IssueSending.Schedule, Assert.Single(await hub.Reports.ListIssuesAsync()).RequestedBy);
    }

    [Theory, OnBothDatabases]
    public async Task An_issue_missed_by_more_than_a_day_waits_for_a_person(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(3);
        hub.Issues.Add(TestHub.Issue(1) with { SendAt = hub.Clock.GetUtcNow().AddHours(-25) });

        await hub.Sending.SendDueAsync();
        Assert.Empty(await hub.OutboxAsync());
        Assert.Equal(IssueTiming.Missed, Assert.Single(await hub.Sending.ListAsync()).Timing);

        Assert.Equal(SendOutcome.Started, (await hub.Sending.StartAsync(1, "ada")).Outcome);
        Assert.Equal(IssueTiming.Sent, Assert.Single(await hub.Sending.ListAsync()).Timing);
    }

    [Fact]
    public void An_issue_is_due_from_its_time_on_for_a_day_and_never_when_it_was_sent() =>
        Gen.Select(Gen.Int[-100, 100], Gen.Bool).Sample((hours, wasSent) =>
        {
            var now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
            var expected = wasSent ? IssueTiming.Sent
                : hours < 0 ? IssueTiming.Waiting
                : hours <= 24 ? IssueTiming.Due
                : IssueTiming.Missed;
            return IssueSchedule.Decide(now.AddHours(-hours), wasSent, now) == expected
                && IssueSchedule.Decide(null, wasSent, now) == (wasSent ? IssueTiming.Sent : IssueTiming.ByHand);
        });

    [Theory]
    [InlineData("", "Title", "no text")]
    [InlineData("Text", "", "no title")]
    [InlineData("Text", "Title\r\nBcc: all@example.org", "line break")]
    public async Task An_issue_that_cannot_be_sent_says_why_and_queues_nothing(string markdown, string title, string why)
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        await hub.AddSubscribersAsync(1);
        hub.Issues.Add(TestHub.Issue(1, markdown) with { Title = title });

        var answer = await hub.Sending.StartAsync(1, "test");

        Assert.Equal(SendOutcome.Refused, answer.Outcome);
        Assert.Contains(why, answer.Reason, StringComparison.Ordinal);
        Assert.Empty(await hub.OutboxAsync());
        Assert.Equal(SendOutcome.Refused, (await hub.Sending.StartAsync(99, "test")).Outcome);
    }

    [Fact]
    public async Task An_issue_that_mail_programs_would_cut_is_refused_with_its_size()
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        hub.Issues.Add(TestHub.Issue(1, string.Concat(Enumerable.Repeat("Far too many words.\n\n", 5000))));

        var answer = await hub.Sending.StartAsync(1, "test");

        Assert.Contains("the limit is 80 kB", answer.Reason, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Who_leaves_while_an_issue_goes_out_does_not_get_it(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(3);
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");
        var subscriber = await hub.SubscriberAsync("s1@example.org");
        await hub.Subscriptions.UnsubscribeAsync(hub.Links.Unsubscribe(subscriber.SubscriberId).Segments[^1]);

        await hub.Pump.DrainAsync();

        Assert.Equal(["s0@example.org", "s2@example.org"],
            (await hub.ReadMailsAsync()).Select(mail => mail.To.Mailboxes.Single().Address));
        var progress = Assert.Single(await hub.Reports.ListIssuesAsync());
        Assert.Equal((2, 1, 0), (progress.Sent, progress.Withdrawn, progress.Queued));
        Assert.NotNull(progress.FinishedAt);
    }

    [Theory, OnBothDatabases]
    public async Task A_row_that_was_queued_for_somebody_who_is_not_confirmed_any_more_is_withdrawn_when_it_is_taken(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.AddSubscribersAsync(2);
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");

        // As when leaving and queueing run at the same moment on two machines: the row is written, unseen by the one who leaves.
        await hub.Store.ChangeAsync((db, cancel) => db.Subscribers.Where(row => row.Id == 1)
            .ExecuteUpdateAsync(row => row.SetProperty(to => to.State, SubscriberState.Unsubscribed), cancel));
        await hub.Pump.DrainAsync();

        Assert.Equal([MailState.Withdrawn, MailState.Sent], (await hub.OutboxAsync()).Select(mail => mail.State));
    }
}
