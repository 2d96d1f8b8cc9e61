using System.Text.Encodings.Web;

namespace BrowserTech.Newsletter.Writing;

/// <summary>An issue laid out for everyone, with marks where one person's links go.</summary>
internal sealed record IssueMail(string Subject, string Html, string Text)
{
    // Not a character that Markdown, names or addresses could bring in: the encoder would write it as a reference.
    public const string UnsubscribeMark = "\u0001unsubscribe\u0001";
    public const string ManageMark = "\u0001manage\u0001";

    /// <summary>The mail for one person.</summary>
    public MailContent For(Uri unsubscribe, Uri manage) => new(
        Subject,
        Html.Replace(UnsubscribeMark, HtmlEncoder.Default.Encode(unsubscribe.AbsoluteUri), StringComparison.Ordinal)
            .Replace(ManageMark, HtmlEncoder.Default.Encode(manage.AbsoluteUri), StringComparison.Ordinal),
        Text.Replace(UnsubscribeMark, unsubscribe.AbsoluteUri, StringComparison.Ordinal)
            .Replace(ManageMark, manage.AbsoluteUri, StringComparison.Ordinal));
}
