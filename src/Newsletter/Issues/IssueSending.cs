using System.Text.Json;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Newsletter.Issues;

/// <summary>
/// Sending an issue means writing one row per person, in one statement and one transaction together with the issue as it is now. After that it
/// cannot be sent again: pressed twice, pressed while its time comes, or on two machines, it is one send.
/// </summary>
public sealed class IssueSending(
    IStore<NewsletterDb> store,
    IIssueSource source,
    MailWriter writer,
    Links.DigestLinks links,
    TimeProvider clock,
    ILogger<IssueSending> logger)
{
    /// <summary>Who is said to have asked when an issue goes out at its own time.</summary>
    public const string Schedule = "schedule";

    /// <summary>Starts the sending of an issue. Repeating it changes nothing.</summary>
    /// <param name="number">Which issue.</param>
    /// <param name="requestedBy">Who asks, for the record.</param>
    /// <param name="cancellationToken">Stops before anything is written, or not at all.</param>
    public async Task<SendAnswer> StartAsync(
        int number, string requestedBy, CancellationToken cancellationToken = default)
    {
        if (source.Issues.FirstOrDefault(issue => issue.Number == number) is not { } issue)
            return new SendAnswer(SendOutcome.Refused, 0, $"There is no issue {number}.");
        if (Problem(issue) is { } problem) return new SendAnswer(SendOutcome.Refused, 0, problem);

        return await store.ChangeAsync(async (db, cancel) =>
        {
            var now = clock.GetUtcNow();
            if (await db.IssueSends.FindAsync([number], cancel) is { } started)
                return new SendAnswer(SendOutcome.AlreadyStarted, started.AudienceSize, null);

            var audience = await QueueAsync(db, issue, now, cancel);
            db.IssueSends.Add(new IssueSend
            {
                Number = number,
                Content = JsonSerializer.Serialize(issue, JsonSerializerOptions.Web),
                StartedAt = now,
                RequestedBy = requestedBy,
                AudienceSize = audience,
                FinishedAt = audience == 0 ? now : null,
            });
            db.MailWasEnqueued = true;
            return new SendAnswer(SendOutcome.Started, audience, null);
        }, LockKey.For("issue", $"{number}"), cancellationToken);
    }

    /// <summary>How many people would get it if it were sent now.</summary>
    public Task<int> CountAudienceAsync(IssueContent issue, CancellationToken cancellationToken = default) =>
        store.ReadAsync((db, cancel) => db.Subscribers
                .FromSql(Audience.Query("SELECT * FROM subscribers s", issue.CitySet, issue.TopicSet, ""))
                .CountAsync(cancel), cancellationToken);

    /// <summary>Every issue with where it stands, newest first: what is missed is for an organiser to see.</summary>
    public async Task<IReadOnlyList<(IssueContent Issue, IssueTiming Timing)>> ListAsync(
        CancellationToken cancellationToken = default)
    {
        var sent = await SentAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return [.. source.Issues.OrderByDescending(issue => issue.Number)
            .Select(issue => (issue, IssueSchedule.Decide(issue.SendAt, sent.Contains(issue.Number), now)))];
    }

    /// <summary>Starts the issues whose time has come. The pump does this each time it looks.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        if (!source.Issues.Any(issue => IssueSchedule.Decide(issue.SendAt, false, now) == IssueTiming.Due)) return;

        var sent = await SentAsync(cancellationToken);
        foreach (var issue in source.Issues
            .Where(issue => IssueSchedule.Decide(issue.SendAt, sent.Contains(issue.Number), now) == IssueTiming.Due))
        {
            var answer = await StartAsync(issue.Number, Schedule, cancellationToken);
            if (answer.Outcome == SendOutcome.Refused)
                logger.LogError("Issue {Number} is due but cannot be sent: {Reason}", issue.Number, answer.Reason);
        }
    }

    /// <summary>What keeps an issue from being sent, in words; null if nothing does.</summary>
    public string? Problem(IssueContent issue)
    {
        if (string.IsNullOrWhiteSpace(issue.Title) || issue.Title.Any(char.IsControl))
            return $"Issue {issue.Number} has no title, or one with a line break.";
        if (string.IsNullOrWhiteSpace(issue.Markdown)) return $"Issue {issue.Number} has no text.";
        try
        {
            _ = (issue.CitySet, issue.TopicSet);
            writer.Write(issue, links.Issue(issue.Number));
            return null;
        }
        catch (Exception error) when (error is MailTooLargeException or ArgumentException)
        {
            return error.Message;
        }
    }

    private async Task<HashSet<int>> SentAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync((db, cancel) =>
            db.IssueSends.Select(send => send.Number).ToHashSetAsync(cancel), cancellationToken);

    private static Task<int> QueueAsync(
        NewsletterDb db, IssueContent issue, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(Audience.Query("""
            INSERT INTO outbox_mails (kind, priority, recipient_address, payload, created, state, attempts, next_attempt_at,
                issue_number, subscriber_id)
            SELECT {0}, {1}, s.email, {2}, {3}, 'pending', 0, {3}, {4}, s.id
            FROM subscribers s
            """,
            issue.CitySet, issue.TopicSet,
            // The unique index has the last word, whatever happens above.
            " ON CONFLICT (issue_number, subscriber_id) DO NOTHING",
            DigestTemplate.Digest.Name, (int)MailPriority.Bulk, "{}", now.ToUnixTimeMilliseconds(), issue.Number),
            cancellationToken);
}

/// <summary>What came of asking for a send.</summary>
/// <param name="Outcome">The kind of answer.</param>
/// <param name="AudienceSize">How many people it goes to.</param>
/// <param name="Reason">Why not, in words, where it was refused.</param>
public readonly record struct SendAnswer(SendOutcome Outcome, int AudienceSize, string? Reason);

/// <summary>What came of asking for a send.</summary>
public enum SendOutcome
{
    /// <summary>It begins now.</summary>
    Started,

    /// <summary>It began before; nothing was changed.</summary>
    AlreadyStarted,

    /// <summary>It cannot be sent.</summary>
    Refused,
}
