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
        MakeDataFolder(options.DataPath());
        var protection = services.AddDataProtection().SetApplicationName("BrowserTech");
        if (options.Postgres is { Length: > 0 } postgres)
        {
            services.AddDbContextFactory<PostgresHubDb>(db => db.UseNpgsql(postgres));
            services.AddSingleton<IDbContextFactory<HubDb>, Factory<PostgresHubDb>>();
            services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PostgresHubDb>>().CreateDbContext());
            protection.PersistKeysToDbContext<PostgresHubDb>();
        }
        else
        {
            services.AddDbContextFactory<SqliteHubDb>(db => db.UseSqlite($"Data Source={options.DataPath("hub.db")}").AddInterceptors(new SqliteDurability()));
            services.AddSingleton<IDbContextFactory<HubDb>, Factory<SqliteHubDb>>();
            protection.PersistKeysToFileSystem(new DirectoryInfo(options.DataPath("keys")));
        }

        return services;
    }

    // Addresses, mails with live links and keys lie in it: nobody else on the machine reads them.
    private static void MakeDataFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Brings the database up to this version. Machines that start together take turns.</summary>
    public static async Task MigrateHubAsync(this IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync();
        await db.Database.MigrateAsync();
    }

    // Callers ask for a HubDb; which one it is was decided once.
    private sealed class Factory<TDb>(IDbContextFactory<TDb> inner) : IDbContextFactory<HubDb> where TDb : HubDb
    {
        public HubDb CreateDbContext() => inner.CreateDbContext();
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> make the SQLite migrations without starting the hub.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteHubDb>
{
    public SqliteHubDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteHubDb>().UseSqlite("Data Source=design.db").Options);
}

/// <summary>The same for PostgreSQL.</summary>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresHubDb>
{
    public PostgresHubDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresHubDb>().UseNpgsql("Host=localhost").Options);
}
