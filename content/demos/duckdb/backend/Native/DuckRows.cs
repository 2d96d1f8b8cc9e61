namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>The rows the engine has handed over at once, at most 2048 of any width, given on in pieces of the size that is wanted.</summary>
internal sealed unsafe class DuckRows : IDisposable
{
    private readonly nint[] _types;
    private readonly int _count;
    private readonly long[] _ends;
    private nint _chunk;
    private int _at;

    /// <param name="chunk">Belongs to this from now on.</param>
    /// <param name="types">Of its columns; they stay their owner's.</param>
    public DuckRows(nint chunk, nint[] types)
    {
        (_chunk, _types, _count) = (chunk, types, (int)Duck.ChunkSize(chunk));
        _ends = new long[_count];
        for (var column = 0; column < types.Length; column++) RowWidths.Add(Duck.Vector(chunk, (ulong)column), _ends);
        for (var row = 1; row < _count; row++) _ends[row] += _ends[row - 1];
    }

    /// <summary>Whether all have been taken.</summary>
    public bool IsEmpty => _at == _count;

    /// <summary>How many of the next have no more than so many bytes.</summary>
    public int Fitting(long bytes)
    {
        var taken = _at == 0 ? 0 : _ends[_at - 1];
        var found = Array.BinarySearch(_ends, _at, _count - _at, taken + bytes);
        if (found < 0) return ~found - _at;
        // Rows without width end where the one before them does.
        while (found + 1 < _count && _ends[found + 1] == _ends[found]) found++;
        return found + 1 - _at;
    }

    /// <summary>A chunk of the next rows: its own one where these are all there are, else a copy of them.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="isCopy">Whether whoever takes it destroys it.</param>
    public nint Take(int rows, out bool isCopy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _count - _at);
        isCopy = rows < _count;
        var from = _at;
        _at += rows;
        if (!isCopy) return _chunk;
        nint copy;
        fixed (nint* types = _types) copy = Duck.CreateChunk(types, (ulong)_types.Length);
        var selection = Duck.CreateSelection((ulong)_count);
        var all = new Span<uint>(Duck.SelectionData(selection), _count);
        for (var i = 0; i < all.Length; i++) all[i] = (uint)i;
        for (var column = 0UL; column < (ulong)_types.Length; column++)
        {
            Duck.Copy(Duck.Vector(_chunk, column), Duck.Vector(copy, column), selection, (ulong)(from + rows), (ulong)from, 0);
        }

        Duck.DestroySelection(selection);
        Duck.SetChunkSize(copy, (ulong)rows);
        return copy;
    }

    public void Dispose() => Duck.DestroyChunk(ref _chunk);
}
