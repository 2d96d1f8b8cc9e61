using System.ComponentModel.DataAnnotations.Schema;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>A person and the digest. One row per address, whatever happens; states follow one another in it.</summary>
public sealed class Subscriber
{
    /// <summary>The row.</summary>
    public long Id { get; set; }

    /// <summary>The address mail goes to, as it was typed, its domain in the form mail servers use.</summary>
    public required string Email { get; set; }

    /// <summary>The address for comparing: one row per value.</summary>
    public required string NormalizedEmail { get; set; }

    /// <summary>Where the person stands.</summary>
    public SubscriberState State { get; set; }

    /// <summary>
    /// Counts the times this address asked to join. A confirmation link carries the number it was made for, so that one from
    /// before a later unsubscribe confirms nothing.
    /// </summary>
    public int OptIn { get; set; }

    /// <summary>Cities as stored: see <see cref="ChoiceSet"/>.</summary>
    [Column("cities")]
    public string CitiesText { get; set; } = "";

    /// <summary>Topics as stored.</summary>
    [Column("topics")]
    public string TopicsText { get; set; } = "";

    /// <summary>When the address first came.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When the person last confirmed.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>When the person last left.</summary>
    public DateTimeOffset? UnsubscribedAt { get; set; }

    /// <summary>The cities the person wants; none means all.</summary>
    [NotMapped]
    public ChoiceSet Cities
    {
        get => ChoiceSet.FromStored(CitiesText);
        set => CitiesText = value.Stored;
    }

    /// <summary>The topics the person wants; none means all.</summary>
    [NotMapped]
    public ChoiceSet Topics
    {
        get => ChoiceSet.FromStored(TopicsText);
        set => TopicsText = value.Stored;
    }

    /// <summary>The row's number as an identifier.</summary>
    [NotMapped]
    public SubscriberId SubscriberId => new(Id);

    internal static void Configure(EntityTypeBuilder<Subscriber> subscriber)
    {
        subscriber.Property(row => row.Email).HasMaxLength(254);
        subscriber.Property(row => row.NormalizedEmail).HasMaxLength(254);
        subscriber.Property(row => row.State).HasConversion<LowerCaseName<SubscriberState>>().HasMaxLength(20);
        subscriber.HasIndex(row => row.NormalizedEmail).IsUnique();
        subscriber.HasIndex(row => row.State);
    }
}

/// <summary>A subscriber's row number.</summary>
public readonly record struct SubscriberId(long Value);

/// <summary>Where a subscriber stands.</summary>
public enum SubscriberState
{
    /// <summary>Asked for, by whoever typed the address; gets nothing but the confirmation.</summary>
    Pending,

    /// <summary>Confirmed from the mailbox itself: gets the digest.</summary>
    Confirmed,

    /// <summary>Left.</summary>
    Unsubscribed,
}
