using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// Joining, confirming, choosing and leaving. What anybody can do with an address (<see cref="SubscribeAsync"/>,
/// <see cref="RequestManageLinkAsync"/>) answers nothing, so no answer tells whether the address is known; everything
/// else takes a link that only the mailbox's owner has. Every method can be repeated.
/// </summary>
public sealed class DigestSubscriptions(IStore<NewsletterDb> store, DigestLinks links, TimeProvider clock)
{
    private static readonly string[] Kinds =
        [SubscriptionMails.Confirm.Name, SubscriptionMails.Already.Name, SubscriptionMails.Manage.Name];

    /// <summary>Asks the mailbox's owner to confirm. The row and the mail are one transaction.</summary>
    public Task SubscribeAsync(
        EmailAddress address, ChoiceSet cities, ChoiceSet topics, CancellationToken cancellationToken = default) =>
        store.ChangeAsync(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            var subscriber = await FindAsync(db, address, cancel);
            var decision = SubscriptionRules.Subscribe(
                subscriber?.State, await RecentMailsAsync(db, subscriber, now, cancel), now);
            if (subscriber is null)
            {
                subscriber = new Subscriber
                {
                    Email = address.Value,
                    NormalizedEmail = address.Normalized,
                    Created = now,
                };
                db.Subscribers.Add(subscriber);
            }

            if (decision.StartsOptIn)
            {
                subscriber.State = SubscriberState.Pending;
                subscriber.OptIn++;
                subscriber.Email = address.Value;
            }

            if (!decision.KeepsChoices) (subscriber.Cities, subscriber.Topics) = (cities, topics);
            await db.SaveChangesAsync(cancel); // gives a new row its number
            if (decision.Mail is { } kind) Enqueue(db, kind, subscriber, now);
        }, LockOn(address), cancellationToken);

    /// <summary>Mails a link to the person's choices, if the address has a subscription.</summary>
    public Task RequestManageLinkAsync(EmailAddress address, CancellationToken cancellationToken = default) =>
        store.ChangeAsync(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            var subscriber = await FindAsync(db, address, cancel);
            var recent = await RecentMailsAsync(db, subscriber, now, cancel);
            if (SubscriptionRules.ManageLink(subscriber?.State, recent, now) is { } kind)
                Enqueue(db, kind, subscriber!, now);
        }, LockOn(address), cancellationToken);

    /// <summary>What a confirmation link would do, for the page with the button. Changes nothing.</summary>
    public Task<LinkAnswer> ReadConfirmAsync(string? token, CancellationToken cancellationToken = default) =>
        links.ReadConfirm(token, out var id, out var optIn) is var state and not LinkState.Valid
            ? Refused(state)
            : store.ReadAsync((db, cancel) => AnswerConfirmAsync(db, id, optIn, cancel), cancellationToken);

    /// <summary>Confirms. Doing it twice is confirming once.</summary>
    public Task<LinkAnswer> ConfirmAsync(string? token, CancellationToken cancellationToken = default)
    {
        var state = links.ReadConfirm(token, out var id, out var optIn);
        if (state != LinkState.Valid) return Refused(state);
        return store.ChangeAsync(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            await db.Subscribers
                .Where(row => row.Id == id.Value && row.OptIn == optIn && row.State == SubscriberState.Pending)
                .ExecuteUpdateAsync(row => row
                    .SetProperty(to => to.State, SubscriberState.Confirmed)
                    .SetProperty(to => to.ConfirmedAt, now), cancel);
            return await AnswerConfirmAsync(db, id, optIn, cancel);
        }, cancellationToken: cancellationToken);
    }

    /// <summary>The subscription behind a manage link or an unsubscribe link. Changes nothing.</summary>
    public Task<LinkAnswer> ReadAsync(string? token, CancellationToken cancellationToken = default) =>
        ReadEither(token, out var id) is var state and not LinkState.Valid
            ? Refused(state)
            : store.ReadAsync((db, cancel) => AnswerAsync(db, id, cancel), cancellationToken);

    /// <summary>Replaces the choices of a subscription, by its manage link.</summary>
    public Task<LinkAnswer> ChangePreferencesAsync(
        string? token, ChoiceSet cities, ChoiceSet topics, CancellationToken cancellationToken = default)
    {
        var state = links.ReadManage(token, out var id);
        if (state != LinkState.Valid) return Refused(state);
        return store.ChangeAsync(async (db, cancel) =>
        {
            await db.Subscribers
                .Where(row => row.Id == id.Value && row.State != SubscriberState.Unsubscribed)
                .ExecuteUpdateAsync(row => row
                    .SetProperty(to => to.CitiesText, cities.Stored)
                    .SetProperty(to => to.TopicsText, topics.Stored), cancel);
            return await AnswerAsync(db, id, cancel);
        }, cancellationToken: cancellationToken);
    }

    /// <summary>
    /// Leaves, by an unsubscribe link or a manage link, and takes back what of an issue is still to be sent. Leaving twice is
    /// leaving once; a person who was erased has left.
    /// </summary>
    public Task<LinkAnswer> UnsubscribeAsync(string? token, CancellationToken cancellationToken = default)
    {
        var state = ReadEither(token, out var id);
        if (state != LinkState.Valid) return Refused(state);
        return store.ChangeAsync(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            await db.Subscribers
                .Where(row => row.Id == id.Value && row.State != SubscriberState.Unsubscribed)
                .ExecuteUpdateAsync(row => row
                    .SetProperty(to => to.State, SubscriberState.Unsubscribed)
                    .SetProperty(to => to.UnsubscribedAt, now), cancel);
            await db.OutboxMails
                .Where(mail => mail.SubscriberId == id.Value && mail.State == MailState.Pending)
                .ExecuteUpdateAsync(mail => mail
                    .SetProperty(to => to.State, MailState.Withdrawn)
                    .SetProperty(to => to.LastReply, "unsubscribed before it was sent"), cancel);
            var answer = await AnswerAsync(db, id, cancel);
            return answer with { Outcome = LinkOutcome.Done };
        }, cancellationToken: cancellationToken);
    }

    private LinkState ReadEither(string? token, out SubscriberId id)
    {
        var state = links.ReadUnsubscribe(token, out id);
        return state == LinkState.Invalid ? links.ReadManage(token, out id) : state;
    }

    private static LockKey LockOn(EmailAddress address) => LockKey.For("subscriber", address.Normalized);

    private static Task<Subscriber?> FindAsync(
        NewsletterDb db, EmailAddress address, CancellationToken cancellationToken) =>
        db.Subscribers.SingleOrDefaultAsync(row => row.NormalizedEmail == address.Normalized, cancellationToken);

    private static async Task<IReadOnlyCollection<RecentMail>> RecentMailsAsync(
        NewsletterDb db, Subscriber? subscriber, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (subscriber is null) return [];
        var from = now - MailAllowance.Window;
        var mails = await db.OutboxMails
            .Where(mail => mail.SubscriberId == subscriber.Id && Kinds.Contains(mail.Kind) && mail.Created > from)
            .Select(mail => new { mail.Kind, mail.Created })
            .ToListAsync(cancellationToken);
        return [.. mails.Select(mail => new RecentMail(new MailKind(mail.Kind), mail.Created))];
    }

    private static void Enqueue(NewsletterDb db, MailKind kind, Subscriber subscriber, DateTimeOffset now) =>
        db.Enqueue(kind, EmailAddress.Parse(subscriber.Email), null,
            new SubscriptionMails.Parameters(subscriber.OptIn), now, subscriber.SubscriberId);

    private static Task<LinkAnswer> Refused(LinkState state) => Task.FromResult(
        new LinkAnswer(state == LinkState.Expired ? LinkOutcome.Expired : LinkOutcome.Invalid, null));

    private static async Task<LinkAnswer> AnswerConfirmAsync(
        NewsletterDb db, SubscriberId id, int optIn, CancellationToken cancellationToken)
    {
        var row = await db.Subscribers.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id.Value && row.OptIn == optIn, cancellationToken);
        return Answer(row);
    }

    private static async Task<LinkAnswer> AnswerAsync(
        NewsletterDb db, SubscriberId id, CancellationToken cancellationToken) =>
        Answer(await db.Subscribers.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id.Value, cancellationToken));

    private static LinkAnswer Answer(Subscriber? row) => row is null
        ? new LinkAnswer(LinkOutcome.Left, null)
        : new LinkAnswer(
            row.State == SubscriberState.Unsubscribed ? LinkOutcome.Left : LinkOutcome.Done,
            new SubscriptionView(row.SubscriberId, row.Email, row.State, row.Cities, row.Topics, row.ConfirmedAt));
}
