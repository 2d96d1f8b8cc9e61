using System.Threading.Channels;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>One frame that is to be drawn now.</summary>
/// <param name="Step">Never <see cref="Step.Wait"/>.</param>
/// <param name="Hello">What the viewer asked for last.</param>
/// <param name="Scale">Of each side of the picture.</param>
/// <param name="Effort">See <see cref="FrameRequest.Effort"/>.</param>
/// <param name="Overtaken">Cancelled when a still is not wanted any more.</param>
internal readonly record struct FramePlan(Step Step, ClientMessage Hello, double Scale, double Effort, CancellationToken Overtaken);

/// <summary>
/// What hearing a viewer and drawing for it have in common, behind one lock. Nothing foreign runs while the lock is held: what a cancelled token
/// sets off is the scene's own.
/// </summary>
internal sealed class ViewerState(CanvasLimits limits, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly long _came = clock.GetTimestamp();
    private readonly FrameFlow _flow = new(limits);
    private readonly InputQueue _inputs = new(limits.MaxInputs);
    private readonly EffortController _effort = new(limits.TargetRate);
    private readonly Dictionary<uint, (double Rendering, double Encoding)> _costs = [];
    private ClientMessage _hello;
    private CancellationTokenSource? _still;
    private bool _isOvertaken;
    private bool _isLost;

    /// <summary>Since the viewer came.</summary>
    public TimeSpan Now => clock.GetElapsedTime(_came);

    /// <summary>The scene changed by itself.</summary>
    public void Change()
    {
        CancellationTokenSource? still;
        lock (_lock) still = Changed();
        still?.Cancel();
        Wake();
    }

    /// <summary>Null, or why the viewer is let go.</summary>
    public string? Hear(in ClientMessage message)
    {
        CancellationTokenSource? still = null;
        lock (_lock)
        {
            _flow.Hear(Now);
            switch (message.Kind)
            {
                case ClientMessage.Hello:
                    _hello = message;
                    still = Changed();
                    break;
                case ClientMessage.Shown:
                    if (_flow.Acknowledge(message.Frame, Now) is { } took && _costs.Remove(message.Frame, out var cost) && !message.Flag)
                        _effort.Told(cost.Rendering, cost.Encoding, took.TotalMilliseconds, limits.FramesInFlight);
                    break;
                case ClientMessage.KeyFrame:
                    _isLost = true;
                    still = Changed();
                    break;
                case ClientMessage.Looking:
                    _flow.Look(message.Flag, Now);
                    break;
                default:
                    if (!_inputs.Add(message.Input)) return $"More than {limits.MaxInputs} clicks and keys wait for one frame.";
                    still = Changed();
                    break;
            }
        }

        still?.Cancel();
        Wake();
        return null;
    }

    /// <summary>
    /// Begins a frame where one is due; else says when to ask again, or null: when something has happened. Either way the input is handed over that
    /// the scene is to hear now: what comes before a frame waits for it, to be merged, but where nobody looks there is nothing to wait for.
    /// </summary>
    public bool TryBegin(uint frame, List<CanvasInput> inputs, out FramePlan plan, out TimeSpan? again)
    {
        (plan, again) = (default, null);
        inputs.Clear();
        lock (_lock)
        {
            if (_hello.Kind == 0) return false;
            (var step, again) = _flow.Next(Now);
            if (step != Step.Wait || !_flow.IsLooking) _inputs.Drain(inputs);
            if (step == Step.Wait) return false;
            _flow.Begin(frame, step, Now);
            (_still, _isOvertaken) = (step == Step.Still ? new CancellationTokenSource() : null, false);
            plan = new FramePlan(step, _hello, _effort.Scale, _effort.Effort, _still?.Token ?? CancellationToken.None);
            return true;
        }
    }

    /// <summary>It is drawn. False: it was overtaken, and is not to be sent.</summary>
    public bool Finish(uint frame)
    {
        lock (_lock)
        {
            var wanted = _still is null || !_isOvertaken;
            _still = null;
            if (!wanted) _flow.Abandon(frame);
            return wanted;
        }
    }

    /// <summary>Whether the viewer said, since it was last asked, that it can show nothing more of the video.</summary>
    public bool TakeLoss()
    {
        lock (_lock)
        {
            var lost = _isLost;
            _isLost = false;
            return lost;
        }
    }

    /// <summary>A moving frame goes out: what it cost, for when it is acknowledged.</summary>
    public void Cost(in FrameHeader header)
    {
        lock (_lock)
        {
            // Frames that were never acknowledged.
            if (_costs.Count > 4 * limits.FramesInFlight) _costs.Clear();
            _costs[header.Number] = (header.Rendering, header.Encoding);
        }
    }

    /// <summary>Until something happens, or that time has come.</summary>
    public async Task WaitAsync(TimeSpan? until, CancellationToken ending)
    {
        if (until is not { } time)
        {
            await _wake.Reader.ReadAsync(ending).ConfigureAwait(false);
            return;
        }

        var wait = time - Now;
        if (wait <= TimeSpan.Zero) return;
        using var due = CancellationTokenSource.CreateLinkedTokenSource(ending);
        await using var timer = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), due, wait, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await ((Task)_wake.Reader.WaitToReadAsync(due.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }

    /// <summary>The still that is being drawn, to be cancelled when the lock is not held any more.</summary>
    private CancellationTokenSource? Changed()
    {
        _flow.Change(Now);
        _isOvertaken = true;
        return _still;
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
