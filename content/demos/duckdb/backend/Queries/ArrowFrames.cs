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
    private const int FrameBytes = 64 * 1024;

    private readonly DuckStatement _statement;
    private readonly QueryLimits _limits;
    private readonly MemoryStream _buffer = new();
    private readonly ArrowStreamWriter _writer;
    private bool _begun;
    private bool _ended;

    public ArrowFrames(DuckStatement statement, QueryLimits limits)
    {
        (_statement, _limits) = (statement, limits);
        _writer = new ArrowStreamWriter(_buffer, statement.Schema, leaveOpen: true);
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
        while (!_ended)
        {
            using var batch = _statement.Next();
            if (batch is null) End(cut: null);
            else Write(batch);
            if (first || _buffer.Length >= FrameBytes) break;
        }

        Bytes += _buffer.Length;
        return _buffer.GetBuffer().AsMemory(0, (int)_buffer.Length);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _statement.Dispose();
    }

    private void Write(RecordBatch batch)
    {
        var room = (int)(_limits.Rows - Rows);
        if (room < batch.Length)
        {
            if (room > 0) WriteRows(batch.Slice(0, room));
            End("rows");
            return;
        }

        WriteRows(batch);
        if (Bytes + _buffer.Length > _limits.Bytes) End("bytes");
    }

    private void WriteRows(RecordBatch batch)
    {
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
