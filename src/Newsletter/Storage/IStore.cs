using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// The one way to data. A change is a function that runs inside one transaction that may write from its start; it is the whole
/// unit: it commits when the function returns, and leaves nothing when it throws. Covariant, so that a store of the
/// application's own context serves the newsletter too.
/// </summary>
public interface IStore<out TDb> where TDb : DbContext
{
    /// <summary>
    /// Runs <paramref name="change"/> in one transaction, saves what it tracked and commits. It may run more than once (PostgreSQL
    /// answers a deadlock by undoing one side), each time with a fresh context, so it must do nothing outside the database.
    /// A change must not start another one: it would wait for itself.
    /// </summary>
    /// <param name="change">Reads, decides and writes.</param>
    /// <param name="key">What no other change may touch meanwhile. On SQLite every change is alone anyway.</param>
    /// <param name="cancellationToken">Stops waiting, or undoes an unfinished change; a commit under way is finished.</param>
    /// <exception cref="TimeoutException">The database was busy with other changes for a minute.</exception>
    Task<T> ChangeAsync<T>(
        Func<TDb, CancellationToken, Task<T>> change, LockKey? key = null, CancellationToken cancellationToken = default);

    /// <summary>Runs <paramref name="read"/> with a context of its own, outside of any transaction and tracking nothing.</summary>
    Task<T> ReadAsync<T>(Func<TDb, CancellationToken, Task<T>> read, CancellationToken cancellationToken = default);
}

/// <summary>Shorter forms.</summary>
public static class StoreExtensions
{
    /// <summary>A change that answers nothing.</summary>
    public static Task ChangeAsync<TDb>(
        this IStore<TDb> store, Func<TDb, CancellationToken, Task> change, LockKey? key = null,
        CancellationToken cancellationToken = default)
        where TDb : DbContext =>
        store.ChangeAsync(async (db, cancel) =>
        {
            await change(db, cancel);
            return true;
        }, key, cancellationToken);
}
