using System.Threading.Channels;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// Writes down what came of each mail. Results that arrive while a commit is under way go into the next one together, so many connections
/// share the cost of reaching the disk, while each waits for its own mail to be written down before it hands over another.
/// When the database cannot be written, nothing more is sent until it can.
/// </summary>
internal sealed class ResultBook(
    IStore<NewsletterDb> store, RunId run, string messageIdDomain, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(2);
    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>();

    /// <summary>Completes when the result is committed.</summary>
    public Task AddAsync(OutboxMail mail, DeliveryResult result)
    {
        var entry = new Entry(mail, result, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _entries.Writer.TryWrite(entry);
        return entry.Written.Task;
    }

    /// <summary>No more results will come.</summary>
    public void Complete() => _entries.Writer.Complete();

    /// <summary>Writes until <see cref="Complete"/>.</summary>
    /// <param name="giveUp">Ends trying to write to a database that fails.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        var entries = new List<Entry>();
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            entries.Clear();
            while (entries.Count < 100 && _entries.Reader.TryRead(out var entry)) entries.Add(entry);
            try
            {
                await WriteAsync(entries, giveUp);
                foreach (var entry in entries) entry.Written.SetResult();
            }
            catch (Exception error)
            {
                foreach (var entry in entries) entry.Written.SetException(error);
            }
        }
    }

    private async Task WriteAsync(List<Entry> entries, CancellationToken giveUp)
    {
        while (true)
        {
            try
            {
                await store.ChangeAsync(async (db, cancel) =>
                {
                    foreach (var (mail, result, _) in entries) await WriteAsync(db, mail, result, cancel);
                }, cancellationToken: CancellationToken.None);
                return;
            }
            catch (Exception error) when (!giveUp.IsCancellationRequested)
            {
                logger.LogError(error, "Results of {Count} mails could not be written; sending pauses until they can", entries.Count);
                await Task.Delay(RetryWait, clock, giveUp);
            }
        }
    }

    private Task<int> WriteAsync(
        NewsletterDb db, OutboxMail mail, DeliveryResult result, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var reply = result.Reply.Length <= 500 ? result.Reply : result.Reply[..500];
        if (result.Outcome == DeliveryOutcome.Accepted)
        {
            return db.Database.ExecuteSqlAsync($"""
                UPDATE outbox_mails SET state = 'sent', sent_at = {now.ToUnixTimeMilliseconds()}, last_reply = {reply},
                    message_id = {MessageIds.For(mail, messageIdDomain)}, lease_until = NULL, lease_by = NULL
                WHERE id = {mail.Id} AND lease_by = {run.Value}
                """, cancellationToken);
        }

        var attempts = mail.Attempts + 1;
        var wait = result.Outcome == DeliveryOutcome.RefusedForGood ? null : RetrySchedule.WaitAfter(attempts);
        var state = wait is null ? "failed" : "pending";
        var next = (now + (wait ?? TimeSpan.Zero)).ToUnixTimeMilliseconds();
        return db.Database.ExecuteSqlAsync($"""
            UPDATE outbox_mails SET state = {state}, attempts = {attempts}, next_attempt_at = {next}, last_reply = {reply},
                lease_until = NULL, lease_by = NULL
            WHERE id = {mail.Id} AND lease_by = {run.Value}
            """, cancellationToken);
    }

    private sealed record Entry(OutboxMail Mail, DeliveryResult Result, TaskCompletionSource Written);
}
