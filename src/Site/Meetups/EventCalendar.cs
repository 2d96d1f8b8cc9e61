using System.Text;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using EventStatus = BrowserTech.Site.Content.EventStatus;

namespace BrowserTech.Site.Meetups;

/// <summary>
/// Events as calendars read them (RFC 5545). Times are local with their zone, and the zone's rules travel along: some
/// clients guess without them. The UID is made from the slug, so an edited event stays the same entry.
/// </summary>
public sealed class EventCalendar(PublicAddress address, TimeProvider time)
{
    private const string ProductId = "-//BrowserTech//Hub//EN";

    /// <param name="guest">The RSVP whose own entry it is; null for the public one.</param>
    public string Write(Event meetup, Chapter chapter, Rsvp? guest = null) => Write([(meetup, chapter)], name: null, guest);

    public string Write(IEnumerable<(Event Meetup, Chapter Chapter)> events, string? name, Rsvp? guest = null)
    {
        var list = events.ToList();
        var calendar = new Calendar { ProductId = ProductId, Method = CalendarMethods.Publish };
        if (name is not null) calendar.AddProperty("X-WR-CALNAME", name);
        foreach (var zone in list.GroupBy(e => e.Meetup.Starts.Zone.Id))
        {
            // The library writes rules from this day until now and lets the last ones repeat: the day must be past.
            var first = zone.Min(e => e.Meetup.Starts.ToInstant()).ToDateTimeUtc();
            var now = time.GetUtcNow().UtcDateTime;
            var earliest = (first < now ? first : now).AddYears(-1);
            calendar.AddTimeZone(VTimeZone.FromDateTimeZone(zone.Key, earliest, includeHistoricalData: false));
        }

        foreach (var (meetup, chapter) in list) calendar.Events.Add(Entry(meetup, chapter, guest));
        return new CalendarSerializer().SerializeToString(calendar) ?? "";
    }

    public byte[] Attachment(Event meetup, Chapter chapter, Rsvp guest) => Encoding.UTF8.GetBytes(Write(meetup, chapter, guest));

    private CalendarEvent Entry(Event meetup, Chapter chapter, Rsvp? guest)
    {
        var host = new Uri(address.Origin).Host;
        var cancelled = meetup.Status == EventStatus.Cancelled || guest is { State: RsvpState.Cancelled };
        return new CalendarEvent
        {
            Uid = $"{meetup.Slug}@{host}",
            DtStart = Local(meetup.Starts),
            DtEnd = Local(meetup.Ends),
            Summary = meetup.Title,
            Description = Description(meetup, guest),
            Location = Location(meetup, chapter),
            Url = new Uri(address.Of($"/events/{meetup.Slug}")),
            Status = cancelled ? EventStatusNames.Cancelled : meetup.Status == EventStatus.Postponed ? EventStatusNames.Tentative : EventStatusNames.Confirmed,
            Sequence = guest?.Sequence ?? 0,
            Transparency = TransparencyType.Opaque,
        };
    }

    private static CalDateTime Local(NodaTime.ZonedDateTime time) => new(time.LocalDateTime.ToDateTimeUnspecified(), time.Zone.Id);

    private static string Location(Event meetup, Chapter chapter) => meetup.Venue is { } venue
        ? string.Join(", ", new[] { venue.Name, venue.Address, chapter.Name }.OfType<string>())
        : meetup.OnlineAddress?.ToString() ?? "Online";

    private string Description(Event meetup, Rsvp? guest)
    {
        var lines = new List<string> { meetup.Summary };
        if (guest is { State: RsvpState.Going } && meetup.Venue?.GuestNote is { } note) lines.Add(note);
        lines.Add(address.Of($"/events/{meetup.Slug}"));
        return string.Join("\n\n", lines);
    }

    private static class EventStatusNames
    {
        public const string Confirmed = "CONFIRMED";
        public const string Cancelled = "CANCELLED";
        public const string Tentative = "TENTATIVE";
    }
}
