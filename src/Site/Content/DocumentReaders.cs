using System.Globalization;
using BrowserTech.Site.Content.Markdown;
using NodaTime;
using NodaTime.Text;

namespace BrowserTech.Site.Content;

/// <summary>
/// One function per kind of file: what its front matter may hold, and what each value must be. They read; looking up
/// names in other files is <see cref="ContentLinker"/>'s.
/// </summary>
internal static class DocumentReaders
{
    public static SiteInfo Site(FrontMatter front)
    {
        var mail = front.Section("mail");
        var site = new SiteInfo(
            Name: front.Required("name"),
            Tagline: front.Required("tagline"),
            Description: front.Required("description"),
            Address: front.WebAddress("address") is { } address ? new Uri(address.GetLeftPart(UriPartial.Authority)) : Missing(front, "address"),
            Account: front.Required("account"),
            Source: front.WebAddress("source"),
            Organizers: front.List("organizers"),
            MailFrom: mail?.Required("from") ?? "",
            MailReplyTo: mail?.Text("reply_to"),
            PostalAddress: mail?.Text("postal_address"),
            Topics: [.. front.Sections("topics").Select(topic =>
            {
                var read = new Topic(topic.Parsed("slug", text => Slug<Topic>.Parse(text), default), topic.Required("name"));
                topic.Finish();
                return read;
            })]);
        if (mail is null) front.Problem("mail", "'mail' is missing: it needs at least 'from'");
        mail?.Finish();
        return site;
    }

    public static Chapter Chapter(Slug<Chapter> slug, FrontMatter front, Prose body) => new(
        slug,
        front.Required("name"),
        front.Required("region"),
        front.Parsed("zone", Zone, Missing(front, "zone", DateTimeZone.Utc)),
        front.Required("summary"),
        body);

    public static UnzonedEvent Event(Slug<Event> slug, FrontMatter front, Prose body)
    {
        var title = front.Required("title");
        var summary = front.Required("summary");
        var chapter = front.Parsed("chapter", text => Slug<Chapter>.Parse(text), Missing<Slug<Chapter>>(front, "chapter", default));
        var starts = front.Parsed("starts", LocalTimeOf, Missing<LocalDateTime>(front, "starts", default));
        var ends = front.Parsed("ends", LocalTimeOf, Missing<LocalDateTime>(front, "ends", default));
        if (ends <= starts) front.Problem("ends", "'ends' must be after 'starts'");
        var venue = VenueOf(front.Section("venue"));
        var online = front.WebAddress("online");
        if (venue is null && online is null) front.Problem("venue", "an event needs a 'venue', an 'online' address, or both");
        var capacity = front.OptionalNumber("capacity", 1, 100_000);
        var guests = front.Number("guests", 1, 0, 10);
        var rsvps = front.Flag("rsvp", true);
        var status = front.Parsed("status", StatusOf, EventStatus.Scheduled);
        IReadOnlyList<ProgramItem> program = [.. front.Sections("program").Select(Item)];
        var topics = front.Slugs<Topic>("topics");
        return new UnzonedEvent(
            (from, to) => new Event(slug, title, summary, chapter, from, to, venue, online, capacity, guests, rsvps, status, program, topics, body),
            chapter, starts, ends);
    }

    public static Talk Talk(Slug<Talk> slug, FrontMatter front, Prose body) => new(
        slug,
        front.Required("title"),
        front.Required("summary"),
        front.Slugs<Speaker>("speakers"),
        front.Text("event") is null ? null : front.Parsed("event", text => Slug<Event>.Parse(text), default),
        front.Number("minutes", 25, 1, 600),
        front.WebAddress("recording"),
        front.WebAddress("slides"),
        front.Slugs<Topic>("topics"),
        body);

    public static Speaker Speaker(Slug<Speaker> slug, FrontMatter front, Prose body) => new(
        slug,
        front.Required("name"),
        front.Flag("group", false),
        front.Required("summary"),
        [.. front.Sections("links").Select(link =>
        {
            var read = new Link(link.Required("title"), link.WebAddress("address") ?? Missing(link, "address"));
            link.Finish();
            return read;
        })],
        body);

    public static Post Post(Slug<Post> slug, FrontMatter front, Prose body) => new(
        slug,
        front.Required("title"),
        front.Required("summary"),
        front.Parsed("date", DateOf, Missing<LocalDate>(front, "date", default)),
        front.Slugs<Topic>("topics"),
        body);

    public static DigestIssue Issue(int number, FrontMatter front, Prose body, string markdown) => new(
        number,
        front.Required("title"),
        front.Required("summary"),
        front.Parsed("date", DateOf, Missing<LocalDate>(front, "date", default)),
        front.Text("send_at") is null ? null : front.Parsed("send_at", InstantOf, default),
        front.Slugs<Chapter>("cities"),
        front.Slugs<Topic>("topics"),
        markdown,
        body);

    public static Demo Demo(Slug<Demo> slug, FrontMatter front, Prose body, string folder) => new(
        slug,
        front.Required("title"),
        front.Required("summary"),
        front.Required("license"),
        front.List("requires"),
        folder,
        Backend(front, front.Section("backend")),
        body);

    private static DemoBackend Backend(FrontMatter front, FrontMatter? backend)
    {
        if (backend is null)
        {
            front.Problem("backend", "'backend' is missing: it needs at least 'command'");
            return new DemoBackend([], new Dictionary<string, string>(), 3600, 5, null, 256, 1, 64, 64, 0, false);
        }

        var command = backend.List("command");
        if (command.Count == 0) backend.Problem("command", "'command' is missing: the program that is the session backend, and its arguments");
        else if (CommandProblem(command) is { } problem) backend.Problem("command", problem);
        var environment = backend.Words("environment");
        foreach (var name in environment.Keys.Where(name => !IsVariable(name)))
            backend.Problem("environment", $"'{name}' in 'environment' is not the name of a variable: letters, digits and '_', a letter first");
        var read = new DemoBackend(
            command,
            environment,
            backend.Number("lifetime_seconds", 3600, 10, 86_400),
            backend.Number("grace_seconds", 5, 0, 3_600),
            backend.Number("idle_seconds", 0, 0, 86_400) is > 0 and var idle ? idle : null,
            backend.Number("memory_mb", 256, 16, 65_536),
            backend.Number("cpu_percent", 100, 5, 6_400) / 100.0,
            backend.Number("tmp_mb", 64, 1, 65_536),
            backend.Number("max_processes", 64, 1, 1_024),
            backend.Number("warm", 0, 0, 64),
            backend.Flag("gpu", false));
        backend.Finish();
        return read;
    }

    // What would be found only when somebody presses Run, and then by them.
    private static string? CommandProblem(IReadOnlyList<string> command)
    {
        var program = command[0];
        if (command.Count == 1 && program.Any(char.IsWhiteSpace))
            return $"'command' is a list, one word each: [{string.Join(", ", program.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}]";
        return program.StartsWith('/')
            ? $"'command' begins with a file of backend/, as ./server, or with the bare name of a program in /usr/bin, as {program[(program.LastIndexOf('/') + 1)..]}, not with '{program}'"
            : null;
    }

    /// <summary>A shell drops a variable with any other name.</summary>
    private static bool IsVariable(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static Venue? VenueOf(FrontMatter? front)
    {
        if (front is null) return null;
        var venue = new Venue(front.Required("name"), front.Text("address"), front.Text("guest_note"));
        front.Finish();
        return venue;
    }

    private static ProgramItem Item(FrontMatter front)
    {
        var at = front.Parsed("at", ClockOf, Missing<LocalTime>(front, "at", default));
        var title = front.Text("title");
        Slug<Talk>? talk = front.Text("talk") is null ? null : front.Parsed("talk", text => Slug<Talk>.Parse(text), default);
        if (title is null && talk is null) front.Problem("at", "a programme line needs a 'title' or a 'talk'");
        front.Finish();
        return new ProgramItem(at, title ?? "", talk);
    }

    private static EventStatus StatusOf(string text) => text switch
    {
        "scheduled" => EventStatus.Scheduled,
        "postponed" => EventStatus.Postponed,
        "cancelled" => EventStatus.Cancelled,
        _ => throw new FormatException($"'{text}' is none of scheduled, postponed, cancelled"),
    };

    private static DateTimeZone Zone(string text) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(text)
        ?? throw new FormatException($"'{text}' is not a time zone of the IANA database, as America/New_York is");

    private static LocalDateTime LocalTimeOf(string text) =>
        Parse(LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"), text, "a local time as in 2026-12-10 18:30");

    private static LocalDate DateOf(string text) => Parse(LocalDatePattern.Iso, text, "a date as in 2026-12-10");

    private static LocalTime ClockOf(string text) =>
        Parse(LocalTimePattern.CreateWithInvariantCulture("HH:mm"), text, "a time as in \"18:30\"");

    private static Instant InstantOf(string text) =>
        Parse(OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm o<G>"), text,
            "a time with its offset as in 2026-12-01 15:00 -05:00 or 2026-12-01 20:00 Z").ToInstant();

    private static T Parse<T>(IPattern<T> pattern, string text, string wanted) =>
        pattern.Parse(text) is { Success: true } result
            ? result.Value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not {wanted}"));

    // Notes a missing key and gives the value that stands in for it until the file is mended.
    private static T Missing<T>(FrontMatter front, string key, T standIn)
    {
        front.Required(key);
        return standIn;
    }

    private static Uri Missing(FrontMatter front, string key) => Missing(front, key, new Uri("http://localhost:5080"));
}
