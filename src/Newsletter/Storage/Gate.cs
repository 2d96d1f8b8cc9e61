using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// The queues in front of the databases this process writes to. A SQLite file has one. A PostgreSQL database has a row of them, and a
/// key always takes the same one: what needs the same lock waits here in order and holds no connection; what shares a
/// gate by chance only waits a little longer. Changes without a key pass a gate for several. Together they bound how many pooled
/// connections changes can hold, so that a crowd waits here in order and not on the pool with its time-out.
/// </summary>
internal static class Gate
{
    private const int KeyedGates = 32;
    private const int UnkeyedAtOnce = 16;
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.Ordinal);

    /// <summary>Waits for its turn; dispose the answer to let the next one in.</summary>
    public static async ValueTask<IDisposable> EnterAsync(
        DbContext db, LockKey? key, CancellationToken cancellationToken)
    {
        var (name, width) = QueueFor(db, key);
        // SemaphoreSlim hands its slot to the longest waiting asynchronous caller, so nobody overtakes.
        var gate = Gates.GetOrAdd(name, _ => new SemaphoreSlim(width, width));
        if (!await gate.WaitAsync(WaitLimit, cancellationToken))
            throw new TimeoutException($"the database was busy with other changes for {WaitLimit.TotalSeconds:0} s");
        return new Pass(gate);
    }

    private static (string Name, int Width) QueueFor(DbContext db, LockKey? key)
    {
        var connection = db.Database.GetDbConnection();
        if (db.IsSqlite()) return (Path.GetFullPath(connection.DataSource), 1);
        var database = $"{connection.DataSource}/{connection.Database}";
        return key is { } locked
            ? ($"{database}#{(ulong)locked.Value % KeyedGates}", 1)
            : (database, UnkeyedAtOnce);
    }

    private sealed class Pass(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

/// <summary>Which database it is. This project refers to neither provider, so it goes by the provider's name.</summary>
public static class DatabaseKind
{
    /// <summary>True on SQLite, false on PostgreSQL.</summary>
    public static bool IsSqlite(this DbContext db) =>
        db.Database.ProviderName?.EndsWith(".Sqlite", StringComparison.Ordinal) == true;
}
