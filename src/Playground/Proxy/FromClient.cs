using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// The direction from the client. Answers to the hub's own pings stay here; everything else passes, and what is whole passes in
/// one write. Once the backend takes nothing more, what comes is read for the client's farewell alone.
/// </summary>
internal sealed class FromClient(BackendLink link, LiveBackend backend, bool isWebSocket)
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _pong;
    private byte[] _answered = [];
    private bool _keeping;
    private int _pongLength;
    private FrameTracker _tracker;
    private bool _refused;

    /// <summary>Completes when the client has said that it closes.</summary>
    public Task Closed => _closed.Task;

    public async ValueTask Pass(ReadOnlyMemory<byte> bytes, byte[] ping)
    {
        var said = !isWebSocket;
        var from = 0;
        for (var at = 0; isWebSocket && at < bytes.Length;)
        {
            var begins = _tracker.AtBoundary;
            var taken = _tracker.Take(bytes.Span[at..]);
            if (_tracker.Lost) await LetGo();
            if (begins) _keeping = _tracker.Opcode == Opcode.Pong && ping != _answered && ControlFrames.MayAnswer(bytes.Span.Slice(at, taken));
            if (_keeping && !_tracker.Lost)
            {
                // What came before it goes first: the order is the peer's.
                await Write(bytes[from..at]);
                from = at + taken;
                await Keep(bytes.Slice(at, taken), ping);
            }
            else
            {
                said |= !Opcode.IsControl(_tracker.Opcode);
            }

            if (_tracker is { Opcode: Opcode.Close, AtBoundary: true }) _closed.TrySetResult();
            at += taken;
        }

        if (said) backend.Carried(bytes.Length, sent: 0);
        else backend.Counted(bytes.Length, sent: 0);
        await Write(bytes[from..]);
    }

    /// <summary>A pong that may be the hub's is short; it is kept until it is whole, and then it is known whose it is.</summary>
    private async ValueTask Keep(ReadOnlyMemory<byte> bytes, byte[] ping)
    {
        _pong ??= new byte[ControlFrames.MaxLength];
        bytes.CopyTo(_pong.AsMemory(_pongLength));
        _pongLength += bytes.Length;
        if (!_tracker.AtBoundary) return;
        if (ControlFrames.Answers(_pong.AsSpan(0, _pongLength), ping)) (_answered, _pongLength) = (ping, 0);
        else await LetGo();
    }

    /// <summary>What was kept is the backend's.</summary>
    private ValueTask LetGo()
    {
        var kept = _pong.AsMemory(0, _pongLength);
        _pongLength = 0;
        return Write(kept);
    }

    private async ValueTask Write(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || _refused) return;
        try
        {
            await link.Stream.WriteAsync(bytes);
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            _refused = true;
        }
    }
}
