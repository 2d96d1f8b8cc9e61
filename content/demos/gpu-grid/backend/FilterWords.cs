using System.Globalization;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The small questions of a filter: where its words are, and whether a word can stand in a text with holes.</summary>
internal static class FilterWords
{
    /// <summary>The words, in lower case, and whether each is to be absent. A quotation that is not closed yet goes to the end: somebody is typing.</summary>
    public static List<(string Word, bool Without)> Split(string text)
    {
        var words = new List<(string, bool)>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var without = text[at] == '-' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]);
            if (without) at++;
            var word = new System.Text.StringBuilder();
            for (var quoted = false; at < text.Length && (quoted || !char.IsWhiteSpace(text[at])); at++)
            {
                if (text[at] == '"') quoted = !quoted;
                else word.Append(text[at]);
            }

            if (word.Length > 0) words.Add((Words.Lower(word.ToString()), without));
        }

        return words;
    }

    /// <summary>A number with a unit, in microseconds.</summary>
    public static bool TryDuration(ReadOnlySpan<char> text, out double micros)
    {
        var digits = text.LastIndexOfAnyInRange('0', '9') + 1;
        double unit = text[digits..] switch { "us" or "µs" or "μs" => 1, "ms" => 1e3, "s" => 1e6, "min" => 6e7, _ => 0 };
        var understood = double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out micros) && unit > 0;
        micros *= unit;
        return understood;
    }

    /// <summary>Whether a word is in every text of a template, in none, or (null) in those where it fits into the holes.</summary>
    public static bool? InTemplate(Template template, string word)
    {
        foreach (var piece in template.LowerPieces)
        {
            if (piece.Contains(word, StringComparison.Ordinal)) return true;
        }

        return Fits(template, word) ? null : false;
    }

    // The text as a row of letters and holes, and the word laid against it from every place: a small automaton. A hole takes any number of
    // characters of its alphabet, so this may say yes where no value fits, and never no where one does.
    private static bool Fits(Template template, string word)
    {
        var places = new List<(char Letter, string? Alphabet)>();
        for (var i = 0; i < template.LowerPieces.Length; i++)
        {
            foreach (var letter in template.LowerPieces[i]) places.Add((letter, null));
            if (i < template.Slots.Length) places.Add(('\0', template.Slots[i].Alphabet));
        }

        var now = Enumerable.Repeat(true, places.Count + 1).ToArray();
        foreach (var letter in word)
        {
            var next = new bool[places.Count + 1];
            for (var place = 0; place < places.Count; place++)
            {
                if (!now[place]) continue;
                var (own, alphabet) = places[place];
                if (alphabet is null ? own != letter : !alphabet.Contains(letter, StringComparison.Ordinal)) continue;
                next[place + 1] = true;
                if (alphabet is not null) next[place] = true;
            }

            now = next;
        }

        return now.Any(static place => place);
    }
}
