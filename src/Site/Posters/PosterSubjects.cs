using BrowserTech.Site.Content;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Which slugs have a poster, and the words on their OpenGraph pictures. One slug may name two things, a talk and its event:
/// they share the poster, and the picture's words are told apart by the hash in its address.
/// </summary>
public sealed class PosterSubjects(ContentStore content)
{
    // Pages that are no document.
    private static readonly Dictionary<string, PosterSubject> Pages = new()
    {
        ["events"] = new("Events"), ["talks"] = new("Talks"), ["playground"] = new("Playground"), ["digest"] = new("The digest"),
        ["writing"] = new("Writing"), ["analytics"] = new("Analytics"), ["privacy"] = new("Privacy"), ["not-found"] = new("Nothing lives here"),
        ["error"] = new("Something broke on our side"),
    };

    /// <summary>What the slug stands for, the likeliest first; empty where nothing is called so.</summary>
    public IReadOnlyList<PosterSubject> Find(string slug)
    {
        var now = content.Current;
        if (slug == "home")
            return [new PosterSubject(now.Site.Tagline)];
        if (Pages.TryGetValue(slug, out var page))
            return [page];
        if (slug.StartsWith("digest-", StringComparison.Ordinal) && int.TryParse(slug.AsSpan(7), out var number) && slug == $"digest-{number}")
            return now.Issues.TryGetValue(number, out var issue) ? [new PosterSubject(issue.Title, $"Digest {number} · {Day(issue.Date)}")] : [];

        var found = new List<PosterSubject>();
        if (Slug<Event>.TryParse(slug, out var e) && now.Events.TryGetValue(e, out var meetup))
            found.Add(new PosterSubject(meetup.Title, $"{now.ChapterOf(meetup).Name} · {Day(meetup.Starts.Date)}, {meetup.Starts:HH:mm}"));
        if (Slug<Talk>.TryParse(slug, out var t) && now.Talks.TryGetValue(t, out var talk))
            found.Add(new PosterSubject(talk.Title, talk.Minutes > 0 ? $"Talk · {talk.Minutes} min" : "Talk"));
        if (Slug<Post>.TryParse(slug, out var p) && now.Posts.TryGetValue(p, out var post))
            found.Add(new PosterSubject(post.Title, $"{Day(post.Date)} · {post.Body.ReadingMinutes} min"));
        if (Slug<Demo>.TryParse(slug, out var d) && now.Demos.TryGetValue(d, out var demo))
            found.Add(new PosterSubject(demo.Title, "Playground") { Picture = demo.Poster });
        if (Slug<Chapter>.TryParse(slug, out var c) && now.Chapters.TryGetValue(c, out var chapter))
            found.Add(new PosterSubject(chapter.Name, "Chapter"));
        if (Slug<Speaker>.TryParse(slug, out var s) && now.Speakers.TryGetValue(s, out var speaker))
            found.Add(new PosterSubject(speaker.Name, "Speaker"));
        return found;
    }

    /// <summary>The address of the OpenGraph picture of a page with this slug and title.</summary>
    public string OpenGraph(string slug, string title)
    {
        var subjects = Find(slug);
        var subject = subjects.FirstOrDefault(found => title.EndsWith(found.Title, StringComparison.Ordinal)) 
            ?? (subjects.Count > 0 ? subjects[0] : new PosterSubject(title));
        return PosterAddress.OpenGraph(slug, subject);
    }

    private static string Day(NodaTime.LocalDate date) => date.ToString("ddd d MMM uuuu", null);
}
