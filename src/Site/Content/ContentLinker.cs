using System.Collections.Frozen;
using NodaTime;

namespace BrowserTech.Site.Content;

/// <summary>
/// Looks up every name one document uses for another. What points nowhere is reported with its line; a document that
/// cannot stand without it (an event without its chapter) is left out, anything else loses only the reference.
/// </summary>
internal static class ContentLinker
{
    public static ContentSnapshot Link(ParsedContent parsed, long version)
    {
        var problems = new List<ContentProblem>(parsed.Problems);
        var chapters = parsed.Chapters.ToFrozenDictionary(d => d.Document.Slug, d => d.Document);
        var topics = parsed.Site.Topics.Select(t => t.Slug).ToHashSet();
        var demos = parsed.Demos.ToFrozenDictionary(d => d.Document.Slug, d => d.Document with { Body = Demos(d.Path, d.Document.Body, parsed, problems) });
        var speakers = parsed.Speakers.ToFrozenDictionary(d => d.Document.Slug, d => d.Document);
        var talkSlugs = parsed.Talks.Select(d => d.Document.Slug).ToHashSet();

        var events = new Dictionary<Slug<Event>, Event>();
        foreach (var draft in parsed.Events)
        {
            if (!chapters.TryGetValue(draft.Document.Chapter, out var chapter))
            {
                problems.Add(draft.Problem("chapter", $"there is no chapters/{draft.Document.Chapter}.md, so the event is not shown"));
                continue;
            }

            if (Zoned(draft, chapter.Zone, problems) is not { } times) continue;
            var complete = draft.Document.Complete(times.Starts, times.Ends);
            events[complete.Slug] = complete with
            {
                Topics = Known(draft, "topics", complete.Topics, topics, "site.yml has no topic", problems),
                Program = Program(draft, complete.Program, talkSlugs, problems),
                Body = Demos(draft.Path, complete.Body, parsed, problems),
            };
        }

        var talks = parsed.Talks.ToFrozenDictionary(d => d.Document.Slug, d => d.Document with
        {
            Speakers = Known(d, "speakers", d.Document.Speakers, speakers.Keys, "speakers/ has no", problems),
            Event = Known(d, "event", d.Document.Event is { } e ? [e] : [], events.Keys, "events/ has no", problems) is [var found, ..] ? found : null,
            Topics = Known(d, "topics", d.Document.Topics, topics, "site.yml has no topic", problems),
            Body = Demos(d.Path, d.Document.Body, parsed, problems),
        });

        return new ContentSnapshot
        {
            Site = parsed.Site,
            Chapters = chapters,
            Events = events.ToFrozenDictionary(),
            Talks = talks,
            Speakers = speakers,
            Posts = parsed.Posts.ToFrozenDictionary(d => d.Document.Slug, d => d.Document with
            {
                Topics = Known(d, "topics", d.Document.Topics, topics, "site.yml has no topic", problems),
                Body = Demos(d.Path, d.Document.Body, parsed, problems),
            }),
            Issues = Unique(parsed.Issues, problems).ToFrozenDictionary(d => d.Document.Number, d => d.Document with
            {
                Cities = Known(d, "cities", d.Document.Cities, chapters.Keys, "chapters/ has no", problems),
                Topics = Known(d, "topics", d.Document.Topics, topics, "site.yml has no topic", problems),
                Body = Demos(d.Path, d.Document.Body, parsed, problems),
            }),
            Demos = demos,
            Problems = [.. problems.OrderBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.Line)],
            Version = version,
        };
    }

    // 001-a.md and 1-b.md are the same number.
    private static IEnumerable<Draft<DigestIssue>> Unique(IEnumerable<Draft<DigestIssue>> issues, List<ContentProblem> problems)
    {
        foreach (var number in issues.GroupBy(d => d.Document.Number))
        {
            problems.AddRange(number.Skip(1).Select(d => d.Problem("title", $"content/{number.First().Path} is number {number.Key} already")));
            yield return number.First();
        }
    }

    private static (ZonedDateTime Starts, ZonedDateTime Ends)? Zoned(Draft<UnzonedEvent> draft, DateTimeZone zone, List<ContentProblem> problems)
    {
        var times = new ZonedDateTime[2];
        foreach (var (i, key, local) in (ReadOnlySpan<(int, string, LocalDateTime)>)
                 [(0, "starts", draft.Document.Starts), (1, "ends", draft.Document.Ends)])
        {
            var mapping = zone.MapLocal(local);
            if (mapping.Count == 0)
            {
                problems.Add(draft.Problem(key, $"{local:uuuu-MM-dd HH:mm} does not exist in {zone.Id}: the clocks go forward over it"));
                return null;
            }

            // An hour that happens twice is rare and at night: the first one is meant.
            times[i] = mapping.First();
        }

        return (times[0], times[1]);
    }

    private static IReadOnlyList<ProgramItem> Program<T>(
        Draft<T> draft, IReadOnlyList<ProgramItem> program, HashSet<Slug<Talk>> talks, List<ContentProblem> problems)
    {
        var known = new List<ProgramItem>(program.Count);
        foreach (var item in program)
        {
            if (item.Talk is not { } talk || talks.Contains(talk))
            {
                known.Add(item);
                continue;
            }

            problems.Add(draft.Problem("program", $"there is no talks/{talk}.md"));
            if (item.Title.Length > 0) known.Add(item with { Talk = null });
        }

        return known;
    }

    private static IReadOnlyList<Slug<T>> Known<T, TDocument>(
        Draft<TDocument> draft, string key, IReadOnlyList<Slug<T>> named, IEnumerable<Slug<T>> existing, string reason, List<ContentProblem> problems)
    {
        if (named.Count == 0) return named;
        var set = existing.ToHashSet();
        problems.AddRange(named.Where(slug => !set.Contains(slug)).Select(slug => draft.Problem(key, $"{reason} '{slug}'")));
        return [.. named.Where(set.Contains)];
    }

    private static Prose Demos(string path, Prose body, ParsedContent parsed, List<ContentProblem> problems)
    {
        var existing = parsed.Demos.Select(d => d.Document.Slug).ToHashSet();
        var unknown = body.Parts.OfType<DemoPart>().Where(part => !existing.Contains(part.Demo)).ToList();
        if (unknown.Count == 0) return body;
        problems.AddRange(unknown.Select(part => new ContentProblem(path, 0, $"the demo directive names '{part.Demo}', but there is no demos/{part.Demo}/demo.md")));
        return body with { Parts = [.. body.Parts.Except(unknown)] };
    }
}
