namespace BrowserTech.Demos.GpuGrid;

/// <summary>Upper and lower case, one way everywhere: character by character, as neither the language of the reader nor that of the row is known.</summary>
internal static class Words
{
    public static string Lower(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        from.CopyTo(span);
        Lower(span);
    });

    public static void Lower(Span<char> text)
    {
        for (var i = 0; i < text.Length; i++) text[i] = char.ToLowerInvariant(text[i]);
    }
}
