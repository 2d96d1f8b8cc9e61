using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>
/// A connected socket that a loop waits for. One reader and one writer at a time; each asks the kernel only when there is something to
/// get, since a loop says so, and who waits holds no memory for what may come. Owns the socket.
/// </summary>
internal sealed class LoopSocket : IDisposable
{
    /// <summary>Reads that were each given all they had room for, before others get their turn.</summary>
    private const int MaxInRow = 16;

    private readonly Signal _readable = new();
    private readonly Signal _writable = new();
    private readonly Socket _socket;
    private EventLoop _loop;
    private long _id;
    private volatile bool _last;
    private bool _more;
    private int _inRow;
    private int _closed;

    public LoopSocket(Socket socket, EventLoop loop)
    {
        (_socket, _loop, Handle) = (socket, loop, socket.SafeHandle);
        _id = loop.Watch(this);
    }

    public SafeSocketHandle Handle { get; }

    /// <summary>It is this thread that waits for it.</summary>
    public bool IsHere => _loop.IsThis;

    /// <summary>It is open, and there is nothing to read. Not while anybody reads.</summary>
    public unsafe bool IsQuiet()
    {
        byte one;
        try
        {
            return LoopCalls.Receive(Handle, &one, 1, LoopCalls.DontWait | LoopCalls.Peek) < 0 && Marshal.GetLastPInvokeError() == LoopCalls.Again;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Waited for by this thread's loop from now on, if it is one's: so what one request waits for is told on one thread. Not while anybody
    /// reads or writes.
    /// </summary>
    /// <exception cref="IOException">It cannot be waited for any more.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public void MoveHere()
    {
        if (IsHere || !EventLoop.IsHere) return;
        _loop.Unwatch(this, _id);
        // What there is to read is told again, by the new one.
        (_loop, _id) = (EventLoop.Here, EventLoop.Here.Watch(this));
        // One of two sees the other: who closes it meanwhile, or we.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _closed) != 0) _loop.Forget(_id);
    }

    /// <summary>By the loop.</summary>
    public void Told(uint events)
    {
        const uint Over = LoopCalls.Error | LoopCalls.HangUp;
        // First, because who waits goes on within the word that is said.
        if ((events & (LoopCalls.ReadHangUp | Over)) != 0) _last = true;
        if ((events & (LoopCalls.Out | Over)) != 0) _writable.Say();
        if ((events & (LoopCalls.In | LoopCalls.ReadHangUp | Over)) != 0) _readable.Say();
    }

    /// <summary>Waits until there may be something to read. On a loop no one goes on and on: what never ends is read elsewhere.</summary>
    public ValueTask Readable()
    {
        if (_more && _inRow++ < MaxInRow) return ValueTask.CompletedTask;
        _inRow = 0;
        if (!_more) return _readable.Wait();
        return EventLoop.IsHere ? Elsewhere() : ValueTask.CompletedTask;
    }

    /// <summary>What is there: how many bytes, 0 at the end of the stream, less than 0 when there is nothing yet.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">It was closed here.</exception>
    public unsafe int TryReceive(Span<byte> into)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed) != 0, this);
            nint count;
            fixed (byte* start = into) count = LoopCalls.Receive(Handle, start, into.Length, LoopCalls.DontWait);
            // Less than there was room for: there is no more, and what comes will be told. But the end may have been told already.
            _more = count == into.Length || count == 0 || _last;
            if (count >= 0) return (int)count;
            var error = Marshal.GetLastPInvokeError();
            if (error == LoopCalls.Again) return -1;
            if (error != LoopCalls.Interrupted) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> Receive(Memory<byte> into)
    {
        while (true)
        {
            await Readable();
            var count = TryReceive(into.Span);
            if (count >= 0) return count;
        }
    }

    /// <summary>All of it.</summary>
    public ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        var sent = TrySend(bytes.Span);
        return sent == bytes.Length ? ValueTask.CompletedTask : SendRest(bytes[sent..]);
    }

    /// <summary>What waits goes on, with an error, elsewhere: who closes may hold a lock.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        _loop.Forget(_id);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The other side was first.
        }

        _socket.Dispose();
        ThreadPool.UnsafeQueueUserWorkItem(static each => each.SayClosed(), this, preferLocal: false);
    }

    private static async ValueTask Elsewhere() => await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private void SayClosed()
    {
        _writable.Say();
        _readable.Say();
    }

    private async ValueTask SendRest(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            _loop.WatchWriting(this, _id, also: true);
            await _writable.Wait();
            bytes = bytes[TrySend(bytes.Span)..];
        }

        _loop.WatchWriting(this, _id, also: false);
    }

    private unsafe int TrySend(ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (sent < bytes.Length)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed) != 0, this);
            nint count;
            fixed (byte* start = bytes[sent..]) count = LoopCalls.Send(Handle, start, bytes.Length - sent, LoopCalls.DontWait | LoopCalls.NoSignal);
            if (count >= 0)
            {
                sent += (int)count;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == LoopCalls.Again) return sent;
            if (error != LoopCalls.Interrupted) throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }

        return sent;
    }
}
