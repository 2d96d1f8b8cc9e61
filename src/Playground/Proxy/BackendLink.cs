using System.Buffers;
using System.Net.Sockets;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy.Loops;

namespace BrowserTech.Playground.Proxy;

/// <summary>Why a link was ended by the hub.</summary>
internal enum LinkEnd
{
    None,

    /// <summary>The client is gone.</summary>
    Client,

    /// <summary>The token was taken back, or the backend ended.</summary>
    Cut,

    /// <summary>Nothing moved for too long.</summary>
    Silent,

    /// <summary>The answer is there or will never be, and the backend does not read the rest of the request.</summary>
    Done,

    /// <summary>What the client sends as a body is none.</summary>
    Malformed,
}

/// <summary>
/// One connection to a backend, carrying one request at a time or one upgraded connection. Ending it from outside makes what reads or
/// writes on it fail, whose carrier then looks at <see cref="EndedBy"/>. An idle link holds no buffer.
/// </summary>
internal sealed class BackendLink(Stream stream, LiveBackend backend, TimeProvider clock) : ICuttable, IDisposable
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Each is a sign of life, so that without an end of them a request would never be given up.</summary>
    private const int MaxInterim = 16;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _endedBy;
    private long _moved;

    public Stream Stream => stream;

    /// <summary>It has carried a request before this one.</summary>
    public bool Reused { get; private set; }

    /// <summary>Since the backend was asked, nothing of its answer came.</summary>
    public bool Waiting { get; set; }

    public LinkEnd EndedBy => (LinkEnd)Volatile.Read(ref _endedBy);

    /// <summary>How long no byte went either way.</summary>
    public TimeSpan Still => clock.GetElapsedTime(Volatile.Read(ref _moved));

    /// <summary>Came from the backend and is not used up.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    /// <summary>What happens on it is told on this thread, as the client's part of the request is.</summary>
    public bool IsHere => stream is LoopStream { IsHere: true };

    /// <summary>The backend has neither closed it nor said anything nobody asked for, which would be taken for the next answer.</summary>
    public bool IsQuiet => stream is not LoopStream looped || looped.IsQuiet();

    public void MoveHere() => (stream as LoopStream)?.MoveHere();

    public void Begin()
    {
        if (_buffer.Length == 0) _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        Waiting = true;
        Moved();
    }

    /// <summary>It may carry another request: nothing is left of the last one.</summary>
    public void Rest()
    {
        Release();
        Reused = true;
        Moved();
    }

    public async ValueTask Write(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes);
        backend.Carried(received: bytes.Length, sent: 0);
        Moved();
    }

    /// <summary>More into the buffer, which grows while it may. How many bytes; 0 at the end of the stream.</summary>
    /// <exception cref="NotHttpException">There is no more room.</exception>
    public async ValueTask<int> Fill(int max)
    {
        if (_start == _end) (_start, _end) = (0, 0);
        if (_end == _buffer.Length) MakeRoom(max);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end));
        _end += read;
        backend.Carried(received: 0, sent: read);
        Moved();
        return read;
    }

    public void Use(int bytes) => _start += bytes;

    /// <summary>Straight from the backend into the memory given; the buffer must be used up.</summary>
    public async ValueTask<int> Read(Memory<byte> into)
    {
        var read = await stream.ReadAsync(into);
        backend.Carried(received: 0, sent: read);
        Moved();
        return read;
    }

    public void Cut(Cut why) => End(LinkEnd.Cut);

    /// <summary>The first reason stays.</summary>
    public void End(LinkEnd why)
    {
        if (Interlocked.CompareExchange(ref _endedBy, (int)why, (int)LinkEnd.None) != (int)LinkEnd.None) return;
        stream.Dispose();
    }

    /// <summary>By its carrier, when nothing reads into its buffer any more.</summary>
    public void Dispose()
    {
        stream.Dispose();
        Release();
    }

    /// <summary>
    /// The head of the backend's answer; what is for the client is then among its headers. Before it the backend may say some
    /// interim ones.
    /// </summary>
    /// <exception cref="NotHttpException">What came is none.</exception>
    /// <exception cref="EndOfStreamException">The backend closed before it said anything.</exception>
    public async ValueTask<ResponseHead> ReadHead(Microsoft.AspNetCore.Http.IHeaderDictionary headers)
    {
        for (var interim = 0; ;)
        {
            var end = Buffered.Span.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = ResponseHead.Read(Buffered.Span[..(end + 4)], headers);
                Use(end + 4);
                if (head.Interim)
                {
                    if (++interim > MaxInterim) throw new NotHttpException("It does not come to its answer.");
                    continue;
                }

                Waiting = false;
                return head;
            }

            if (!ResponseHead.MayBegin(Buffered.Span)) throw new NotHttpException("It does not begin as an answer does.");
            if (await Fill(ResponseHead.MaxLength) > 0) continue;
            if (Buffered.IsEmpty) throw new EndOfStreamException();
            throw new NotHttpException("It ends before its head does.");
        }
    }

    private void Moved() => Volatile.Write(ref _moved, clock.GetTimestamp());

    private void MakeRoom(int max)
    {
        var kept = _end - _start;
        if (kept >= max) throw new NotHttpException($"Its head is longer than {max / 1024} kB.");
        var target = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Buffered.CopyTo(target);
        if (!ReferenceEquals(target, _buffer)) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (target, 0, kept);
    }

    private void Release()
    {
        var buffer = _buffer;
        (_buffer, _start, _end) = ([], 0, 0);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }
}
