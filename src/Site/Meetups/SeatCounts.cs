using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Content;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Meetups;

/// <summary>How an event stands for somebody who looks at it.</summary>
/// <param name="Taken">Seats of those going, guests included.</param>
/// <param name="Waiting">People on the waitlist, guests included.</param>
public sealed record SeatCount(int? Capacity, int Taken, int Waiting)
{
    /// <summary>Free seats, or null without a limit. While people wait there are none for anybody new.</summary>
    public int? Free => Capacity is { } capacity ? Waiting > 0 ? 0 : Math.Max(0, capacity - Taken) : null;

    public bool IsFull => Free == 0;
}

/// <summary>Reads seats for pages. The numbers are for showing; decisions are made from the rows, inside the change.</summary>
public sealed class SeatCounts(IStore<HubDb> store)
{
    public async Task<SeatCount> OfAsync(Event meetup, CancellationToken cancellation = default) =>
        (await OfAsync([meetup], cancellation))[meetup.Slug];

    public async Task<IReadOnlyDictionary<Slug<Event>, SeatCount>> OfAsync(IReadOnlyCollection<Event> events, CancellationToken cancellation = default)
    {
        var slugs = events.Select(e => e.Slug.Value).ToList();
        var sums = await store.ReadAsync((db, cancel) => db.Rsvps
            .Where(r => slugs.Contains(r.EventSlug) && r.State != RsvpState.Cancelled)
            .GroupBy(r => new { r.EventSlug, r.State })
            .Select(g => new { g.Key.EventSlug, g.Key.State, Seats = g.Sum(r => r.Guests + 1) })
            .ToListAsync(cancel), cancellation);
        return events.ToDictionary(e => e.Slug, e => new SeatCount(e.Capacity, Sum(e, RsvpState.Going), Sum(e, RsvpState.Waitlisted)));

        int Sum(Event e, RsvpState state) => sums.Where(s => s.EventSlug == e.Slug.Value && s.State == state).Sum(s => s.Seats);
    }
}
