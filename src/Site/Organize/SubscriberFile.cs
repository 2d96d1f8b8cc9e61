using System.Globalization;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Organize;

/// <summary>Everybody who subscribed, to take along.</summary>
internal static class SubscriberFile
{
    public static async Task<IResult> Write(IStore<NewsletterDb> store, CancellationToken cancellation)
    {
        var subscribers = await store.ReadAsync((db, cancel) => db.Subscribers.OrderBy(s => s.Id).ToListAsync(cancel), cancellation);
        return CsvFile.Result("subscribers.csv",
        [
            ["email", "state", "cities", "topics", "created", "confirmed", "unsubscribed"],
            .. subscribers.Select(s => new[]
            {
                s.Email, s.State.ToString().ToLowerInvariant(), string.Join(' ', s.Cities.Slugs), string.Join(' ', s.Topics.Slugs),
                Time(s.Created), Time(s.ConfirmedAt), Time(s.UnsubscribedAt),
            }),
        ]);
    }

    private static string Time(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "";
}
