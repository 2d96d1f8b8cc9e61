namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>What to do next.</summary>
internal enum Step
{
    /// <summary>Until something happens, or until <see cref="FrameFlow.Next"/>'s time has passed.</summary>
    Wait,

    /// <summary>Draw, quickly: something changed.</summary>
    Motion,

    /// <summary>Draw everything: nothing has moved for a while.</summary>
    Still,
}

/// <summary>
/// When a frame is drawn. A state machine without a clock or a thread: it is told what happened and when, and answers what to do.
/// <list type="number">
/// <item>Nothing is drawn without a reason: no change, no frame.</item>
/// <item>Not more than so many frames are unacknowledged. What changes meanwhile is drawn once, in its newest state, when there is a place.</item>
/// <item>When nothing has changed for a while, one complete frame follows, and then nothing.</item>
/// <item>Who does not look, or does not answer, is sent nothing.</item>
/// </list>
/// </summary>
internal sealed class FrameFlow(CanvasLimits limits)
{
    private readonly Dictionary<uint, TimeSpan> _unacknowledged = [];
    private bool _changed;
    private bool _complete = true;
    private bool _looking = true;
    private bool _silent;
    private TimeSpan _changedAt;

    /// <summary>Frames begun and not acknowledged.</summary>
    public int InFlight => _unacknowledged.Count;

    /// <summary>Whether the viewer is there to see something.</summary>
    public bool IsLooking => _looking && !_silent;

    /// <summary>Something changed: input, size, the scene itself.</summary>
    public void Change(TimeSpan now)
    {
        (_changed, _complete, _changedAt) = (true, false, now);
    }

    /// <summary>The viewer said something, whatever it was: its line is not cut.</summary>
    public void Hear(TimeSpan now)
    {
        if (!_silent) return;
        _silent = false;
        Change(now);
    }

    /// <summary>The viewer's page is hidden, or is seen again. What it missed is drawn anew.</summary>
    public void Look(bool looking, TimeSpan now)
    {
        if (looking && !_looking) Change(now);
        _looking = looking;
    }

    public void Begin(uint frame, Step step, TimeSpan now)
    {
        _unacknowledged[frame] = now;
        _changed = false;
        if (step == Step.Still) _complete = true;
    }

    /// <summary>Given up before it was sent, because something changed meanwhile.</summary>
    public void Abandon(uint frame)
    {
        _unacknowledged.Remove(frame);
        _complete = false;
    }

    /// <summary>How long it took from the beginning; null for a frame that is not waited for.</summary>
    public TimeSpan? Acknowledge(uint frame, TimeSpan now) => _unacknowledged.Remove(frame, out var begun) ? now - begun : null;

    /// <summary>What to do at this time, and, when it is to wait, at what time to ask again; null: not before something happens.</summary>
    public (Step Step, TimeSpan? Again) Next(TimeSpan now)
    {
        if (_unacknowledged.Count > 0 && now - _unacknowledged.Values.Min() >= limits.AckPatience)
        {
            // Its line is cut, or its page is frozen: what it says next is the reason to draw again.
            _unacknowledged.Clear();
            _silent = true;
        }

        if (!IsLooking || (!_changed && _complete)) return (Step.Wait, null);
        if (_unacknowledged.Count >= limits.FramesInFlight) return (Step.Wait, _unacknowledged.Values.Min() + limits.AckPatience);
        if (_changed) return (Step.Motion, null);
        var still = _changedAt + limits.StillAfter;
        return now >= still ? (Step.Still, null) : (Step.Wait, still);
    }
}
