using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BrowserTech.Site.Meetups;

/// <summary>One person's answer to one event, with how many they bring. There is one for an address and an event, ever: who cancels and comes back gets the same row.</summary>
public sealed class Rsvp
{
    public long Id { get; set; }

    public required string EventSlug { get; set; }

    /// <summary>As typed, for writing to.</summary>
    public required string Email { get; set; }

    /// <summary>For telling people apart; unique within the event.</summary>
    public required string NormalizedEmail { get; set; }

    public required string Name { get; set; }

    /// <summary>How many come along, beside the person.</summary>
    public int Guests { get; set; }

    public RsvpState State { get; set; }

    public DateTimeOffset Created { get; set; }

    /// <summary>The last change by anybody.</summary>
    public DateTimeOffset Changed { get; set; }

    /// <summary>The place in the queue: counted up within the event at each joining, so that the clock decides nothing.</summary>
    public long Turn { get; set; }

    /// <summary>Counts changes, for calendars: an entry with a higher number replaces the one before.</summary>
    public int Sequence { get; set; }

    public int Seats => 1 + Guests;

    public RsvpId Identity => new(Id);

    public Place Place => new(Identity, State, Seats);

    internal static void Configure(EntityTypeBuilder<Rsvp> rsvp)
    {
        rsvp.Ignore(row => row.Seats).Ignore(row => row.Identity).Ignore(row => row.Place);
        rsvp.Property(row => row.EventSlug).HasMaxLength(80);
        rsvp.Property(row => row.Email).HasMaxLength(254);
        rsvp.Property(row => row.NormalizedEmail).HasMaxLength(254);
        rsvp.Property(row => row.Name).HasMaxLength(100);
        rsvp.Property(row => row.State).HasConversion<LowerCaseName<RsvpState>>().HasMaxLength(20);
        rsvp.HasIndex(row => new { row.EventSlug, row.NormalizedEmail }).IsUnique();
        rsvp.HasIndex(row => new { row.EventSlug, row.State, row.Turn });
    }
}
