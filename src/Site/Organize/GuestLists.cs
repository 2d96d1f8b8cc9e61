using System.Globalization;
using System.Text;
using BrowserTech.Newsletter.Reports;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Site.Content;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Organize;

/// <summary>Lists to take along, as CSV that spreadsheets open rightly: UTF-8 with a mark.</summary>
internal static class GuestLists
{
    public static async Task<IResult> Guests(string slug, ContentStore content, IStore<HubDb> store, CancellationToken cancellation)
    {
        if (!Slug<Event>.TryParse(slug, out var of) || !content.Current.Events.ContainsKey(of)) return Results.NotFound();
        var rsvps = await store.ReadAsync((db, cancel) => db.Rsvps.Where(r => r.EventSlug == slug).OrderBy(r => r.Turn).ToListAsync(cancel), cancellation);
        var text = new StringBuilder(Csv.Line("name", "email", "guests", "seats", "state", "since"));
        foreach (var rsvp in rsvps)
        {
            text.Append(Csv.Line(
                rsvp.Name, rsvp.Email, rsvp.Guests.ToString(CultureInfo.InvariantCulture), rsvp.Seats.ToString(CultureInfo.InvariantCulture),
                rsvp.State.ToString().ToLowerInvariant(), Csv.Time(rsvp.Created)));
        }

        return Results.File([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())], ContentType, $"{slug}-guests.csv");
    }

    /// <summary>Written row by row: there may be a million.</summary>
    public static IResult Subscribers(NewsletterReports reports) => Results.Stream(async stream =>
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        await reports.WriteSubscribersCsvAsync(writer);
    }, ContentType, "subscribers.csv");

    private const string ContentType = "text/csv; charset=utf-8";
}
