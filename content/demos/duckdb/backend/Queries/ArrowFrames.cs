using Apache.Arrow;
using Apache.Arrow.Ipc;
using BrowserTech.Demos.DuckDb.Native;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// Cuts an answer into pieces of an Arrow stream, to be sent as they come: first the columns with the first rows, so that something is seen soon, then larger ones. It
/// stops reading where enough was sent, and with it the engine stops computing.
/// </summary>
public sealed class ArrowFrames : IDisposable
{
    /// <summary>A piece with so many bytes is sent; one more batch may still be in it.</summary>
    private const int FrameBytes = 64 * 1024;

    /// <summary>Rows that are wider than this together go in several batches.</summary>
    private const int BatchBytes = 512 * 1024;

    private readonly DuckStatement _statement;
    private readonly QueryLimits _limits;
    private readonly MemoryStream _buffer = new();
    private readonly ArrowStreamWriter _writer;
    private bool _begun;
    private bool _ended;

    /// <param name="statement">Belongs to this from now on, also where this fails.</param>
    /// <param name="limits">What is sent of it at most.</param>
    public ArrowFrames(DuckStatement statement, QueryLimits limits)
    {
        (_statement, _limits) = (statement, limits);
        try
        {
            _writer = new ArrowStreamWriter(_buffer, statement.Schema, leaveOpen: true);
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>What there was too much of; null where the answer is whole.</summary>
    public string? Cut { get; private set; }

    /// <summary>The next piece; its bytes hold until the next call. Empty after the last.</summary>
    /// <exception cref="DuckException">The query failed on its way.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        if (_ended) return default;
        _buffer.SetLength(0);
        var first = !_begun;
        if (first) _writer.WriteStart();
        _begun = true;
        do Write();
        while (!_ended && !first && _buffer.Length < FrameBytes);
        // The rows were measured before, but not what comes with them: the names of columns, and the words of an enumeration.
        if (_buffer.Length > _limits.Bytes + BatchBytes) throw new DuckException($"Its columns alone have more than {_limits.Bytes >> 20} MB, which is the limit of an answer here.");
        Bytes += _buffer.Length;
        return _buffer.GetBuffer().AsMemory(0, (int)_buffer.Length);
    }

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        finally
        {
            _statement.Dispose();
        }
    }

    private void Write()
    {
        var left = _limits.Bytes - Bytes - _buffer.Length;
        if (_statement.Fitting(Math.Min(BatchBytes, left)) is not { } fitting) End(cut: null);
        else if (Rows == _limits.Rows) End("rows");
        else if (fitting == 0 && _statement.Fitting(left) == 0) End("bytes");
        else Write(Math.Min(Math.Max(fitting, 1), (int)(_limits.Rows - Rows)));
    }

    private void Write(int rows)
    {
        using var batch = _statement.Take(rows);
        _writer.WriteRecordBatch(batch);
        Rows += batch.Length;
    }

    private void End(string? cut)
    {
        _writer.WriteEnd();
        Cut = cut;
        _ended = true;
    }
}
