using System.Collections.Frozen;
using NodaTime;

namespace BrowserTech.Site.Content;

/// <summary>
/// Everything people read, parsed, checked and frozen. A request takes one snapshot and sees one state of the files;
/// a change makes a new snapshot and swaps it whole. References inside a snapshot always resolve: what pointed
/// nowhere was reported and left out.
/// </summary>
public sealed class ContentSnapshot
{
    public required SiteInfo Site { get; init; }
    public required FrozenDictionary<Slug<Chapter>, Chapter> Chapters { get; init; }
    public required FrozenDictionary<Slug<Event>, Event> Events { get; init; }
    public required FrozenDictionary<Slug<Talk>, Talk> Talks { get; init; }
    public required FrozenDictionary<Slug<Speaker>, Speaker> Speakers { get; init; }
    public required FrozenDictionary<Slug<Post>, Post> Posts { get; init; }
    public required FrozenDictionary<int, DigestIssue> Issues { get; init; }
    public required FrozenDictionary<Slug<Demo>, Demo> Demos { get; init; }
    public required IReadOnlyList<ContentProblem> Problems { get; init; }

    /// <summary>Counts up with every swap; part of cache keys.</summary>
    public required long Version { get; init; }

    /// <summary>Soonest first.</summary>
    public IEnumerable<Event> Upcoming(Instant now) =>
        Events.Values.Where(e => !e.IsPast(now)).OrderBy(e => e.Starts.ToInstant()).ThenBy(e => e.Slug.Value, StringComparer.Ordinal);

    /// <summary>Latest first.</summary>
    public IEnumerable<Event> Past(Instant now) =>
        Events.Values.Where(e => e.IsPast(now)).OrderByDescending(e => e.Starts.ToInstant()).ThenBy(e => e.Slug.Value, StringComparer.Ordinal);

    /// <summary>Talks with a demo first, then by the date of their event, newest first, then by title.</summary>
    public IEnumerable<Talk> TalksInOrder() =>
        Talks.Values
            .OrderByDescending(t => t.Demos.Any())
            .ThenByDescending(t => t.Event is { } slug ? Events[slug].Starts.ToInstant() : Instant.MinValue)
            .ThenBy(t => t.Title, StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    public IEnumerable<Post> PostsInOrder() => Posts.Values.OrderByDescending(p => p.Date).ThenBy(p => p.Title, StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    public IEnumerable<DigestIssue> IssuesInOrder() => Issues.Values.OrderByDescending(i => i.Number);

    public IEnumerable<Talk> TalksBy(Slug<Speaker> speaker) => TalksInOrder().Where(t => t.Speakers.Contains(speaker));

    public Chapter ChapterOf(Event e) => Chapters[e.Chapter];

    public string NameOf(Slug<Topic> topic) => Site.Topics.FirstOrDefault(t => t.Slug == topic)?.Name ?? topic.Value;
}
