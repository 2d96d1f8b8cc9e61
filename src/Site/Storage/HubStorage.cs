using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace BrowserTech.Site.Storage;

/// <summary>Chooses the database by configuration: a PostgreSQL connection string, or else a SQLite file in the data folder.</summary>
public static class HubStorage
{
    public static IServiceCollection AddHubStorage(this IServiceCollection services, HubOptions options)
    {
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<IOutboxSignal>(provider => provider.GetRequiredService<OutboxSignal>());
        var protection = services.AddDataProtection().SetApplicationName("BrowserTech");
        if (options.Postgres is { Length: > 0 } postgres)
        {
            services.AddDbContextFactory<PostgresHubDb>(db => Configure((DbContextOptionsBuilder<PostgresHubDb>)db, postgres));
            services.AddStore<PostgresHubDb>();
            services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PostgresHubDb>>().CreateDbContext());
            protection.PersistKeysToDbContext<PostgresHubDb>();
        }
        else
        {
            services.AddDbContextFactory<SqliteHubDb>(db => Configure((DbContextOptionsBuilder<SqliteHubDb>)db, options.DataPath("hub.db")));
            services.AddStore<SqliteHubDb>();
            protection.PersistKeysToFileSystem(new DirectoryInfo(options.DataPath("keys")));
        }

        return services;
    }

    public static DbContextOptionsBuilder<SqliteHubDb> Configure(DbContextOptionsBuilder<SqliteHubDb> db, string file) =>
        (DbContextOptionsBuilder<SqliteHubDb>)db.UseSqlite($"Data Source={file}").AddInterceptors(new SqliteDurability());

    public static DbContextOptionsBuilder<PostgresHubDb> Configure(DbContextOptionsBuilder<PostgresHubDb> db, string connection) =>
        (DbContextOptionsBuilder<PostgresHubDb>)db.UseNpgsql(connection);

    /// <summary>Brings the database up to this version. Machines that start together take turns.</summary>
    public static async Task MigrateHubAsync(this IServiceProvider services)
    {
        if (services.GetService<IDbContextFactory<SqliteHubDb>>() is { } sqlite)
        {
            await using var db = await sqlite.CreateDbContextAsync();
            await db.Database.MigrateAsync();
        }

        if (services.GetService<IDbContextFactory<PostgresHubDb>>() is { } postgres)
        {
            await using var db = await postgres.CreateDbContextAsync();
            await db.Database.MigrateAsync();
        }
    }

    private static void AddStore<TDb>(this IServiceCollection services) where TDb : HubDb
    {
        services.AddSingleton<Store<TDb>>();
        services.AddSingleton<IStore<HubDb>>(provider => provider.GetRequiredService<Store<TDb>>());
        services.AddSingleton<IStore<NewsletterDb>>(provider => provider.GetRequiredService<Store<TDb>>());
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> make the SQLite migrations without starting the hub.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteHubDb>
{
    public SqliteHubDb CreateDbContext(string[] args) => new(HubStorage.Configure(new DbContextOptionsBuilder<SqliteHubDb>(), "design.db").Options);
}

/// <summary>The same for PostgreSQL.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresHubDb>
{
    public PostgresHubDb CreateDbContext(string[] args) => new(HubStorage.Configure(new DbContextOptionsBuilder<PostgresHubDb>(), "Host=localhost").Options);
}
