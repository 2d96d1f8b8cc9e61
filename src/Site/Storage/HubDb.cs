using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Accounts;
using BrowserTech.Site.Meetups;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Storage;

/// <summary>
/// Everything people did, in one database: what the newsletter keeps and what the site adds, so that an RSVP and its
/// mail are one transaction.
/// </summary>
public abstract class HubDb(DbContextOptions options) : NewsletterDb(options), IDataProtectionKeyContext
{
    public DbSet<Rsvp> Rsvps => Set<Rsvp>();

    /// <summary>Who may call the session-backend API.</summary>
    public DbSet<IssuedToken> AccountTokens => Set<IssuedToken>();

    /// <summary>Used on PostgreSQL, where several machines share keys; embedded, they are files in the data folder.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Rsvp>(Rsvp.Configure);
        modelBuilder.Entity<IssuedToken>(IssuedToken.Configure);
    }
}

/// <summary>The hub's database in a SQLite file. A type of its own because it has migrations of its own.</summary>
public sealed class SqliteHubDb(DbContextOptions<SqliteHubDb> options) : HubDb(options);

/// <summary>The hub's database on a PostgreSQL server.</summary>
public sealed class PostgresHubDb(DbContextOptions<PostgresHubDb> options) : HubDb(options);
