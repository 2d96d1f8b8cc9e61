using System.Numerics;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// Some of the rows: one bit for each, and for each block of 4096 how many there are before it. So the k-th is found by halving and
/// counting bits, and how many there are between two rows by counting bits: 1.3 MB for ten million.
/// <para>One thread adds blocks in order; what <see cref="Publish"/> has published may be read by others meanwhile.</para>
/// </summary>
internal sealed class RowBits
{
    private const int WordsOfBlock = TimeCurve.BlockRows / 64;

    private readonly ulong[] _words;
    private readonly int[] _before;
    private int _blocks;

    public RowBits(int rows)
    {
        Rows = rows;
        Blocks = (rows + TimeCurve.BlockRows - 1) >> TimeCurve.Shift;
        _words = new ulong[Blocks * WordsOfBlock];
        _before = new int[Blocks + 1];
    }

    public int Rows { get; }

    public int Blocks { get; }

    /// <summary>How many rows are in it, of the blocks that are published.</summary>
    public int Count => _before[Volatile.Read(ref _blocks)];

    /// <summary>How many rows have been looked at.</summary>
    public int Scanned => Math.Min(Rows, Volatile.Read(ref _blocks) << TimeCurve.Shift);

    public void Set(int row) => _words[row >> 6] |= 1UL << (row & 63);

    public bool Has(int row) => (_words[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>The next block is complete.</summary>
    public void Publish()
    {
        var count = 0;
        foreach (var word in _words.AsSpan(_blocks * WordsOfBlock, WordsOfBlock)) count += BitOperations.PopCount(word);
        _before[_blocks + 1] = _before[_blocks] + count;
        Volatile.Write(ref _blocks, _blocks + 1);
    }

    /// <summary>The row that has <paramref name="index"/> published rows of this set before it.</summary>
    /// <param name="index">From 0, less than <see cref="Count"/>.</param>
    public int Select(int index)
    {
        var (low, high) = (0, Volatile.Read(ref _blocks));
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (_before[middle] <= index) low = middle;
            else high = middle;
        }

        var left = index - _before[low];
        for (var word = low * WordsOfBlock; ; word++)
        {
            var bits = _words[word];
            var count = BitOperations.PopCount(bits);
            if (left >= count)
            {
                left -= count;
                continue;
            }

            for (; left > 0; left--) bits &= bits - 1;
            return (word << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }

    /// <summary>How many published rows of this set are before a row.</summary>
    public int Rank(int row)
    {
        var blocks = Volatile.Read(ref _blocks);
        var block = row >> TimeCurve.Shift;
        if (block >= blocks) return _before[blocks];
        return _before[block] + CountBetween(block << TimeCurve.Shift, row);
    }

    /// <summary>How many rows of this set, and of the other where there is one, are from one row to before another.</summary>
    public int CountBetween(int from, int to, RowBits? other = null)
    {
        var count = 0;
        for (var word = from >> 6; word << 6 < to; word++)
        {
            var bits = _words[word];
            if (other is not null) bits &= other._words[word];
            if (word << 6 < from) bits &= ulong.MaxValue << (from & 63);
            if ((word << 6) + 64 > to) bits &= (1UL << (to & 63)) - 1;
            count += BitOperations.PopCount(bits);
        }

        return count;
    }
}
