using NodaTime;

namespace BrowserTech.Site.Content;

/// <summary>A document with what its file says and where, before the names in it are looked up elsewhere.</summary>
internal sealed record Draft<T>(string Path, FrontMatter Front, T Document)
{
    public ContentProblem Problem(string key, string reason) => new(Path, Front.LineOf(key), reason);
}

/// <summary>An event whose times have no zone yet: the zone is its chapter's.</summary>
internal sealed record UnzonedEvent(Func<ZonedDateTime, ZonedDateTime, Event> Complete, Slug<Chapter> Chapter, LocalDateTime Starts, LocalDateTime Ends);
