namespace BrowserTech.Newsletter.Writing;

/// <summary>
/// A mail that answers something a person did: one heading, a few paragraphs, one thing to press. All texts are plain;
/// names and whatever else people typed can be put in as they are.
/// </summary>
public sealed record TransactionalMail
{
    /// <summary>The subject, one line.</summary>
    public required string Subject { get; init; }

    /// <summary>The heading, said differently from the subject.</summary>
    public required string Heading { get; init; }

    /// <summary>What mail programs show beside the subject; null the first paragraph.</summary>
    public string? Preheader { get; init; }

    /// <summary>The text, before the button.</summary>
    public IReadOnlyList<string> Paragraphs { get; init; } = [];

    /// <summary>Short facts with their labels, such as when and where.</summary>
    public IReadOnlyList<MailFact> Facts { get; init; } = [];

    /// <summary>The one action; null none.</summary>
    public MailButton? Button { get; init; }

    /// <summary>Further links, each on a line of its own.</summary>
    public IReadOnlyList<MailButton> Links { get; init; } = [];

    /// <summary>Remarks in small type, last.</summary>
    public IReadOnlyList<string> SmallPrint { get; init; } = [];

    /// <summary>Files that come with it.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];

    /// <summary>True for an answer that no person wrote (RFC 3834): automatic replies to it are not sent.</summary>
    public bool IsAutomatic { get; init; } = true;
}

/// <summary>A label and what it says.</summary>
public sealed record MailFact(string Label, string Value);

/// <summary>A link and the words on it.</summary>
public sealed record MailButton(string Label, Uri Address);
