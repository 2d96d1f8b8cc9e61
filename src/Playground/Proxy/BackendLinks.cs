using System.Net.Sockets;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy.Loops;

namespace BrowserTech.Playground.Proxy;

/// <summary>The backend does not accept connections, or not now.</summary>
internal sealed class UnreachableException(bool busy, Exception cause) : Exception("The backend does not accept.", cause)
{
    /// <summary>It listens, and has more connections waiting than it said it would take; or the hub has all it may have.</summary>
    public bool Busy { get; } = busy;
}

internal enum LinkUse
{
    /// <summary>One the backend may have closed a moment ago: the request can be sent again.</summary>
    Any,

    /// <summary>A new one: the request cannot be sent twice, and one that is there may be closed while it is sent.</summary>
    Fresh,
}

/// <summary>
/// The connections to one backend that are between two requests, the last used first (of those that wait on the same thread as
/// the client, if there are any), and a look from time to time at those in use: one on which nothing moves is ended, and so is
/// one nobody needed for a while. Gone with the backend.
/// </summary>
internal sealed class BackendLinks : IDisposable
{
    /// <summary>Kept between requests. A backend may have a thread for each.</summary>
    private const int MaxIdle = 64;

    private readonly Lock _lock = new();
    private readonly List<BackendLink> _idle = [];
    private readonly HashSet<BackendLink> _busy = [];
    private readonly LiveBackend _backend;
    private readonly TimeProvider _clock;
    private readonly ITimer _look;
    private bool _looking;
    private bool _over;

    public BackendLinks(LiveBackend backend, TimeProvider clock)
    {
        (_backend, _clock) = (backend, clock);
        _look = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A link for one request: one that is there, else a new one.</summary>
    /// <param name="use">Whether one that is there will do.</param>
    /// <param name="cancel">The client is gone.</param>
    /// <exception cref="UnreachableException">There is none to be had.</exception>
    public ValueTask<BackendLink> Take(LinkUse use, CancellationToken cancel)
    {
        while (use == LinkUse.Any && TryTakeIdle() is { } idle)
        {
            if (TryUse(idle)) return new ValueTask<BackendLink>(idle);
            Drop(idle);
        }

        return Connect(cancel);
    }

    /// <summary>It is as good as new.</summary>
    public void GiveBack(BackendLink link)
    {
        link.Rest();
        lock (_lock)
        {
            if (!_over && _idle.Count < MaxIdle && link.EndedBy == LinkEnd.None && _busy.Remove(link))
            {
                _idle.Add(link);
                return;
            }
        }

        Drop(link);
    }

    public void Drop(BackendLink link)
    {
        lock (_lock) _busy.Remove(link);
        link.Dispose();
    }

    /// <summary>Idle links are closed; those in use are their carriers', whom the backend's end cuts.</summary>
    public void Dispose()
    {
        BackendLink[] idle;
        lock (_lock)
        {
            _over = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var link in idle) link.Dispose();
        _look.Dispose();
    }

    private BackendLink? TryTakeIdle()
    {
        lock (_lock)
        {
            if (_idle.Count == 0) return null;
            var at = _idle.FindLastIndex(static each => each.IsHere);
            if (at < 0) at = _idle.Count - 1;
            var link = _idle[at];
            _idle.RemoveAt(at);
            _busy.Add(link);
            return link;
        }
    }

    private static bool TryUse(BackendLink idle)
    {
        try
        {
            if (!idle.IsQuiet) return false;
            idle.MoveHere();
            idle.Begin();
            return true;
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            return false;
        }
    }

    private async ValueTask<BackendLink> Connect(CancellationToken cancel)
    {
        var link = new BackendLink(await Open(cancel), _backend, _clock);
        link.Begin();
        lock (_lock)
        {
            _busy.Add(link);
            if (_looking || _over) return link;
            _looking = true;
        }

        _look.Change(PlaygroundTimes.LinkLook, PlaygroundTimes.LinkLook);
        return link;
    }

    /// <summary>
    /// On a Unix socket whose queue is full the kernel says so at once, where on TCP it would make the caller wait: so the wait is here.
    /// </summary>
    private async Task<Stream> Open(CancellationToken cancel)
    {
        var start = _clock.GetTimestamp();
        for (var pause = PlaygroundTimes.FirstConnectPause; ; pause = pause < PlaygroundTimes.LastConnectPause ? pause * 2 : pause)
        {
            try
            {
                var made = await _backend.Instance!.Connect(cancel);
                return made is NetworkStream stream && OperatingSystem.IsLinux() ? Looped(stream) : made;
            }
            catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain or SocketError.TooManyOpenSockets)
            {
                if (_clock.GetElapsedTime(start) >= PlaygroundTimes.ConnectBusy) throw new UnreachableException(busy: true, full);
                await Task.Delay(pause, _clock, cancel);
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
            {
                throw new UnreachableException(busy: false, error);
            }
        }
    }

    private static LoopStream Looped(NetworkStream made)
    {
        try
        {
            return new LoopStream(made);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private void Look()
    {
        List<BackendLink> old = [];
        lock (_lock)
        {
            // Here and now: a moment later it may carry somebody else's request.
            foreach (var link in _busy)
                if (link.Waiting && link.Still >= PlaygroundTimes.RequestSilence) link.End(LinkEnd.Silent);
            old.AddRange(_idle.Where(static link => link.Still >= PlaygroundTimes.LinkIdle));
            _idle.RemoveAll(old.Contains);
            _looking = _busy.Count + _idle.Count > 0;
            if (!_looking && !_over) _look.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (var link in old) link.Dispose();
    }
}
