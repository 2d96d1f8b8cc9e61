using System.Data;
using System.Data.Common;
using BrowserTech.Newsletter.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// Runs changes on SQLite and PostgreSQL so that callers need not know which it is.
/// <para>
/// SQLite has one writer. A transaction that begins as a reader and writes later can fail at that point with SQLITE_BUSY
/// whatever the time-out, so a change begins with BEGIN IMMEDIATE (what Microsoft.Data.Sqlite does unless told otherwise). Waiting
/// for the file itself is polling and unfair; a gate in this process queues changes first come, first served instead, and 2,000
/// at once simply take their turn.
/// </para>
/// <para>
/// PostgreSQL takes the caller's key as an advisory lock, first thing in a READ COMMITTED transaction, so that everything
/// read after it is what the previous holder left. (Under REPEATABLE READ the statement that waits for the lock would already have fixed
/// the snapshot, before the previous holder committed.) The gates queue changes here too, so that a crowd for one key waits
/// in this process and not on one pooled connection each.
/// </para>
/// </summary>
public sealed class Store<TDb>(IDbContextFactory<TDb> contexts, IOutboxSignal signal) : IStore<TDb>
    where TDb : DbContext
{
    private const int Attempts = 8;

    /// <inheritdoc/>
    public async Task<T> ChangeAsync<T>(
        Func<TDb, CancellationToken, Task<T>> change, LockKey? key = null, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            try
            {
                return await ChangeOnceAsync(db, change, key, cancellationToken);
            }
            catch (Exception error) when (attempt < Attempts && MayBeRepeated(error))
            {
                // The other side of the conflict has finished by now: there is nothing to wait for.
            }
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(
        Func<TDb, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db, cancellationToken);
    }

    private async Task<T> ChangeOnceAsync<T>(
        TDb db, Func<TDb, CancellationToken, Task<T>> change, LockKey? key, CancellationToken cancellationToken)
    {
        // A change is whole or nothing; a savepoint around each save would only cost time.
        db.Database.AutoSavepointsEnabled = false;
        T result;
        using (await Gate.EnterAsync(db, key, cancellationToken))
        {
            await using var transaction =
                await db.Database.BeginTransactionAsync(IsolationLevelFor(db), cancellationToken);
            if (key is { } locked && !db.IsSqlite())
            {
                await db.Database.ExecuteSqlAsync(
                    $"SELECT pg_advisory_xact_lock({locked.Value})", cancellationToken);
            }

            result = await change(db, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);

            // From here on the answer must be known: a commit that is cancelled half way may or may not have happened.
            await transaction.CommitAsync(CancellationToken.None);
        }

        if (db is NewsletterDb { MailWasEnqueued: true }) signal.Wake();
        return result;
    }

    private static IsolationLevel IsolationLevelFor(TDb db) =>
        db.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;

    /// <summary>PostgreSQL's serialization_failure and deadlock_detected: the transaction was undone, and may be run again.</summary>
    private static bool MayBeRepeated(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            if (cause is DbException { SqlState: "40001" or "40P01" })
                return true;
        return false;
    }
}
