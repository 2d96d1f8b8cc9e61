using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// Settings a SQLite connection needs each time it is opened: FULL, so that what was committed survives a power cut also in WAL mode,
/// and SQLite's own waiting for other processes, which is finer than the client's. WAL itself is a property of the file.
/// Add it with <c>AddInterceptors</c> where the context is configured for SQLite.
/// </summary>
public sealed class SqliteDurability : DbConnectionInterceptor
{
    private const string Settings =
        "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Settings;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
