namespace BrowserTech.Site.Content;

/// <summary>
/// A Markdown body, rendered once when the file was read. It is a list of parts because a demo is not markup: pages
/// draw it with a component, and mail keeps only its caption.
/// </summary>
/// <param name="Words">Words of the text, for a reading time.</param>
public sealed record Prose(IReadOnlyList<ProsePart> Parts, int Words)
{
    public static readonly Prose Empty = new([], 0);

    public bool IsEmpty => Parts.Count == 0;

    /// <summary>Minutes to read it, at least 1.</summary>
    public int ReadingMinutes => Math.Max(1, (int)Math.Round(Words / 220.0));
}

public abstract record ProsePart;

/// <summary>Sanitised HTML.</summary>
public sealed record HtmlPart(string Html) : ProsePart;

/// <summary>The place of a live demo, with its caption in sanitised HTML.</summary>
public sealed record DemoPart(Slug<Demo> Demo, string CaptionHtml) : ProsePart;
