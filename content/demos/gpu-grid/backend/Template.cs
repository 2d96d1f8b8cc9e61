using System.Globalization;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What the signal of an event looks like over the seconds around it.</summary>
internal enum Shape : byte
{
    Noise,
    Pulse,
    Ramp,
    Step,
    Spike,
}

/// <summary>A hole in a template's text, filled from sixteen bits.</summary>
/// <param name="Kind"><c>n</c>, <c>d</c>, <c>x</c> or <c>t</c>.</param>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest, included. A value travels as sixteen bits with a sign.</param>
internal readonly record struct Slot(char Kind, int Low, int High)
{
    /// <summary>Every character that may stand in it, in lower case.</summary>
    public string Alphabet => Kind switch
    {
        'n' => "0123456789-",
        'd' => "0123456789.-",
        'x' => "0123456789abcdef",
        _ => TargetAlphabet,
    };

    private static readonly string TargetAlphabet = new([.. string.Concat(Catalogue.Targets).ToLowerInvariant().Distinct()]);

    /// <summary>Characters that may be written into it, at most.</summary>
    public int Longest => Kind switch
    {
        'n' => Math.Max(Digits(Low), Digits(High)),
        'd' => Math.Max(Digits(Low / 10), Digits(High / 10)) + 3,
        'x' => Low < 0 ? 8 : 4,
        _ => Catalogue.Targets.Max(target => target.Length),
    };

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;

    public int Fill(uint bits) => Low + (int)((bits & 0xFFFF) * (uint)(High - Low + 1) >> 16);

    /// <summary>Writes a value as the page does; the characters written.</summary>
    public int Write(int value, Span<char> into)
    {
        int written;
        switch (Kind)
        {
            case 'n':
                value.TryFormat(into, out written, default, CultureInfo.InvariantCulture);
                return written;
            case 'd':
                var sign = 0;
                if (value < 0) into[sign++] = '-';
                var tenths = Math.Abs(value);
                (tenths / 10).TryFormat(into[sign..], out written, default, CultureInfo.InvariantCulture);
                into[sign + written] = '.';
                into[sign + written + 1] = (char)('0' + tenths % 10);
                return sign + written + 2;
            case 'x':
                value.TryFormat(into, out written, "x4", CultureInfo.InvariantCulture);
                return written;
            default:
                Catalogue.Targets[value].CopyTo(into);
                return Catalogue.Targets[value].Length;
        }
    }
}

/// <summary>One kind of event: a text with holes, and how such events are spread.</summary>
internal sealed class Template
{
    public const int MaxSlots = 3;

    /// <summary>Characters of the longest text: checked when the words are loaded.</summary>
    public const int MaxText = 160;

    /// <param name="system">One of <see cref="Catalogue.Systems"/>.</param>
    /// <param name="level">How serious.</param>
    /// <param name="quiet">How many of 10 000 rows on a quiet day, roughly.</param>
    /// <param name="storm">The same when everything goes wrong.</param>
    /// <param name="micros">A usual duration in microseconds.</param>
    /// <param name="shape">Of its trace.</param>
    /// <param name="text">With holes: see <see cref="Catalogue.Templates"/>.</param>
    public Template(string system, Level level, int quiet, int storm, int micros, Shape shape, string text)
    {
        (System, Level, Quiet, Storm, Micros, Shape) = (Array.IndexOf(Catalogue.Systems, system), level, quiet, storm, micros, shape);
        var (pieces, slots) = (new List<string>(), new List<Slot>());
        for (var rest = text.AsSpan(); ;)
        {
            var open = rest.IndexOf('{');
            if (open < 0)
            {
                pieces.Add(rest.ToString());
                break;
            }

            var close = rest.IndexOf('}');
            pieces.Add(rest[..open].ToString());
            slots.Add(Read(rest[(open + 1)..close]));
            rest = rest[(close + 1)..];
        }

        (Pieces, Slots) = ([.. pieces], [.. slots]);
        LowerPieces = [.. pieces.Select(piece => piece.ToLowerInvariant())];
        // Whoever writes a text has room for this much, and a row for so many values.
        var longest = pieces.Sum(piece => piece.Length) + slots.Sum(slot => slot.Longest);
        if (longest > MaxText) throw new ArgumentException($"'{text}' may become {longest} characters; {MaxText} are the most.", nameof(text));
        if (slots.Count > MaxSlots) throw new ArgumentException($"'{text}' has {slots.Count} holes; {MaxSlots} are the most.", nameof(text));
    }

    public int System { get; }

    public Level Level { get; }

    public int Quiet { get; }

    public int Storm { get; }

    public int Micros { get; }

    public Shape Shape { get; }

    /// <summary>The text around the holes: one more than there are holes.</summary>
    public string[] Pieces { get; }

    public string[] LowerPieces { get; }

    public Slot[] Slots { get; }

    /// <summary>Writes the text of one row; the characters written.</summary>
    /// <param name="values">One for each hole.</param>
    /// <param name="into">At least <see cref="MaxText"/> characters.</param>
    /// <param name="lower">In lower case, to be searched.</param>
    public int Write(ReadOnlySpan<int> values, Span<char> into, bool lower = false)
    {
        var pieces = lower ? LowerPieces : Pieces;
        var length = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i].CopyTo(into[length..]);
            length += pieces[i].Length;
            if (i == Slots.Length) break;
            var hole = into[length..];
            var written = Slots[i].Write(values[i], hole);
            if (lower && Slots[i].Kind == 't') Words.Lower(hole[..written]);
            length += written;
        }

        return length;
    }

    private static Slot Read(ReadOnlySpan<char> hole)
    {
        if (hole is "t") return new Slot('t', 0, Catalogue.Targets.Length - 1);
        var range = hole[2..];
        var dash = range[1..].IndexOf('-') + 1;
        return new Slot(hole[0], int.Parse(range[..dash], CultureInfo.InvariantCulture), int.Parse(range[(dash + 1)..], CultureInfo.InvariantCulture));
    }
}
