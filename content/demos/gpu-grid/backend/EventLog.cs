namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// Ten million events, none of which is kept. Row <c>i</c> is computed from <c>i</c> and the seed whenever somebody asks, the same each
/// time, in some tens of nanoseconds. What is kept is the curve of time and two bits for each row, the serious ones, for the timeline:
/// two and a half megabytes.
/// </summary>
internal sealed class EventLog
{
    public const int DefaultRows = 10_000_000;

    /// <summary>Samples of a trace, four bits each.</summary>
    public const int TraceSamples = 24;

    private const int Severities = 16;
    private const int TableSize = 4096;

    private readonly ulong _seed;
    private readonly TimeCurve _times;
    // For each severity, which template a row's first twelve bits mean.
    private readonly byte[] _kinds;

    /// <param name="rows">How many, at least one.</param>
    /// <param name="seed">Another seed, another log.</param>
    public EventLog(int rows = DefaultRows, ulong seed = 0x5EED_0F_A_10_6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        _seed = seed;
        var start = new DateTimeOffset(2031, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        _times = new TimeCurve(rows, seed, start, 28L * 24 * 3600 * 1000);
        _kinds = Enumerable.Range(0, Severities).SelectMany(Table).ToArray();
        Warnings = new RowBits(rows);
        Errors = new RowBits(rows);
        for (var block = 0; block < Warnings.Blocks; block++) MarkSerious(block);
    }

    public int Rows => _times.Rows;

    public TimeCurve Times => _times;

    public RowBits Warnings { get; }

    public RowBits Errors { get; }

    /// <summary>Template and station: all that most filters look at.</summary>
    public (byte Kind, byte Station) Key(int row) => Key(row, Hash.Of(_seed, (ulong)row));

    private (byte Kind, byte Station) Key(int row, ulong hash)
    {
        var severity = _times.Severity[row >> TimeCurve.Shift] >> 4;
        return (_kinds[(severity << 12) | (int)(hash & (TableSize - 1))], (byte)(((hash >> 12) & 0xFFFF) * (uint)Catalogue.Stations.Length >> 16));
    }

    public LogRow Row(int row)
    {
        var hash = Hash.Of(_seed, (ulong)row);
        var (kind, station) = Key(row, hash);
        var more = Hash.Mix(hash ^ 0xA5A5_5A5A_1234_4321);
        var template = Catalogue.Templates[kind];
        var u = (more >> 48) / 65536.0;
        var (u2, u4) = (u * u, u * u * u * u);
        var micros = (uint)(template.Micros * (0.35 + 0.9 * u + 2.5 * u4 + 30 * u4 * u4 * u4 * u2));
        var signal = (short)(-60 + (int)((hash >> 28) & 0xFF) - 90 * (template.Level >= Level.Warn ? 1 : 0));
        return new LogRow(row, _times.TimeOf(row), kind, station, micros, signal, more);
    }

    private byte[] Table(int severity)
    {
        var storm = severity / (double)(Severities - 1);
        var weights = Catalogue.Templates.Select(each => each.Quiet + (each.Storm - each.Quiet) * storm).ToArray();
        var (table, total, sum, filled) = (new byte[TableSize], weights.Sum(), 0.0, 0);
        for (var kind = 0; kind < weights.Length; kind++)
        {
            sum += weights[kind];
            // Each has at least one place, so that nothing is never seen.
            var end = Math.Max(filled + 1, (int)Math.Round(sum / total * TableSize));
            for (; filled < Math.Min(end, TableSize); filled++) table[filled] = (byte)kind;
        }

        for (; filled < TableSize; filled++) table[filled] = (byte)(weights.Length - 1);
        return table;
    }

    private void MarkSerious(int block)
    {
        var end = Math.Min(Rows, (block + 1) << TimeCurve.Shift);
        for (var row = block << TimeCurve.Shift; row < end; row++)
        {
            var level = Catalogue.Templates[Key(row).Kind].Level;
            if (level == Level.Warn) Warnings.Set(row);
            else if (level == Level.Error) Errors.Set(row);
        }
    }
}
