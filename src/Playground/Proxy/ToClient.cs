using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// The direction to the client, and the only one who writes to it: what the backend says, and between its frames what the hub says
/// itself. One at a time; who has to wait for the end of a frame leaves a word, which is said there.
/// </summary>
internal sealed class ToClient(Stream client, LiveBackend backend, bool isWebSocket, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameTracker _tracker;
    private byte[]? _ping;
    private byte[]? _close;
    private volatile byte[] _lastPing = [];
    private long _since = clock.GetTimestamp();
    private bool _pinged;

    /// <summary>The ping that is to be answered; empty before the first.</summary>
    public byte[] LastPing => _lastPing;

    /// <summary>
    /// How long the client has owed an answer: since the ping was said, or, where it could not be said yet, since the client last took
    /// anything at all. One who is in the middle of a long frame and takes it is not dead.
    /// </summary>
    public TimeSpan Unanswered => clock.GetElapsedTime(Volatile.Read(ref _since));

    /// <summary>A close frame was said, by the backend or by the hub; nothing may follow it.</summary>
    public bool Closed { get; private set; }

    /// <summary>False when nothing more is to be passed on.</summary>
    public async ValueTask<bool> Pass(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (Closed) return false;
            if (!isWebSocket)
            {
                backend.Carried(received: 0, bytes.Length);
                await Write(bytes, cancel);
                return true;
            }

            return await PassFrames(bytes, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says it at once, or at the end of the frame that is being passed on. Never throws.</summary>
    public async Task Ping(byte[] frame, CancellationToken cancel)
    {
        try
        {
            await _turn.WaitAsync(cancel);
            try
            {
                (_ping, _pinged) = (frame, false);
                if (_tracker.AtBoundary) await SayPing(cancel);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            // It will be missed by its answer.
        }
    }

    /// <summary>Says it as soon as that is possible, or gives up: see <see cref="Closed"/>. Never throws.</summary>
    /// <param name="frame">A close frame.</param>
    /// <param name="passing">What passes on frames of the backend; when it is over, no frame that has begun will end.</param>
    /// <param name="clock">For the time it may take.</param>
    public async Task Close(byte[] frame, Task passing, TimeProvider clock)
    {
        using var late = new CancellationTokenSource(PlaygroundTimes.CutWait, clock);
        try
        {
            await _turn.WaitAsync(late.Token);
            try
            {
                _close = frame;
                if (_tracker.AtBoundary) await SayClose(late.Token);
            }
            finally
            {
                _turn.Release();
            }

            if (!Closed) await Task.WhenAny(_said.Task, passing).WaitAsync(late.Token);
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            // There is no place to say it.
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<bool> PassFrames(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var said = false;
        var from = 0;
        for (var at = 0; at < bytes.Length;)
        {
            at += _tracker.Take(bytes.Span[at..]);
            said |= !Opcode.IsControl(_tracker.Opcode);
            if (!_tracker.AtBoundary || (_ping is null && _close is null && _tracker.Opcode != Opcode.Close)) continue;
            await Write(bytes[from..at], cancel);
            from = at;
            if (_tracker.Opcode == Opcode.Close) Closed = true;
            else if (_close is not null) await SayClose(cancel);
            else await SayPing(cancel);
            if (Closed) break;
        }

        if (said) backend.Carried(received: 0, bytes.Length);
        else backend.Counted(received: 0, bytes.Length);
        if (!Closed && from < bytes.Length) await Write(bytes[from..], cancel);
        return !Closed;
    }

    private async ValueTask SayPing(CancellationToken cancel)
    {
        var ping = _lastPing = _ping!;
        _ping = null;
        await Write(ping, cancel);
        _pinged = true;
    }

    private async ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        await client.WriteAsync(bytes, cancel);
        // With a ping out it is no sign of life that the network still takes something.
        if (!_pinged) Volatile.Write(ref _since, clock.GetTimestamp());
    }

    private async ValueTask SayClose(CancellationToken cancel)
    {
        Closed = true;
        await Write(_close, cancel);
        _said.TrySetResult();
    }
}
