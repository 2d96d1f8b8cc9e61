namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// What somebody typed into the filter box, understood. Words must all occur, in any of station, system, level and message, in any case;
/// <c>"two words"</c> belong together, <c>-word</c> must not occur; <c>station:</c>, <c>system:</c>, <c>level:</c> and <c>message:</c> look at one
/// column; <c>level&gt;=warn</c> and <c>duration&gt;2s</c> compare.
/// <para>
/// Most of it can be decided once for each pair of template and station, which leaves one look into a table for each row. Only words that
/// may stand in what is filled in (a number, a target) have a row's message written out.
/// </para>
/// </summary>
internal sealed class Filter
{
    public const int MaxLength = 200;
    public const int MaxTerms = 12;

    private const byte No = 0;
    private const byte Yes = 1;
    private const byte Look = 2;

    private readonly Term[] _terms;
    // For each template and station: no, yes, or look at the row.
    private readonly byte[] _verdicts;

    private Filter(Term[] terms)
    {
        _terms = terms;
        _verdicts = new byte[64 * 32];
        for (var kind = 0; kind < Catalogue.Templates.Length; kind++)
            for (var station = 0; station < Catalogue.Stations.Length; station++)
                _verdicts[(kind << 5) | station] = Verdict(kind, station);
    }

    /// <summary>Nothing to look for: every row.</summary>
    public bool IsEmpty => _terms.Length == 0;

    /// <summary>Reads what was typed; null, and why in words, where it cannot be understood.</summary>
    public static Filter? Parse(string text, out string? why)
    {
        why = text.Length > MaxLength ? $"A filter may have {MaxLength} characters." : null;
        var terms = new List<Term>();
        foreach (var (word, without) in why is null ? FilterWords.Split(text) : [])
        {
            if (terms.Count == MaxTerms) why = $"A filter may have {MaxTerms} words.";
            else if (Term.Parse(word, without, out var wrong) is { } term) terms.Add(term);
            else why = wrong;
            if (why is not null) break;
        }

        return why is null ? new Filter([.. terms]) : null;
    }

    /// <summary>Whether a row is wanted.</summary>
    public bool Wants(EventLog log, int row)
    {
        var (kind, station) = log.Key(row);
        var verdict = _verdicts[(kind << 5) | station];
        return verdict == Yes || (verdict == Look && WantsRow(log.Row(row)));
    }

    private bool WantsRow(in LogRow row)
    {
        Span<char> message = stackalloc char[Template.MaxText];
        var length = -1;
        foreach (var term in _terms)
        {
            var verdict = term.Verdict(row.Kind, row.Station);
            if (verdict == Look)
            {
                if (term.Limit is null && length < 0) length = row.Message(message, lower: true);
                var found = term.Limit is not null ? term.Compares(row.Micros) : message[..length].IndexOf(term.Word) >= 0;
                verdict = found != term.Without ? Yes : No;
            }

            if (verdict == No) return false;
        }

        return true;
    }

    private byte Verdict(int kind, int station)
    {
        var all = Yes;
        foreach (var term in _terms)
        {
            var one = term.Verdict(kind, station);
            if (one == No) return No;
            if (one == Look) all = Look;
        }

        return all;
    }

    /// <summary>One condition.</summary>
    private sealed class Term
    {
        private readonly byte[] _kinds = new byte[64];
        private readonly bool[] _stations = new bool[32];

        private Term(string word, bool without) => (Word, Without) = (word, without);

        public string Word { get; }

        public bool Without { get; }

        /// <summary>Microseconds to compare a duration with.</summary>
        public double? Limit { get; private init; }

        private bool Above { get; init; }

        private bool OrEqual { get; init; }

        public bool Compares(uint micros) => (Above ? micros > Limit : micros < Limit) || (OrEqual && micros == Limit);

        public byte Verdict(int kind, int station)
        {
            var found = _stations[station] ? Yes : _kinds[kind];
            return found == Look ? Look : (found == Yes) != Without ? Yes : No;
        }

        public static Term? Parse(string word, bool without, out string? why)
        {
            why = null;
            if (word.StartsWith("duration", StringComparison.Ordinal) && word.AsSpan(8) is ['<' or '>', ..] comparison) return Duration(comparison, without, out why);
            if (word.StartsWith("level", StringComparison.Ordinal) && word.AsSpan(5) is ['<' or '>', ..] order) return Order(order, without, out why);
            var colon = word.IndexOf(':');
            var column = colon > 0 ? word[..colon] : "";
            var known = column is "station" or "system" or "level" or "message";
            var term = new Term(known ? word[(colon + 1)..] : word, without);
            if (known && term.Word.Length == 0)
            {
                why = $"'{column}:' wants a word behind it.";
                return null;
            }

            for (var i = 0; i < Catalogue.Stations.Length; i++) term._stations[i] = (!known || column == "station") && Words.Lower(Catalogue.Stations[i]).Contains(term.Word, StringComparison.Ordinal);
            for (var i = 0; i < Catalogue.Templates.Length; i++)
            {
                var template = Catalogue.Templates[i];
                if ((!known || column == "system") && Catalogue.Systems[template.System].Contains(term.Word, StringComparison.Ordinal)) term._kinds[i] = Yes;
                else if ((!known || column == "level") && Catalogue.Levels[(int)template.Level].Contains(term.Word, StringComparison.Ordinal)) term._kinds[i] = Yes;
                else if (!known || column == "message") term._kinds[i] = FilterWords.InTemplate(template, term.Word) switch { true => Yes, false => No, null => Look };
            }

            return term;
        }

        private static Term? Duration(ReadOnlySpan<char> comparison, bool without, out string? why)
        {
            var orEqual = comparison.Length > 1 && comparison[1] == '=';
            if (!FilterWords.TryDuration(comparison[(orEqual ? 2 : 1)..], out var micros))
            {
                why = $"'duration{comparison}': a duration is a number with a unit, as in duration>250ms (µs, ms, s, min).";
                return null;
            }

            why = null;
            var term = new Term("", without) { Limit = micros, Above = comparison[0] == '>', OrEqual = orEqual };
            Array.Fill(term._kinds, Look);
            return term;
        }

        private static Term? Order(ReadOnlySpan<char> order, bool without, out string? why)
        {
            var orEqual = order.Length > 1 && order[1] == '=';
            var level = Array.IndexOf(Catalogue.Levels, order[(orEqual ? 2 : 1)..].ToString());
            why = level < 0 ? $"'level{order}': the levels are {string.Join(", ", Catalogue.Levels)}." : null;
            if (level < 0) return null;
            var term = new Term("", without);
            for (var i = 0; i < Catalogue.Templates.Length; i++)
            {
                var own = (int)Catalogue.Templates[i].Level;
                if ((order[0] == '>' ? own > level : own < level) || (orEqual && own == level)) term._kinds[i] = Yes;
            }

            return term;
        }
    }
}
