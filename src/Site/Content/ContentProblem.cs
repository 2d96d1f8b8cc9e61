namespace BrowserTech.Site.Content;

/// <summary>What is wrong in a file of <c>content/</c>, in words its author can act on.</summary>
/// <param name="Path">Relative to <c>content/</c>, with forward slashes.</param>
/// <param name="Line">From 1; 0 where the problem is the file itself.</param>
/// <param name="Harmless">The document is served all the same; otherwise its last good version is, where there is one.</param>
public sealed record ContentProblem(string Path, int Line, string Reason, bool Harmless = false)
{
    public override string ToString() => In("content");

    /// <param name="folder">What the content folder is called to whoever reads this.</param>
    public string In(string folder) => Line > 0 ? $"{folder}/{Path}:{Line}: {Reason}" : $"{folder}/{Path}: {Reason}";
}
