using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// The rows as a queue. Taking a row means putting a lease on it: until it ends, or its run is known to be dead, nobody else takes it. SQL
/// by hand, because one statement must find, check and take; it is the same on both databases.
/// </summary>
public sealed class DeliveryQueue(IStore<NewsletterDb> store, TimeProvider clock)
{
    /// <summary>How long a row is held. Far more than sending one takes, see <see cref="HandOverMargin"/>.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>A row with less of its lease left than this is given back instead of sent: a send must end before the lease does.</summary>
    public static readonly TimeSpan HandOverMargin = TimeSpan.FromMinutes(4);

    private const string ClaimHead = """
        UPDATE outbox_mails
        SET lease_until = {0}, lease_by = {1},
            state = CASE WHEN issue_number IS NULL OR EXISTS (
                SELECT 1 FROM subscribers s WHERE s.id = outbox_mails.subscriber_id AND s.state = 'confirmed')
                THEN 'sending' ELSE 'withdrawn' END
        WHERE id IN (
            SELECT id FROM outbox_mails
            WHERE state = 'pending' AND next_attempt_at <= {2}
            ORDER BY priority, next_attempt_at, id
            LIMIT {3}
        """;

    private const string Claim = ClaimHead + ") RETURNING *";

    // Pumps on several machines step over the rows that another one is just taking.
    private const string SharedClaim = ClaimHead + " FOR UPDATE SKIP LOCKED) RETURNING *";

    /// <summary>The run this queue takes rows for.</summary>
    public RunId Run { get; } = RunId.New();

    /// <summary>
    /// Takes up to <paramref name="count"/> due rows, personal mail first. A digest for somebody who has left since it was queued is
    /// withdrawn here instead, so leaving works also while an issue is going out.
    /// </summary>
    public async Task<IReadOnlyList<OutboxMail>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)Lease.TotalMilliseconds;
        var rows = await store.ChangeAsync((db, cancel) => db.OutboxMails
            .FromSqlRaw(db.IsSqlite() ? Claim : SharedClaim, until, Run.Value, now, count)
            .AsNoTracking().ToListAsync(cancel), cancellationToken: cancellationToken);
        return [.. rows.OrderBy(row => row.Priority).ThenBy(row => row.NextAttemptAt).ThenBy(row => row.Id)];
    }

    /// <summary>Whether there is time to send this row before its lease ends.</summary>
    public bool IsHeld(OutboxMail mail) => mail.LeaseUntil - clock.GetUtcNow() > HandOverMargin;

    /// <summary>Gives rows back untouched, to be taken at once by whoever comes next.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<OutboxMail> mails)
    {
        var ids = mails.Select(mail => mail.Id).ToList();
        return ids.Count == 0 ? Task.CompletedTask : store.ChangeAsync((db, cancel) => db.OutboxMails
            .Where(mail => ids.Contains(mail.Id) && mail.LeaseBy == Run.Value && mail.State == MailState.Sending)
            .ExecuteUpdateAsync(mail => mail
                .SetProperty(row => row.State, MailState.Pending)
                .SetProperty(row => row.LeaseBy, (string?)null)
                .SetProperty(row => row.LeaseUntil, (DateTimeOffset?)null), cancel));
    }

    /// <summary>Frees rows whose lease has ended or whose run is dead.</summary>
    /// <returns>How many.</returns>
    public async Task<int> TakeUpAbandonedAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var runs = await store.ReadAsync((db, cancel) => db.OutboxMails
            .Where(mail => mail.State == MailState.Sending)
            .Select(mail => new { mail.LeaseBy, IsOver = mail.LeaseUntil < now })
            .Distinct().ToListAsync(cancel), cancellationToken);
        var dead = runs.Select(run => run.LeaseBy).OfType<string>().Distinct()
            .Where(run => run != Run.Value && RunId.IsDead(run)).ToList();
        if (dead.Count == 0 && !runs.Any(run => run.IsOver)) return 0;
        return await store.ChangeAsync((db, cancel) => db.OutboxMails
            .Where(mail => mail.State == MailState.Sending
                && (mail.LeaseUntil < now || dead.Contains(mail.LeaseBy!)))
            .ExecuteUpdateAsync(mail => mail
                .SetProperty(row => row.State, MailState.Pending)
                .SetProperty(row => row.LeaseBy, (string?)null)
                .SetProperty(row => row.LeaseUntil, (DateTimeOffset?)null), cancel), cancellationToken: cancellationToken);
    }

    /// <summary>When the next waiting row is due, or the next lease of a run that cannot be judged ends; null if nothing waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(async (db, cancel) =>
        {
            var due = await db.OutboxMails.Where(mail => mail.State == MailState.Pending)
                .MinAsync(mail => (DateTimeOffset?)mail.NextAttemptAt, cancel);
            var lease = await db.OutboxMails.Where(mail => mail.State == MailState.Sending)
                .MinAsync(mail => mail.LeaseUntil, cancel);
            return due is null || lease < due ? lease : due;
        }, cancellationToken);

    /// <summary>Notes the end of issues of which nothing is left to send.</summary>
    public async Task FinishIssuesAsync(CancellationToken cancellationToken)
    {
        if (!await store.ReadAsync((db, cancel) => Finished(db).AnyAsync(cancel), cancellationToken)) return;
        var now = clock.GetUtcNow();
        await store.ChangeAsync((db, cancel) => Finished(db)
            .ExecuteUpdateAsync(send => send.SetProperty(row => row.FinishedAt, now), cancel),
            cancellationToken: cancellationToken);
    }

    private static IQueryable<IssueSend> Finished(NewsletterDb db) => db.IssueSends
        .Where(send => send.FinishedAt == null && !db.OutboxMails.Any(mail => mail.IssueNumber == send.Number
            && (mail.State == MailState.Pending || mail.State == MailState.Sending)));
}
