using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace BrowserTech.Newsletter.Tests.Subscriptions;

public sealed class OptInTests
{
    private static readonly ChoiceSet NewYork = ChoiceSet.Of("new-york");
    private static readonly ChoiceSet Graphics = ChoiceSet.Of("graphics", "ml");

    [Theory, OnBothDatabases]
    public async Task A_person_subscribes_confirms_changes_choices_and_leaves(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);

        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("Ada@Example.org"), NewYork, Graphics);
        Assert.Equal(SubscriberState.Pending, (await hub.SubscriberAsync("ada@example.org")).State);
        await hub.Pump.DrainAsync();
        var mail = Assert.Single(await hub.ReadMailsAsync());
        Assert.Equal("Ada@example.org", mail.To.Mailboxes.Single().Address);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Null(mail.Headers["List-Unsubscribe"]);

        var token = TestHub.TokenIn(mail, "/digest/confirm/");
        Assert.Equal(SubscriberState.Pending, (await hub.Subscriptions.ReadConfirmAsync(token)).Subscription!.State);
        hub.Clock.Advance(TimeSpan.FromHours(1));
        var confirmed = await hub.Subscriptions.ConfirmAsync(token);
        Assert.Equal(LinkOutcome.Done, confirmed.Outcome);
        Assert.Equal(SubscriberState.Confirmed, confirmed.Subscription!.State);
        Assert.Equal(NewYork, confirmed.Subscription.Cities);

        var manage = hub.Links.Manage(confirmed.Subscription.Id).Segments[^1];
        await hub.Subscriptions.ChangePreferencesAsync(manage, ChoiceSet.Everything, ChoiceSet.Of("ml"));
        var changed = (await hub.Subscriptions.ReadAsync(manage)).Subscription!;
        Assert.True(changed.Cities.IsEverything);
        Assert.Equal(["ml"], changed.Topics.Slugs);

        var left = await hub.Subscriptions.UnsubscribeAsync(manage);
        Assert.Equal(LinkOutcome.Done, left.Outcome);
        Assert.Equal(SubscriberState.Unsubscribed, left.Subscription!.State);
    }

    [Theory, OnBothDatabases]
    public async Task Confirming_and_leaving_twice_is_doing_it_once(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("ada@example.org");
        var token = TestHub.TokenIn((await hub.ReadMailsAsync())[0], "/digest/confirm/");
        var first = await hub.SubscriberAsync("ada@example.org");

        hub.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LinkOutcome.Done, (await hub.Subscriptions.ConfirmAsync(token)).Outcome);
        Assert.Equal(first.ConfirmedAt, (await hub.SubscriberAsync("ada@example.org")).ConfirmedAt);

        var leave = hub.Links.Unsubscribe(first.SubscriberId).Segments[^1];
        await hub.Subscriptions.UnsubscribeAsync(leave);
        var left = await hub.SubscriberAsync("ada@example.org");
        hub.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LinkOutcome.Done, (await hub.Subscriptions.UnsubscribeAsync(leave)).Outcome);
        Assert.Equal(left.UnsubscribedAt, (await hub.SubscriberAsync("ada@example.org")).UnsubscribedAt);
    }

    [Theory, OnBothDatabases]
    public async Task A_confirmation_from_before_leaving_does_not_bring_anybody_back(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        var ada = await hub.JoinAsync("ada@example.org");
        var spent = TestHub.TokenIn((await hub.ReadMailsAsync())[0], "/digest/confirm/");
        await hub.Subscriptions.UnsubscribeAsync(hub.Links.Unsubscribe(ada.Id).Segments[^1]);

        Assert.Equal(LinkOutcome.Left, (await hub.Subscriptions.ConfirmAsync(spent)).Outcome);
        Assert.Equal(SubscriberState.Unsubscribed, (await hub.SubscriberAsync("ada@example.org")).State);

        hub.Clock.Advance(TimeSpan.FromMinutes(11));
        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("ada@example.org"), default, default);
        Assert.Equal(LinkOutcome.Left, (await hub.Subscriptions.ConfirmAsync(spent)).Outcome);
        Assert.Equal(SubscriberState.Pending, (await hub.SubscriberAsync("ada@example.org")).State);

        await hub.Pump.DrainAsync();
        var fresh = TestHub.TokenIn((await hub.ReadMailsAsync())[^1], "/digest/confirm/");
        Assert.Equal(LinkOutcome.Done, (await hub.Subscriptions.ConfirmAsync(fresh)).Outcome);
    }

    [Theory, OnBothDatabases]
    public async Task The_same_address_subscribed_by_twenty_at_once_is_one_row_and_one_mail(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => hub.Subscriptions.SubscribeAsync(
            EmailAddress.Parse(i % 2 == 0 ? "ada@example.org" : "ADA@example.org"), NewYork, default))));

        await hub.SubscriberAsync("ada@example.org");
        Assert.Single(await hub.OutboxAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_stranger_cannot_change_what_a_confirmed_person_chose_but_the_person_is_told(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("ada@example.org", NewYork, Graphics);

        for (var i = 0; i < 5; i++)
            await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("ada@example.org"), ChoiceSet.Of("oslo"), default);
        await hub.Pump.DrainAsync();

        var row = await hub.SubscriberAsync("ada@example.org");
        Assert.Equal((SubscriberState.Confirmed, NewYork, Graphics), (row.State, row.Cities, row.Topics));
        var mails = await hub.ReadMailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.Contains("already", mails[1].Subject, StringComparison.Ordinal);
        Assert.Equal(LinkOutcome.Done, (await hub.Subscriptions.ReadAsync(TestHub.TokenIn(mails[1], "/digest/manage/"))).Outcome);
    }

    [Theory, OnBothDatabases]
    public async Task A_manage_link_is_mailed_to_who_has_a_subscription_and_to_nobody_else(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("ada@example.org");

        await hub.Subscriptions.RequestManageLinkAsync(EmailAddress.Parse("ada@example.org"));
        await hub.Subscriptions.RequestManageLinkAsync(EmailAddress.Parse("stranger@example.org"));
        await hub.Pump.DrainAsync();

        var mail = (await hub.ReadMailsAsync())[^1];
        Assert.Equal(2, (await hub.OutboxAsync()).Count);
        Assert.Equal("ada@example.org",
            (await hub.Subscriptions.ReadAsync(TestHub.TokenIn(mail, "/digest/manage/"))).Subscription!.Email);
    }

    [Theory, OnBothDatabases]
    public async Task No_link_works_for_another_purpose_altered_or_after_its_time(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("ada@example.org"), default, default);
        var id = (await hub.SubscriberAsync("ada@example.org")).SubscriberId;
        var confirm = hub.Links.Confirm(id, 1).Segments[^1];
        var manage = hub.Links.Manage(id).Segments[^1];
        var leave = hub.Links.Unsubscribe(id).Segments[^1];

        foreach (var wrong in new[] { manage, leave, "", null, confirm[..^3], new string([.. confirm.Reverse()]) })
            Assert.Equal(LinkOutcome.Invalid, (await hub.Subscriptions.ConfirmAsync(wrong)).Outcome);
        foreach (var wrong in new[] { confirm, leave, "x" })
            Assert.Equal(LinkOutcome.Invalid, (await hub.Subscriptions.ChangePreferencesAsync(wrong, default, default)).Outcome);
        foreach (var wrong in new[] { confirm, "x" })
            Assert.Equal(LinkOutcome.Invalid, (await hub.Subscriptions.UnsubscribeAsync(wrong)).Outcome);

        hub.Clock.Advance(TimeSpan.FromDays(61));
        Assert.Equal(LinkOutcome.Expired, (await hub.Subscriptions.ConfirmAsync(confirm)).Outcome);
        Assert.Equal(LinkOutcome.Expired, (await hub.Subscriptions.ReadConfirmAsync(confirm)).Outcome);
        Assert.Equal(LinkOutcome.Expired, (await hub.Subscriptions.ChangePreferencesAsync(manage, default, default)).Outcome);
        Assert.Equal(SubscriberState.Pending, (await hub.SubscriberAsync("ada@example.org")).State);
        Assert.Equal(LinkOutcome.Done, (await hub.Subscriptions.UnsubscribeAsync(leave)).Outcome);
        Assert.NotNull((await hub.Subscriptions.ConfirmAsync(confirm)).Reason);
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_that_could_act_for_a_person_is_stored(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);
        await hub.JoinAsync("ada@example.org");
        hub.Issues.Add(TestHub.Issue(1));
        await hub.Sending.StartAsync(1, "test");
        await hub.Pump.DrainAsync();

        var tokens = (await hub.ReadMailsAsync()).SelectMany(mail => mail.TextBody!.Split('/', '\n', ' ', '\r'))
            .Where(word => word.StartsWith("CfDJ8", StringComparison.Ordinal)).ToList();
        var stored = string.Join('\n', (await hub.OutboxAsync()).Select(mail =>
            $"{mail.Payload} {mail.LastReply} {mail.MessageId} {mail.LeaseBy}"));

        Assert.True(tokens.Count >= 3);
        Assert.All(tokens, token => Assert.DoesNotContain(token, stored, StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_lost_mail_can_be_asked_for_again_but_nobody_can_be_bombed(Database kind)
    {
        await using var hub = await TestHub.CreateAsync(kind);

        for (var minute = 0; minute < 24 * 60; minute++)
        {
            await hub.Subscriptions.SubscribeAsync(EmailAddress.Parse("ada@example.org"), default, default);
            hub.Clock.Advance(TimeSpan.FromMinutes(minute < 60 ? 1 : 30));
            if (minute >= 60) minute += 29;
        }

        var mails = await hub.OutboxAsync();
        Assert.Equal(3, mails.Count);
        Assert.All(mails.Zip(mails.Skip(1)), pair =>
            Assert.True(pair.Second.Created - pair.First.Created >= TimeSpan.FromMinutes(10)));
    }
}
