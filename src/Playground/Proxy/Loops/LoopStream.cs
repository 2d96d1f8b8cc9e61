using System.Net.Sockets;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>A connection to a backend, waited for by a loop. Reading cannot be cancelled but by closing it.</summary>
internal sealed class LoopStream(NetworkStream made) : Stream
{
    private readonly LoopSocket _socket = new(made.Socket, EventLoop.Here);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc cref="LoopSocket.IsHere"/>
    public bool IsHere => _socket.IsHere;

    /// <inheritdoc cref="LoopSocket.IsQuiet"/>
    public bool IsQuiet() => _socket.IsQuiet();

    /// <inheritdoc cref="LoopSocket.MoveHere"/>
    public void MoveHere() => _socket.MoveHere();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _socket.Receive(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _socket.Send(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _socket.Dispose();
        made.Dispose(); // there is nothing left for it to do but to be forgotten
        base.Dispose(disposing);
    }
}
