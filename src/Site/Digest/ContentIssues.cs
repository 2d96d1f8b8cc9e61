using BrowserTech.Newsletter.Issues;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Digest;

/// <summary>The digest's issues, as the newsletter wants them, from <c>content/digest</c>.</summary>
public sealed class ContentIssues(ContentStore content) : IIssueSource
{
    public IReadOnlyList<IssueContent> Issues => [.. content.Current.Issues.Values.Select(issue => new IssueContent(
        issue.Number,
        issue.Title,
        issue.Summary,
        issue.Markdown,
        new DateOnly(issue.Date.Year, issue.Date.Month, issue.Date.Day),
        issue.SendAt?.ToDateTimeOffset(),
        [.. issue.Cities.Select(slug => slug.Value)],
        [.. issue.Topics.Select(slug => slug.Value)]))];
}
