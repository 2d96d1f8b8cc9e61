namespace BrowserTech.Newsletter.Writing;

/// <summary>What a template writes. Sender, recipient, date and Message-ID are added when it is sent.</summary>
/// <param name="Subject">One line; a line break in it is refused.</param>
/// <param name="Html">A whole HTML document with its styles inside.</param>
/// <param name="Text">The same for who reads plain text.</param>
public sealed record MailContent(string Subject, string Html, string Text)
{
    /// <summary>Further headers, such as <c>List-Unsubscribe</c>. Those the composer sets itself are refused.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Files that come with it, such as a calendar entry.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
}

/// <summary>A file in a mail.</summary>
/// <param name="FileName">Its name, such as <c>event.ics</c>.</param>
/// <param name="ContentType">Its media type with parameters, such as <c>text/calendar; charset=utf-8; method=PUBLISH</c>.</param>
/// <param name="Bytes">Its content.</param>
public sealed record MailAttachment(string FileName, string ContentType, ReadOnlyMemory<byte> Bytes);
