using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// What the newsletter keeps. The application derives its own context from this one, so that a change of its data and the mail that
/// belongs to it are one transaction. The model is the same on SQLite and PostgreSQL: names in snake_case, times as Unix
/// milliseconds (SQLite has no time type, and its text form does not sort across offsets), enumerations as words.
/// </summary>
public abstract class NewsletterDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Everyone who ever asked for the digest.</summary>
    public DbSet<Subscriber> Subscribers => Set<Subscriber>();

    /// <summary>The issues that were sent, or are being sent.</summary>
    public DbSet<IssueSend> IssueSends => Set<IssueSend>();

    /// <summary>Every mail to be sent, being sent, sent or given up.</summary>
    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();

    /// <summary>Hashes of the single-use links that were used.</summary>
    public DbSet<SpentLink> SpentLinks => Set<SpentLink>();

    /// <summary>True once a mail was enqueued through this context: the store wakes the pump after the commit.</summary>
    internal bool MailWasEnqueued { get; set; }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Subscriber>(Subscriber.Configure);
        modelBuilder.Entity<IssueSend>(IssueSend.Configure);
        modelBuilder.Entity<OutboxMail>(OutboxMail.Configure);
        modelBuilder.Entity<SpentLink>(SpentLink.Configure);
    }
}
