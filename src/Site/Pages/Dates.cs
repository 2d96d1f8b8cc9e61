using NodaTime;
using NodaTime.Text;

namespace BrowserTech.Site.Pages;

/// <summary>Times as people read them here. An event's zone always stands beside its time.</summary>
public static class Dates
{
    private static readonly LocalDateTimePattern Short = LocalDateTimePattern.CreateWithInvariantCulture("ddd d MMM HH:mm");
    private static readonly LocalDatePattern Long = LocalDatePattern.CreateWithInvariantCulture("ddd d MMM uuuu");
    private static readonly LocalDatePattern NoWeekday = LocalDatePattern.CreateWithInvariantCulture("d MMM uuuu");
    private static readonly LocalDatePattern NoYear = LocalDatePattern.CreateWithInvariantCulture("ddd d MMM");
    private static readonly LocalTimePattern Hours = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalDateTimePattern Stamp = LocalDateTimePattern.CreateWithInvariantCulture("d MMM uuuu HH:mm");

    /// <summary><c>Thu 10 Dec 18:30 EST</c></summary>
    public static string Brief(ZonedDateTime time) => $"{Short.Format(time.LocalDateTime)} {Zone(time)}";

    /// <summary><c>Thu 10 Dec 2026</c></summary>
    public static string Day(ZonedDateTime time) => Long.Format(time.Date);

    /// <summary><c>Thu 10 Dec</c></summary>
    public static string ShortDay(ZonedDateTime time) => NoYear.Format(time.Date);

    /// <summary><c>10 Dec 2026</c></summary>
    public static string Day(LocalDate date) => NoWeekday.Format(date);

    /// <summary><c>18:30</c></summary>
    public static string Clock(ZonedDateTime time) => Hours.Format(time.TimeOfDay);

    public static string Clock(LocalTime time) => Hours.Format(time);

    /// <summary><c>EST</c>, or the offset where a zone has no letters.</summary>
    public static string Zone(ZonedDateTime time) => time.GetZoneInterval().Name;

    /// <summary>For the <c>title</c> of a zone's abbreviation: <c>America/New_York, UTC-05</c>.</summary>
    public static string ZoneTitle(ZonedDateTime time) => $"{time.Zone.Id}, UTC{time.Offset}";

    /// <summary>For <c>datetime</c> attributes.</summary>
    public static string Machine(ZonedDateTime time) => StructuredData.Offset(time);

    public static string Machine(LocalDate date) => LocalDatePattern.Iso.Format(date);

    /// <summary><c>23 Nov 2026 14:02 UTC</c>, for organisers.</summary>
    public static string Utc(DateTimeOffset time) => Stamp.Format(LocalDateTime.FromDateTime(time.UtcDateTime)) + " UTC";
}
