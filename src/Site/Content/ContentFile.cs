namespace BrowserTech.Site.Content;

/// <summary>One file of <c>content/</c> cut into its YAML head and its body.</summary>
/// <param name="Path">Relative to <c>content/</c>.</param>
/// <param name="BodyLine">Lines of the file above the body.</param>
internal sealed record ContentFile(string Path, string Head, string Body, int BodyLine)
{
    /// <summary>Beyond this a file is not prose: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Cuts a Markdown file at its two '---' lines.</summary>
    public static ContentFile? Cut(string path, string text, List<ContentProblem> problems)
    {
        text = text.ReplaceLineEndings("\n");
        if (!text.StartsWith("---\n", StringComparison.Ordinal))
        {
            problems.Add(new ContentProblem(path, 1, "the file must begin with a line '---' and its front matter"));
            return null;
        }

        var end = text.IndexOf("\n---\n", 3, StringComparison.Ordinal);
        if (end < 0 && text.EndsWith("\n---", StringComparison.Ordinal)) end = text.Length - 4;
        if (end < 0)
        {
            problems.Add(new ContentProblem(path, 1, "the front matter has no closing line '---'"));
            return null;
        }

        var head = end > 4 ? text[4..end] : "";
        var body = end + 5 <= text.Length ? text[(end + 5)..] : "";
        return new ContentFile(path, head, body, text[..Math.Min(text.Length, end + 5)].Count(c => c == '\n'));
    }
}
