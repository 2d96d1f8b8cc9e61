namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// When each row happened. The rows are divided into blocks of 4096; where a block begins and how long it lasts is kept, from a curve
/// of busy days, quiet nights, storms and an outage, and within a block rows are spread evenly with some scatter. So the time of a row
/// and the row at a time are found without keeping a time for each: two and a half thousand blocks instead of ten million rows.
/// </summary>
internal sealed class TimeCurve
{
    public const int Shift = 12;
    public const int BlockRows = 1 << Shift;

    /// <summary>The scatter of a row within its share of the block, in 1024ths.</summary>
    private const int Scatter = 1024;
    private const double Day = 86_400_000;

    private readonly long[] _starts;
    private readonly ulong _seed;

    public TimeCurve(int rows, ulong seed, long start, long span)
    {
        (Rows, _seed) = (rows, seed);
        var blocks = (rows + BlockRows - 1) >> Shift;
        var lengths = new double[blocks];
        Severity = new byte[blocks];
        var storms = Enumerable.Range(0, 9).Select(i => new Storm(seed, i)).ToArray();
        double clock = 0, total = 0;
        // An even spread is the first guess of when a block is; what is busier is shorter.
        for (var block = 0; block < blocks; block++)
        {
            var day = clock / Day;
            var storm = storms.Sum(each => each.At(day / (span / Day)));
            var rate = 1 + 0.45 * Math.Sin(2 * Math.PI * (day - 0.3)) + 0.18 * Math.Sin(2 * Math.PI * 7.3 * day) + 0.25 * Wobble(block / 9.0) + 5 * storm;
            rate = Math.Max(0.12, rate);
            Severity[block] = (byte)Math.Clamp(storm * 420 + 12 * Wobble(block / 3.0), 0, 255);
            // One outage: hardly anything is heard, and it is not because all is well.
            if (day / (span / Day) is > 0.615 and < 0.628) rate = 0.10;
            var count = Math.Min(BlockRows, rows - (block << Shift));
            lengths[block] = count / rate;
            total += lengths[block];
            // The mean rate of the curve is about 1.35; the exact scale comes at the end.
            clock += lengths[block] * span / rows * 1.35;
        }

        _starts = new long[blocks + 1];
        double at = 0;
        for (var block = 0; block < blocks; block++)
        {
            _starts[block] = start + (long)(at / total * span);
            at += lengths[block];
        }

        _starts[blocks] = start + span;

        double Wobble(double x)
        {
            var cell = Math.Floor(x);
            var f = x - cell;
            var (a, b) = (Unit((ulong)cell), Unit((ulong)cell + 1));
            return a + (b - a) * f * f * (3 - 2 * f);
        }

        double Unit(ulong cell) => (Hash.Of(seed, cell) >> 40) / (double)(1 << 24) * 2 - 1;
    }

    public int Rows { get; }

    /// <summary>How bad things are in each block, 0 to 255.</summary>
    public byte[] Severity { get; }

    public long Start => _starts[0];

    /// <summary>After the last row.</summary>
    public long End => _starts[^1];

    /// <summary>Unix milliseconds of a row.</summary>
    public long TimeOf(int row)
    {
        var block = row >> Shift;
        var count = Math.Min(BlockRows, Rows - (block << Shift));
        var scatter = (long)(Hash.Of(_seed, (ulong)row) >> 54);
        return _starts[block] + (((long)(row & (BlockRows - 1)) * Scatter) + scatter) * (_starts[block + 1] - _starts[block]) / ((long)count * Scatter);
    }

    /// <summary>The first row that is not before a time; <see cref="Rows"/> where all are.</summary>
    public int RowAt(double time)
    {
        if (!(time > Start)) return 0;
        if (time >= End) return Rows;
        var (low, high) = (0, _starts.Length - 1);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (_starts[middle] <= time) low = middle;
            else high = middle;
        }

        var first = low << Shift;
        var count = Math.Min(BlockRows, Rows - first);
        // Where it would be without scatter, and from there to the row itself: a step or two.
        var row = first + (int)Math.Clamp((time - _starts[low]) / Math.Max(1, _starts[low + 1] - _starts[low]) * count, 0, count - 1);
        while (row > 0 && TimeOf(row - 1) >= time) row--;
        while (row < Rows && TimeOf(row) < time) row++;
        return row;
    }

    /// <summary>A few hours in which everything happens at once.</summary>
    private readonly struct Storm(ulong seed, int number)
    {
        private readonly double _middle = (number + 0.2 + 0.6 * (Hash.Of(seed ^ 0x57A9, (ulong)number) >> 40) / (1 << 24)) / 9;
        private readonly double _width = 0.002 + 0.010 * (Hash.Of(seed ^ 0x3D1C, (ulong)number) >> 40) / (1 << 24);
        private readonly double _height = 0.25 + 0.9 * (Hash.Of(seed ^ 0x77E1, (ulong)number) >> 40) / (1 << 24);

        public double At(double part)
        {
            var x = (part - _middle) / _width;
            return _height * Math.Exp(-x * x);
        }
    }
}
