using System.Globalization;
using BrowserTech.Newsletter.Issues;

namespace BrowserTech.Newsletter.Writing;

/// <summary>The text part of an issue.</summary>
internal static class IssueText
{
    public static string Write(IssueContent issue, string body, MailIdentity identity, Uri webAddress)
    {
        var lines = new PlainLines();
        lines.Lines($"{identity.SiteName} digest, issue {issue.Number}, "
            + issue.Date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
        lines.Lines($"On the web: {webAddress.AbsoluteUri}");
        lines.Lines($"Unsubscribe: {IssueMail.UnsubscribeMark}");
        lines.Heading(issue.Title, '=');
        if (issue.Summary.Length > 0) lines.Block(issue.Summary);
        lines.Verbatim(body, "");
        lines.Verbatim("--", "");
        lines.Lines($"You get this because you subscribed to the {identity.SiteName} digest and confirmed this address. "
            + "It counts no opens and no clicks.");
        lines.Block($"Change cities and topics:\n{IssueMail.ManageMark}");
        lines.Block($"Unsubscribe:\n{IssueMail.UnsubscribeMark}");
        lines.Block(TransactionalText.Footer(identity));
        return lines.ToString();
    }
}
