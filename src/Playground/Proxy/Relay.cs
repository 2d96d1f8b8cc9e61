using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Carries an upgraded connection: what one side sends the other gets, byte for byte, each direction with one buffer, so that who reads
/// slowly slows down who writes. When one side ends, both do. On a WebSocket it also knows where frames end (it looks into none), and so
/// <list type="bullet">
/// <item>only frames that carry something are activity: a tab that merely answers pings is idle;</item>
/// <item>a client that is silent is sent a ping, whose answer stays here, and dropped if nothing comes; but not while the backend does
/// not take what the client sent, because then nobody listens to the client, and TCP alone says whether it is there;</item>
/// <item>when the hub ends the connection the client is told why in a close frame, if there is a place to say it.</item>
/// </list>
/// </summary>
internal sealed class Relay(Stream client, BackendLink link, Visit visit, bool isWebSocket, Action abort, TimeProvider clock) : ICuttable, IDisposable
{
    private readonly FromClient _up = new(link, visit.Backend, isWebSocket);
    private readonly ToClient _down = new(client, visit.Backend, isWebSocket, clock);
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<Cut> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _silence;
    private long _heard = clock.GetTimestamp();
    private bool _pinged;
    private volatile bool _deaf;

    /// <summary>Until both sides are closed. Never throws.</summary>
    public async Task Run()
    {
        visit.Presence.Attach(this);
        if (isWebSocket) _silence = clock.CreateTimer(_ => Look(), null, PlaygroundTimes.PeerSilence, Timeout.InfiniteTimeSpan);
        var up = Up();
        var down = Down();
        if (await Task.WhenAny(up, down, _cut.Task) != up) await Farewell(up, down);
        if (_silence is not null) await _silence.DisposeAsync();
        // Whatever still waits for either side waits in vain.
        link.End(LinkEnd.Done);
        await _over.CancelAsync();
        await Task.WhenAny(Task.WhenAll(up, down), Task.Delay(PlaygroundTimes.CutWait, clock));
        if (!down.IsCompleted || !up.IsCompleted) abort();
        await Task.WhenAll(up, down);
    }

    public void Dispose()
    {
        _over.Dispose();
        _down.Dispose();
    }

    public void Cut(Cut why) => _cut.TrySetResult(why);

    private async Task Up()
    {
        var buffer = new GrowingBuffer();
        try
        {
            while (await client.ReadAsync(buffer.Free, _over.Token) is > 0 and var read)
            {
                Volatile.Write(ref _heard, clock.GetTimestamp());
                _deaf = true;
                await _up.Pass(buffer.Free[..read], _down.LastPing);
                // In this order: what the client said meanwhile is heard only now.
                Volatile.Write(ref _heard, clock.GetTimestamp());
                _deaf = false;
                buffer.Filled(read);
            }
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            // Gone, one way or another.
        }
        finally
        {
            buffer.Return();
        }
    }

    private async Task Down()
    {
        var buffer = new GrowingBuffer();
        try
        {
            if (!link.Buffered.IsEmpty) await _down.Pass(link.Buffered, _over.Token);
            while (await link.Stream.ReadAsync(buffer.Free) is > 0 and var read)
            {
                if (!await _down.Pass(buffer.Free[..read], _over.Token)) return;
                buffer.Filled(read);
            }
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            // The backend is gone, or the client does not take anything any more.
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>The client is still there: it is told why it ends, and given the time to answer.</summary>
    private async Task Farewell(Task up, Task down)
    {
        if (!isWebSocket) return;
        if (!_down.Closed && await Why(up) is { } why)
            await _down.Close(ControlFrames.Close(why), down, clock);
        if (!_down.Closed) return;
        link.End(LinkEnd.Done);
        await Task.WhenAny(up, _up.Closed, Task.Delay(PlaygroundTimes.CloseAnswer, clock));
    }

    /// <summary>A process that ends takes its connections with it a moment before it is seen to be gone.</summary>
    private async Task<Cut?> Why(Task up)
    {
        using var late = new CancellationTokenSource(PlaygroundTimes.EndNotice, clock);
        while (!_cut.Task.IsCompleted)
        {
            var changed = visit.Backend.StateChanged;
            if (visit.Backend.Life is { State: > BackendState.Ready } life) return Backends.Cut.Ended(life.Reason ?? EndReason.Exited);
            if (late.IsCancellationRequested || up.IsCompleted) return null;
            await Task.WhenAny(changed, _cut.Task, up, Task.Delay(Timeout.InfiniteTimeSpan, late.Token));
        }

        return await _cut.Task;
    }

    private void Look()
    {
        var silent = clock.GetElapsedTime(Volatile.Read(ref _heard));
        if (silent < PlaygroundTimes.PeerSilence)
        {
            _pinged = false;
            _silence?.Change(PlaygroundTimes.PeerSilence - silent, Timeout.InfiniteTimeSpan);
        }
        else if (_deaf)
        {
            _pinged = false;
            _silence?.Change(PlaygroundTimes.PeerAnswer, Timeout.InfiniteTimeSpan);
        }
        else if (!_pinged)
        {
            _pinged = true;
            _ = _down.Ping(ControlFrames.Ping(), _over.Token);
            _silence?.Change(PlaygroundTimes.PeerAnswer, Timeout.InfiniteTimeSpan);
        }
        else if (_down.Unanswered < PlaygroundTimes.PeerAnswer)
        {
            _silence?.Change(PlaygroundTimes.PeerAnswer - _down.Unanswered, Timeout.InfiniteTimeSpan);
        }
        else
        {
            // Not even a lost connection tells by itself that it is lost.
            abort();
            link.End(LinkEnd.Client);
        }
    }
}
