using NodaTime;

namespace BrowserTech.Site.Content;

/// <summary>What <c>content/site.yml</c> says about the whole site.</summary>
/// <param name="Address">The public address without a trailing slash; canonical addresses and links in mail start with it.</param>
/// <param name="Account">The account under which this site's demos are session-backend services.</param>
/// <param name="Organizers">Addresses that may sign in at <c>/organize</c>.</param>
public sealed record SiteInfo(
    string Name,
    string Tagline,
    string Description,
    Uri Address,
    string Account,
    Uri? Source,
    IReadOnlyList<string> Organizers,
    string MailFrom,
    string? MailReplyTo,
    string? PostalAddress,
    IReadOnlyList<Topic> Topics);

/// <summary>A subject that talks and events carry and subscribers choose.</summary>
public sealed record Topic(Slug<Topic> Slug, string Name);

/// <summary>A city in which the community meets. Its zone is the zone of its events.</summary>
public sealed record Chapter(Slug<Chapter> Slug, string Name, string Region, DateTimeZone Zone, string Summary, Prose Body);

public enum EventStatus { Scheduled, Postponed, Cancelled }

/// <summary>Where an event is. <paramref name="Address"/> is public; what only guests may know goes into their mail.</summary>
public sealed record Venue(string Name, string? Address, string? GuestNote);

/// <summary>One line of an event's programme, at a local time of the event's day.</summary>
public sealed record ProgramItem(LocalTime At, string Title, Slug<Talk>? Talk);

/// <summary>A meetup on a date. Times are in the chapter's zone.</summary>
/// <param name="Capacity">Seats in people, guests included; null where there is no limit.</param>
/// <param name="GuestLimit">Guests that one RSVP may bring, 0 to 10.</param>
public sealed record Event(
    Slug<Event> Slug,
    string Title,
    string Summary,
    Slug<Chapter> Chapter,
    ZonedDateTime Starts,
    ZonedDateTime Ends,
    Venue? Venue,
    Uri? OnlineAddress,
    int? Capacity,
    int GuestLimit,
    bool TakesRsvps,
    EventStatus Status,
    IReadOnlyList<ProgramItem> Program,
    IReadOnlyList<Slug<Topic>> Topics,
    Prose Body)
{
    public bool IsPast(Instant now) => Ends.ToInstant() <= now;

    /// <summary>The largest party has a seat for everybody in it.</summary>
    public int MostGuests => Math.Min(GuestLimit, (Capacity ?? int.MaxValue) - 1);
}

public sealed record Talk(
    Slug<Talk> Slug,
    string Title,
    string Summary,
    IReadOnlyList<Slug<Speaker>> Speakers,
    Slug<Event>? Event,
    int Minutes,
    Uri? Recording,
    Uri? Slides,
    IReadOnlyList<Slug<Topic>> Topics,
    Prose Body)
{
    /// <summary>The demos the page carries, in the order of its text.</summary>
    public IEnumerable<Slug<Demo>> Demos => Body.Parts.OfType<DemoPart>().Select(part => part.Demo);
}

/// <summary>A person, or a group that speaks under one name.</summary>
public sealed record Speaker(
    Slug<Speaker> Slug,
    string Name,
    bool IsGroup,
    string Summary,
    IReadOnlyList<Link> Links,
    Prose Body);

public sealed record Link(string Title, Uri Address);

public sealed record Post(
    Slug<Post> Slug,
    string Title,
    string Summary,
    LocalDate Date,
    IReadOnlyList<Slug<Topic>> Topics,
    Prose Body);

/// <summary>One number of the digest.</summary>
/// <param name="SendAt">When it goes out by itself; null where an organiser presses Send.</param>
/// <param name="Cities">Empty means every city.</param>
/// <param name="Topics">Empty means every topic.</param>
/// <param name="Markdown">The body's source: mail renders it differently from the web.</param>
public sealed record DigestIssue(
    int Number,
    string Title,
    string Summary,
    LocalDate Date,
    Instant? SendAt,
    IReadOnlyList<Slug<Chapter>> Cities,
    IReadOnlyList<Slug<Topic>> Topics,
    string Markdown,
    Prose Body);

/// <summary>One folder of <c>content/demos</c>: a page that runs against a session backend of its own.</summary>
/// <param name="Folder">The full path of the demo's folder.</param>
/// <param name="Command">The backend's program and arguments.</param>
public sealed record Demo(
    Slug<Demo> Slug,
    string Title,
    string Summary,
    string License,
    IReadOnlyList<string> Requires,
    string Folder,
    DemoBackend Backend,
    Prose Body)
{
    /// <summary>Whether there is a <c>client/index.html</c> to show. Without, its backend is a service that only others' pages can use.</summary>
    public bool HasPage { get; init; } = true;

    /// <summary>A picture of the demo as it runs, taken by <c>tools/posters</c>; null where there is none, and one is drawn.</summary>
    public DemoPoster? Poster { get; init; }
}

/// <param name="Path">The file, 1280 by 720 pixels.</param>
/// <param name="Version">Changes with the picture; goes into its address, which may then be kept for ever.</param>
public sealed record DemoPoster(string Path, string Version);

/// <summary>How a demo's session backend is started and what it may use.</summary>
/// <param name="LifetimeSeconds">The longest it may run, 10 to 86,400.</param>
/// <param name="GraceSeconds">How long it outlives its last connection, 0 to 3,600.</param>
/// <param name="IdleSeconds">How long a connection may carry nothing before it no longer counts as use; null: for ever.</param>
/// <param name="MemoryMegabytes">16 to 65,536.</param>
/// <param name="Cpus">Processors it may keep busy, 0.05 to 64.</param>
/// <param name="TmpMegabytes">Size of its <c>/tmp</c>, which is in memory; 1 to 65,536.</param>
/// <param name="MaxProcesses">1 to 1,024, threads included.</param>
/// <param name="Warm">Processes kept started for the next tab, 0 to 64.</param>
/// <param name="Gpu">Whether it may use the machine's graphics cards.</param>
public sealed record DemoBackend(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    int LifetimeSeconds,
    int GraceSeconds,
    int? IdleSeconds,
    int MemoryMegabytes,
    double Cpus,
    int TmpMegabytes,
    int MaxProcesses,
    int Warm,
    bool Gpu);
