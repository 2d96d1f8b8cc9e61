using CsCheck;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What a filter finds, against a search that knows nothing of templates: it writes every row out and looks.</summary>
public sealed class FilterTests
{
    private static readonly EventLog Log = new(60_000);

    private static readonly string[] Needles =
    [
        "storm", "STORM", "7", "12", "0.", "vega", "β", "β pictoris", "ørsta", "Å", "error", "e", "warn", "m/s", "ps", " ", "scan ", "of m 87", "ff", "n", "km away", "слы", "видимость",
        "نحتاج", "tea.", "antenna", "ant", "-1", "1-", "→", "gbit/s to", "zzz", "level", "sgr a*", "„wetter", "ch", "s3", "a1", "87:", ".5 ", "°c, wind 1",
    ];

    private static readonly Gen<string> Term = Gen.Select(Of(Needles), Of("", "-"), Of("", "", "", "station:", "system:", "level:", "message:"))
        .Select((word, sign, column) => $"{sign}{column}\"{word}\"");

    private static Gen<string> Of(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    [Fact]
    public void Words_find_what_a_naive_search_finds() => Term.Array[1, 3].Sample(terms =>
    {
        var filter = Filter.Parse(string.Join(' ', terms), out var why);
        Assert.True(filter is not null, why);
        for (var row = 0; row < Log.Rows; row += 7) Assert.True(Naive(row, terms) == filter.Wants(Log, row), $"{string.Join(' ', terms)} and row {row}: {Text(row)}");
    }, iter: 150);

    [Theory]
    [InlineData("level>=warn", Level.Warn, Level.Error)]
    [InlineData("level>warn", Level.Error, Level.Error)]
    [InlineData("level<info", Level.Debug, Level.Debug)]
    [InlineData("level<=info", Level.Debug, Level.Info)]
    [InlineData("level:notice", Level.Notice, Level.Notice)]
    [InlineData("-level<=notice", Level.Warn, Level.Error)]
    internal void Levels_are_compared(string text, Level low, Level high)
    {
        var filter = Filter.Parse(text, out _)!;
        for (var row = 0; row < Log.Rows; row++) Assert.Equal(Log.Row(row).Template.Level >= low && Log.Row(row).Template.Level <= high, filter.Wants(Log, row));
    }

    [Theory]
    [InlineData("duration>2s", 2_000_000u, true)]
    [InlineData("duration<250ms", 250_000u, false)]
    [InlineData("duration>=1.5min", 90_000_000u, true)]
    [InlineData("duration<900µs", 900u, false)]
    [InlineData("-duration<=40ms", 40_000u, true)]
    internal void Durations_are_compared(string text, uint micros, bool above)
    {
        var filter = Filter.Parse(text, out _)!;
        for (var row = 0; row < Log.Rows; row++)
        {
            var own = Log.Row(row).Micros;
            if (own != micros) Assert.Equal(above ? own > micros : own < micros, filter.Wants(Log, row));
        }
    }

    [Theory]
    [InlineData("duration>soon", "a duration is a number with a unit")]
    [InlineData("duration>5", "a duration is a number with a unit")]
    [InlineData("duration>", "a duration is a number with a unit")]
    [InlineData("level>=loud", "the levels are debug, info, notice, warn, error")]
    [InlineData("station:", "wants a word behind it")]
    [InlineData("a b c d e f g h i j k l m", "12 words")]
    public void What_cannot_be_understood_is_said_why(string text, string why)
    {
        Assert.Null(Filter.Parse(text, out var said));
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_typed_is_a_filter_or_a_reason() => Gen.String[0, 300].Sample(text =>
    {
        var filter = Filter.Parse(text, out var why);
        Assert.True(filter is null == why is not null);
        for (var row = 0; filter is not null && row < 50; row++) filter.Wants(Log, row);
    });

    [Fact]
    public void A_view_has_the_rows_of_the_filter_in_order_and_counts_them_over_time()
    {
        var filter = Filter.Parse("storm", out _)!;
        var view = new View(Log, 1, filter);
        Assert.Equal(0, view.Count);
        var told = 0;
        view.Search(() => Assert.InRange(view.Scanned, ++told, Log.Rows), CancellationToken.None);
        var expected = Enumerable.Range(0, Log.Rows).Where(row => Text(row).Contains("storm", StringComparison.Ordinal)).ToList();
        Assert.True(view.IsComplete);
        Assert.Equal(expected, Enumerable.Range(0, view.Count).Select(view.RowAt));

        uint[] all = new uint[37], warnings = new uint[37], errors = new uint[37];
        view.CountOver(Log.Times.Start, Log.Times.End, all, warnings, errors);
        Assert.Equal(expected.Count, all.Sum(each => each));
        Assert.Equal(expected.Count(row => Log.Row(row).Template.Level == Level.Warn), warnings.Sum(each => each));
        Assert.Equal(expected.Count(row => Log.Row(row).Template.Level == Level.Error), errors.Sum(each => each));
        var middle = Log.Times.TimeOf(Log.Rows / 2);
        Assert.Equal(expected.Count(row => Log.Times.TimeOf(row) < middle), view.IndexAt(middle));
    }

    [Fact]
    public void A_search_that_is_not_wanted_any_more_ends_within_a_block()
    {
        using var cancel = new CancellationTokenSource();
        var view = new View(Log, 1, Filter.Parse("7", out _));
        view.Search(cancel.Cancel, cancel.Token);
        Assert.Equal(TimeCurve.BlockRows, view.Scanned);
        Assert.False(view.IsComplete);
        // What it had found until then can still be looked at.
        Assert.All(Enumerable.Range(0, view.Count), index => Assert.InRange(view.RowAt(index), 0, TimeCurve.BlockRows - 1));
    }

    private static string Text(int row)
    {
        var message = new char[Template.MaxText];
        return new string(message, 0, Log.Row(row).Message(message)).ToLowerInvariant();
    }

    private static bool Naive(int row, string[] terms)
    {
        var (template, station) = (Log.Row(row).Template, Catalogue.Stations[Log.Row(row).Station].ToLowerInvariant());
        var columns = new Dictionary<string, string>
        {
            ["station"] = station, ["system"] = Catalogue.Systems[template.System], ["level"] = Catalogue.Levels[(int)template.Level], ["message"] = Text(row),
        };
        return terms.All(term =>
        {
            var without = term[0] == '-';
            var rest = (without ? term[1..] : term).Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant();
            var column = columns.Keys.FirstOrDefault(name => rest.StartsWith(name + ":", StringComparison.Ordinal));
            var word = column is null ? rest : rest[(column.Length + 1)..];
            return (column is null ? columns.Values.Any(text => text.Contains(word, StringComparison.Ordinal)) : columns[column].Contains(word, StringComparison.Ordinal)) != without;
        });
    }
}
