using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Reports;

/// <summary>What organisers see of subscribers, issues and mails. Reads only.</summary>
public sealed class NewsletterReports(IStore<NewsletterDb> store)
{
    /// <summary>The largest page of a list.</summary>
    public const int MaximumPage = 500;

    /// <summary>Subscribers by state, and the confirmed ones by city and topic.</summary>
    public Task<SubscriberCounts> CountSubscribersAsync(CancellationToken cancellationToken = default) =>
        store.ReadAsync(async (db, cancel) =>
        {
            var groups = await db.Subscribers
                .GroupBy(row => new { row.State, row.CitiesText, row.TopicsText })
                .Select(group => new { group.Key.State, group.Key.CitiesText, group.Key.TopicsText, Count = group.Count() })
                .ToListAsync(cancel);
            var confirmed = groups.Where(group => group.State == SubscriberState.Confirmed).ToList();
            return new SubscriberCounts(
                groups.GroupBy(group => group.State).ToDictionary(state => state.Key, state => state.Sum(group => group.Count)),
                BySlug(confirmed.Select(group => (group.CitiesText, group.Count))),
                BySlug(confirmed.Select(group => (group.TopicsText, group.Count))));
        }, cancellationToken);

    /// <summary>A page of subscribers, newest first.</summary>
    /// <param name="state">Only these; null all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">1 to <see cref="MaximumPage"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<Page<Subscriber>> ListSubscribersAsync(
        SubscriberState? state, int page, int pageSize, CancellationToken cancellationToken = default) =>
        store.ReadAsync((db, cancel) => PageAsync(
            db.Subscribers.Where(row => state == null || row.State == state).OrderByDescending(row => row.Id),
            page, pageSize, cancel), cancellationToken);

    /// <summary>A page of the outbox, newest first.</summary>
    /// <param name="state">Only these; null all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">1 to <see cref="MaximumPage"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<Page<OutboxMail>> ListOutboxAsync(
        MailState? state, int page, int pageSize, CancellationToken cancellationToken = default) =>
        store.ReadAsync((db, cancel) => PageAsync(
            db.OutboxMails.Where(row => state == null || row.State == state).OrderByDescending(row => row.Id),
            page, pageSize, cancel), cancellationToken);

    /// <summary>How many mails stand where.</summary>
    public Task<IReadOnlyDictionary<MailState, int>> CountOutboxAsync(CancellationToken cancellationToken = default) =>
        store.ReadAsync(async (db, cancel) => (IReadOnlyDictionary<MailState, int>)await db.OutboxMails
            .GroupBy(row => row.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancel), cancellationToken);

    /// <summary>Every issue that was sent or is being sent, newest first.</summary>
    public Task<IReadOnlyList<IssueProgress>> ListIssuesAsync(CancellationToken cancellationToken = default) =>
        store.ReadAsync(async (db, cancel) =>
        {
            var counts = await db.OutboxMails.Where(row => row.IssueNumber != null)
                .GroupBy(row => new { row.IssueNumber, row.State })
                .Select(group => new { group.Key.IssueNumber, group.Key.State, Count = group.Count() })
                .ToListAsync(cancel);
            var sends = await db.IssueSends.OrderByDescending(send => send.Number)
                .Select(send => new { send.Number, send.StartedAt, send.RequestedBy, send.AudienceSize, send.FinishedAt })
                .ToListAsync(cancel);
            return (IReadOnlyList<IssueProgress>)[.. sends.Select(send =>
            {
                int In(MailState state) => counts
                    .Where(count => count.IssueNumber == send.Number && count.State == state).Sum(count => count.Count);
                return new IssueProgress(send.Number, send.StartedAt, send.RequestedBy, send.AudienceSize, send.FinishedAt,
                    Queued: In(MailState.Pending) + In(MailState.Sending), Sent: In(MailState.Sent),
                    Failed: In(MailState.Failed), Withdrawn: In(MailState.Withdrawn));
            })];
        }, cancellationToken);

    /// <summary>Writes all subscribers as CSV, oldest first, one row at a time.</summary>
    public Task WriteSubscribersCsvAsync(TextWriter output, CancellationToken cancellationToken = default) =>
        store.ReadAsync(async (db, cancel) =>
        {
            await output.WriteAsync("email,state,cities,topics,created,confirmed_at,unsubscribed_at\r\n");
            await foreach (var row in db.Subscribers.OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(cancel))
            {
                await output.WriteAsync(Csv.Line(
                    row.Email, row.State.ToString().ToLowerInvariant(),
                    string.Join(' ', row.Cities.Slugs), string.Join(' ', row.Topics.Slugs),
                    Csv.Time(row.Created), Csv.Time(row.ConfirmedAt), Csv.Time(row.UnsubscribedAt)));
            }

            return true;
        }, cancellationToken);

    private static async Task<Page<T>> PageAsync<T>(
        IQueryable<T> rows, int page, int pageSize, CancellationToken cancellationToken)
    {
        page = Math.Max(1, page);
        pageSize = Math.Clamp(pageSize, 1, MaximumPage);
        var total = await rows.CountAsync(cancellationToken);
        var items = (long)(page - 1) * pageSize >= total
            ? []
            : await rows.Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancellationToken);
        return new Page<T>(items, page, pageSize, total);
    }

    private static SortedDictionary<string, int> BySlug(IEnumerable<(string Stored, int Count)> groups)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (stored, count) in groups)
        {
            var set = ChoiceSet.FromStored(stored);
            foreach (var slug in set.IsEverything ? [SubscriberCounts.Everything] : set.Slugs)
                counts[slug] = counts.GetValueOrDefault(slug) + count;
        }

        return counts;
    }
}

/// <summary>Subscribers in figures.</summary>
/// <param name="ByState">All of them, by state.</param>
/// <param name="ByCity">The confirmed, by city; who chose none is under <see cref="Everything"/>.</param>
/// <param name="ByTopic">The confirmed, by topic.</param>
public sealed record SubscriberCounts(
    IReadOnlyDictionary<SubscriberState, int> ByState,
    IReadOnlyDictionary<string, int> ByCity,
    IReadOnlyDictionary<string, int> ByTopic)
{
    /// <summary>Stands for "made no choice" where a slug would; no slug is an asterisk.</summary>
    public const string Everything = "*";
}

/// <summary>How far an issue is.</summary>
public sealed record IssueProgress(
    int Number, DateTimeOffset StartedAt, string RequestedBy, int AudienceSize, DateTimeOffset? FinishedAt,
    int Queued, int Sent, int Failed, int Withdrawn);

/// <summary>A part of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="Size">Rows per page.</param>
/// <param name="Total">Rows in all.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Number, int Size, int Total)
{
    /// <summary>How many pages there are, at least 1.</summary>
    public int Count => Math.Max(1, (Total + Size - 1) / Size);
}
