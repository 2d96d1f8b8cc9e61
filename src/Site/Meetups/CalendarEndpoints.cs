using BrowserTech.Site.Content;

namespace BrowserTech.Site.Meetups;

/// <summary>Calendars to download or subscribe to: one event, one chapter, everything.</summary>
internal static class CalendarEndpoints
{
    private const string ContentType = "text/calendar; charset=utf-8";

    public static void MapCalendars(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events/{slug}.ics", (string slug, ContentStore content, EventCalendar calendar) =>
            Slug<Event>.TryParse(slug, out var of) && content.Current.Events.TryGetValue(of, out var meetup)
                ? Results.Text(calendar.Write(meetup, content.Current.ChapterOf(meetup)), ContentType)
                : Results.NotFound());
        routes.MapGet("/calendar.ics", (ContentStore content, EventCalendar calendar) =>
            Results.Text(calendar.Write(All(content.Current), content.Current.Site.Name), ContentType));
        routes.MapGet("/chapters/{slug}/calendar.ics", (string slug, ContentStore content, EventCalendar calendar) =>
            Slug<Chapter>.TryParse(slug, out var of) && content.Current.Chapters.TryGetValue(of, out var chapter)
                ? Results.Text(calendar.Write(All(content.Current).Where(e => e.Chapter == chapter), $"{content.Current.Site.Name} {chapter.Name}"), ContentType)
                : Results.NotFound());
    }

    private static IEnumerable<(Event, Chapter Chapter)> All(ContentSnapshot content) =>
        content.Events.Values.OrderBy(e => e.Starts.ToInstant()).Select(e => (e, content.ChapterOf(e)));
}
