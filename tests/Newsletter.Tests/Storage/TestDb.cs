using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Tests.Storage;

/// <summary>The databases every storage test runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

internal sealed class TestDb(DbContextOptions<TestDb> options) : NewsletterDb(options)
{
    public DbSet<Counter> Counters => Set<Counter>();
}

internal sealed class Counter
{
    public int Id { get; set; }
    public int Value { get; set; }
}

/// <summary>A fresh database with our tables, gone at the end of the test.</summary>
internal sealed class TestDatabase : IDbContextFactory<TestDb>, IAsyncDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly DbContextOptions<TestDb> _options;

    private TestDatabase(DirectoryInfo? folder, Database kind, string connection)
    {
        (_folder, Kind, ConnectionString) = (folder, kind, connection);
        _options = Options(kind, connection);
        Store = new Store<TestDb>(this, Signal);
    }

    public Database Kind { get; }

    public string ConnectionString { get; }

    public OutboxSignal Signal { get; } = new();

    public Store<TestDb> Store { get; }

    public static async Task<TestDatabase> CreateAsync(Database kind)
    {
        var folder = kind == Database.Sqlite ? Directory.CreateTempSubdirectory("newsletter-tests-") : null;
        var connection = folder is null
            ? await PostgresCluster.CreateDatabaseAsync()
            : $"Data Source={Path.Combine(folder.FullName, "hub.db")}";
        var database = new TestDatabase(folder, kind, connection);
        await using var db = database.CreateDbContext();
        await db.Database.EnsureCreatedAsync();
        return database;
    }

    public static DbContextOptions<TestDb> Options(Database kind, string connection)
    {
        var options = new DbContextOptionsBuilder<TestDb>();
        if (kind == Database.Sqlite) options.UseSqlite(connection).AddInterceptors(new SqliteDurability());
        else options.UseNpgsql(connection);
        return options.Options;
    }

    public TestDb CreateDbContext() => new(_options);

    public ValueTask DisposeAsync()
    {
        Signal.Dispose();
        if (_folder is null) return ValueTask.CompletedTask;
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(ConnectionString))
            Microsoft.Data.Sqlite.SqliteConnection.ClearPool(connection);
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
