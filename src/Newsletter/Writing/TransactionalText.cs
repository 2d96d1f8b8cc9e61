namespace BrowserTech.Newsletter.Writing;

/// <summary>The text part of a transactional mail.</summary>
internal static class TransactionalText
{
    public static string Write(TransactionalMail mail, MailIdentity identity)
    {
        var lines = new PlainLines();
        lines.Heading(mail.Heading, '=');
        lines.Gap();
        foreach (var fact in mail.Facts) lines.Lines($"{fact.Label}: {fact.Value}");
        foreach (var paragraph in mail.Paragraphs) lines.Block(paragraph);
        if (mail.Button is { } button) lines.Block($"{button.Label}:\n{button.Address.AbsoluteUri}");
        foreach (var link in mail.Links) lines.Block($"{link.Label}:\n{link.Address.AbsoluteUri}");
        foreach (var line in mail.SmallPrint) lines.Block(line);
        lines.Verbatim("--", "");
        lines.Lines(Footer(identity));
        return lines.ToString();
    }

    public static string Footer(MailIdentity identity) =>
        $"{identity.SiteName}, {identity.Address.AbsoluteUri}"
        + (identity.PostalLine is { Length: > 0 } line ? $"\n{line}" : "");
}
