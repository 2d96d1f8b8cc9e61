using System.Text;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>A name as people type it, made safe for a mail header and a page.</summary>
public static class PersonName
{
    /// <summary>The longest name kept, in characters.</summary>
    public const int MaximumLength = 100;

    /// <summary>
    /// One line without control characters or marks that reverse the text, cut to <see cref="MaximumLength"/>;
    /// null if nothing is left. A line break in a name is the classic way to smuggle in a header.
    /// </summary>
    public static string? Clean(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var clean = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaximumLength) break;
            if (rune == Rune.ReplacementChar) continue;
            if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            else if (!Rune.IsControl(rune) && !IsDirectional(rune.Value)) clean.Append(rune.ToString());
        }

        var words = clean.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return null;

        // In a header, "=?utf-8?q?…?=" would be read as text in another encoding: anything could be written that way.
        return string.Join(' ', words).Replace("=?", "= ?", StringComparison.Ordinal);
    }

    private static bool IsDirectional(int value) =>
        value is 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
