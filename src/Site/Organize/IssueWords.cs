using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Reports;
using BrowserTech.Site.Pages;

namespace BrowserTech.Site.Organize;

/// <summary>Says where an issue stands.</summary>
internal static class IssueWords
{
    public static string State(IssueContent issue, IssueTiming timing, IssueProgress? progress) => timing switch
    {
        IssueTiming.Sent when progress?.FinishedAt is { } done => $"sent {Dates.Utc(done)}",
        IssueTiming.Sent => "being sent",
        IssueTiming.Waiting => $"goes out {Dates.Utc(issue.SendAt!.Value)}",
        IssueTiming.Due => "goes out within a minute",
        IssueTiming.Missed => $"missed its time, {Dates.Utc(issue.SendAt!.Value)}",
        _ => "not sent",
    };
}
