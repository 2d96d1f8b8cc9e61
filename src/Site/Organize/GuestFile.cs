using System.Globalization;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Content;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Organize;

/// <summary>An event's guest list to take along.</summary>
internal static class GuestFile
{
    public static async Task<IResult> Write(string slug, ContentStore content, IStore<HubDb> store, CancellationToken cancellation)
    {
        if (!Slug<Event>.TryParse(slug, out var of) || !content.Current.Events.ContainsKey(of)) return Results.NotFound();
        var rsvps = await store.ReadAsync((db, cancel) => db.Rsvps.Where(r => r.EventSlug == slug).OrderBy(r => r.Turn).ToListAsync(cancel), cancellation);
        return CsvFile.Result($"{slug}-guests.csv",
        [
            ["name", "email", "guests", "seats", "state", "since"],
            .. rsvps.Select(r => new[]
            {
                r.Name, r.Email, r.Guests.ToString(CultureInfo.InvariantCulture), r.Seats.ToString(CultureInfo.InvariantCulture),
                r.State.ToString().ToLowerInvariant(), r.Created.ToString("u", CultureInfo.InvariantCulture),
            }),
        ]);
    }
}
