using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using BrowserTech.Newsletter.Issues;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Writing;

/// <summary>
/// Lays mails out, HTML and text, in the site's look. One column of at most 600 px; tables only where Outlook for Windows needs one,
/// marked as presentation; <c>lang</c> and <c>dir</c> also on a wrapper inside the body, because Yahoo drops the outer
/// elements. Everything that is not our own markup is encoded here.
/// </summary>
public sealed class MailWriter(IOptions<NewsletterOptions> options)
{
    /// <summary>The longest HTML part, in bytes: Gmail cuts at 102 kB, and the unsubscribe link with it.</summary>
    public const int MaximumHtmlBytes = 80_000;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private MailIdentity Identity => options.Value.Identity;

    /// <summary>The site's name, for subjects and sentences.</summary>
    public string SiteName => Identity.SiteName;

    /// <summary>A mail that answers something a person did.</summary>
    public MailContent Write(TransactionalMail mail)
    {
        var main = new StringBuilder();
        main.Append($"""<h1 class="t" style="{MailStyle.Title}">{Text(mail.Heading)}</h1>""");
        if (mail.Facts.Count > 0) AppendFacts(main, mail.Facts);
        foreach (var paragraph in mail.Paragraphs) AppendParagraph(main, paragraph);
        if (mail.Button is { } button)
        {
            main.Append($"""
                <p style="margin:28px 0 0"><a class="a" href="{Link(button.Address)}" style="{MailStyle.Button}">{Text(button.Label)}</a></p>
                """);
        }

        foreach (var link in mail.Links)
        {
            main.Append($"""
                <p class="x" style="{MailStyle.Paragraph}"><a class="l" href="{Link(link.Address)}" style="{MailStyle.Link}">{Text(link.Label)}</a></p>
                """);
        }

        if (mail.SmallPrint.Count > 0) main.Append($"""<hr class="r" style="{MailStyle.Rule}">""");
        foreach (var line in mail.SmallPrint)
            main.Append($"""<p class="m" style="{MailStyle.Note};margin:12px 0 0">{Text(line)}</p>""");

        var foot = $"""<p class="m" style="{MailStyle.Note};margin:0">{Footer()}</p>""";
        var preheader = mail.Preheader ?? (mail.Paragraphs.Count > 0 ? mail.Paragraphs[0] : mail.Heading);
        return new MailContent(
            mail.Subject, Page(mail.Subject, preheader, "", main.ToString(), foot), TransactionalText.Write(mail, Identity))
        {
            Headers = mail.IsAutomatic ? [("Auto-Submitted", "auto-generated")] : [],
            Attachments = mail.Attachments,
        };
    }

    /// <summary>An issue as one person gets it; for a preview, with whatever links fit.</summary>
    /// <exception cref="MailTooLargeException">The HTML would be cut by mail programs.</exception>
    public MailContent Write(IssueContent issue, Uri webAddress, Uri unsubscribe, Uri manage) =>
        Write(issue, webAddress).For(unsubscribe, manage);

    /// <summary>
    /// An issue with placeholders where the links of one person go: it is laid out once and filled in for each recipient.
    /// </summary>
    /// <exception cref="MailTooLargeException">The HTML would be cut by mail programs.</exception>
    internal IssueMail Write(IssueContent issue, Uri webAddress)
    {
        var date = issue.Date.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        var markdown = new IssueMarkdown(issue.Markdown, Identity.Address);
        var aside = $"""
            <p class="m" style="{MailStyle.Note};margin:14px 0 0">Issue {issue.Number}, {date}<br><a class="m" href="{Link(webAddress)}" style="{MailStyle.NoteLink}">Read it on the web</a> · <a class="m" href="{IssueMail.UnsubscribeMark}" style="{MailStyle.NoteLink}">Unsubscribe</a></p>
            """;
        var main = $"""
            <h1 class="t" style="{MailStyle.Title}">{Text(issue.Title)}</h1>
            {(issue.Summary.Length > 0 ? $"""<p class="m" style="{MailStyle.Lead}">{Text(issue.Summary)}</p>""" : "")}
            {markdown.ToMailHtml()}
            """;
        var foot = $"""
            <p class="m" style="{MailStyle.Note};margin:0">You get this because you subscribed to the {Text(SiteName)} digest and confirmed this address. It counts no opens and no clicks.</p>
            <p class="m" style="{MailStyle.Note};margin:14px 0 0"><a class="m" href="{IssueMail.ManageMark}" style="{MailStyle.NoteLink}">Change cities and topics</a> · <a class="m" href="{IssueMail.UnsubscribeMark}" style="{MailStyle.NoteLink}">Unsubscribe</a></p>
            <p class="m" style="{MailStyle.Note};margin:14px 0 0">{Footer()}</p>
            """;
        var html = Page($"{issue.Title} ({SiteName} digest {issue.Number})", issue.Summary, aside, main, foot);
        var size = Encoding.UTF8.GetByteCount(html);
        if (size > MaximumHtmlBytes) throw new MailTooLargeException(issue.Number, size);
        return new IssueMail(
            $"{issue.Title} ({SiteName} #{issue.Number})", html,
            IssueText.Write(issue, markdown.ToText(), Identity, webAddress));
    }

    private static void AppendParagraph(StringBuilder html, string paragraph) =>
        html.Append($"""<p class="x" style="{MailStyle.Paragraph}">{Text(paragraph)}</p>""");

    private static void AppendFacts(StringBuilder html, IReadOnlyList<MailFact> facts)
    {
        html.Append("""<table style="margin:18px 0 0;border-collapse:collapse">""");
        foreach (var fact in facts)
        {
            html.Append($"""
                <tr><th scope="row" class="m" style="{MailStyle.FactLabel}">{Text(fact.Label)}</th><td class="v" style="{MailStyle.FactValue}">{Text(fact.Value)}</td></tr>
                """);
        }

        html.Append("</table>");
    }

    private string Footer()
    {
        var site = $"""<a class="m" href="{Link(Identity.Address)}" style="{MailStyle.NoteLink}">{Text(SiteName)}</a>""";
        return Identity.PostalLine is { Length: > 0 } line ? $"{site} · {Text(line)}" : site;
    }

    private string Page(string title, string preheader, string aside, string main, string foot) => $"""
        <!doctype html>
        <html lang="en" dir="ltr">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{Text(title)}</title>
        <style>
        {MailStyle.Sheet}
        </style>
        </head>
        <body style="{MailStyle.Ground}">
        <div class="g" lang="en" dir="ltr" style="{MailStyle.Ground}">
        <div style="display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px;color:#f4f3ef">{Text(preheader)}</div>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:24px 12px 40px">
        <table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px">
        <tr><td align="left" style="padding:4px 8px 18px"><a class="b" href="{Link(Identity.Address)}" style="{MailStyle.Brand}"><span style="{MailStyle.Mark}"></span>&nbsp; {Text(SiteName)}</a>{aside}</td></tr>
        <tr><td style="padding:0 8px"><div style="{MailStyle.Hairline}">&nbsp;</div></td></tr>
        <tr><td style="padding:18px 0 0"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="p in" align="left" style="{MailStyle.Panel};padding:32px 36px 36px">
        {main}
        </td></tr></table></td></tr>
        <tr><td align="left" style="padding:24px 8px 0">
        {foot}
        </td></tr>
        </table>
        </td></tr></table>
        </div>
        </body>
        </html>
        """;

    private static string Text(string text) => Encoder.Encode(text);

    private static string Link(Uri address) => Encoder.Encode(address.AbsoluteUri);
}

/// <summary>An issue too long for a mail: shorten it, or link to the rest.</summary>
public sealed class MailTooLargeException(int issue, int bytes) : Exception(
    $"Issue {issue} is {bytes / 1000.0:0.0} kB of HTML. Mail programs cut mails at about 100 kB and the unsubscribe link with "
    + $"them, so the limit is {MailWriter.MaximumHtmlBytes / 1000} kB: shorten it, or put a part on the web.");
