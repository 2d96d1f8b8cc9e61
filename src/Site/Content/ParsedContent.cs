namespace BrowserTech.Site.Content;

/// <summary>All files, each read by itself.</summary>
internal sealed record ParsedContent(
    SiteInfo Site,
    IReadOnlyList<Draft<Chapter>> Chapters,
    IReadOnlyList<Draft<UnzonedEvent>> Events,
    IReadOnlyList<Draft<Talk>> Talks,
    IReadOnlyList<Draft<Speaker>> Speakers,
    IReadOnlyList<Draft<Post>> Posts,
    IReadOnlyList<Draft<DigestIssue>> Issues,
    IReadOnlyList<Draft<Demo>> Demos,
    IReadOnlyList<ContentProblem> Problems);
