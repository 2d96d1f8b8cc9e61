using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Meetups;
using BrowserTech.Site.Posters;
using NodaTime;
using NodaTime.Text;

namespace BrowserTech.Site.Pages;

/// <summary>Describes pages in the words of schema.org, for search engines and for whatever reads a page after them.</summary>
public static class StructuredData
{
    // '<' must be escaped: the text stands inside a script element. The default encoder does it.
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Json(object data) => JsonSerializer.Serialize(data, Options);

    public static Dictionary<string, object?> Organization(ContentSnapshot content, PublicAddress address) => new()
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "Organization",
        ["name"] = content.Site.Name,
        ["description"] = content.Site.Description,
        ["url"] = address.Of("/"),
    };

    public static Dictionary<string, object?> Meetup(Event meetup, ContentSnapshot content, SeatCount seats, PublicAddress address)
    {
        var chapter = content.ChapterOf(meetup);
        var place = meetup.Venue is { } venue
            ? new Dictionary<string, object?> { ["@type"] = "Place", ["name"] = venue.Name, ["address"] = venue.Address ?? chapter.Region }
            : null;
        var online = meetup.OnlineAddress is { } link
            ? new Dictionary<string, object?> { ["@type"] = "VirtualLocation", ["url"] = link.ToString() }
            : null;
        return new Dictionary<string, object?>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Event",
            ["name"] = meetup.Title,
            ["description"] = meetup.Summary,
            ["startDate"] = Offset(meetup.Starts),
            ["endDate"] = Offset(meetup.Ends),
            ["eventStatus"] = "https://schema.org/Event" + meetup.Status,
            ["eventAttendanceMode"] = "https://schema.org/" + (place is null ? "Online" : online is null ? "Offline" : "Mixed") + "EventAttendanceMode",
            ["location"] = place is not null && online is not null ? new[] { place, online } : place ?? online,
            ["image"] = address.Of(PosterAddress.Of(meetup.Slug.Value, PosterSize.WideLarge)),
            ["url"] = address.Of($"/events/{meetup.Slug}"),
            ["organizer"] = Organization(content, address),
            ["performer"] = Performers(meetup, content, address),
            ["maximumAttendeeCapacity"] = meetup.Capacity,
            ["remainingAttendeeCapacity"] = seats.Free,
            ["isAccessibleForFree"] = true,
            ["offers"] = new Dictionary<string, object?>
            {
                ["@type"] = "Offer", ["price"] = 0, ["priceCurrency"] = "USD", ["url"] = address.Of($"/events/{meetup.Slug}"),
                ["availability"] = "https://schema.org/" + (seats.IsFull ? "SoldOut" : "InStock"),
            },
        };
    }

    public static Dictionary<string, object?> Article(string title, string summary, LocalDate date, string path, ContentSnapshot content, PublicAddress address) => new()
    {
        ["@context"] = "https://schema.org",
        ["@type"] = "TechArticle",
        ["headline"] = title,
        ["description"] = summary,
        ["datePublished"] = LocalDatePattern.Iso.Format(date),
        ["url"] = address.Of(path),
        ["publisher"] = Organization(content, address),
    };

    public static string Offset(ZonedDateTime time) =>
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>").Format(time.ToOffsetDateTime());

    private static object? Performers(Event meetup, ContentSnapshot content, PublicAddress address)
    {
        var speakers = meetup.Program.Select(i => i.Talk).OfType<Slug<Talk>>()
            .SelectMany(slug => content.Talks[slug].Speakers).Distinct().Select(slug => content.Speakers[slug]).ToList();
        return speakers.Count == 0 ? null : speakers.ConvertAll(s => new Dictionary<string, object?>
        {
            ["@type"] = s.IsGroup ? "PerformingGroup" : "Person", ["name"] = s.Name, ["url"] = address.Of($"/speakers/{s.Slug}"),
        });
    }
}
