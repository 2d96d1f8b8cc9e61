namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>
/// How much is drawn while things move. It is told what each frame cost and holds the frame rate near a target: first by drawing less at the full
/// size, and when there is little left of that, by a smaller picture. Down at once, up slowly, so that it does not swing.
/// </summary>
internal sealed class EffortController(double targetRate)
{
    private const double LeastEffort = 0.08;
    private static readonly double[] Scales = [1, 0.75, 0.5];

    /// <summary>Frames in a row that must plead for it before the picture changes its size: a new size begins a new video.</summary>
    private const int ScalePatience = 24;

    private readonly double _interval = 1000 / targetRate;
    private int _scale;
    private int _scaleVotes;
    private double _busy;

    /// <summary>From just above 0 to 1.</summary>
    public double Effort { get; private set; } = 0.5;

    /// <summary>Of each side of the picture.</summary>
    public double Scale => Scales[_scale];

    /// <summary>A moving frame was shown.</summary>
    /// <param name="rendering">Milliseconds.</param>
    /// <param name="encoding">Milliseconds. Goes on while the next one is rendered.</param>
    /// <param name="roundTrip">Milliseconds from the beginning of the frame to its acknowledgement.</param>
    /// <param name="inFlight">Frames that may be under way at once.</param>
    public void Told(double rendering, double encoding, double roundTrip, int inFlight)
    {
        // The slowest stage sets the rate: drawing, encoding, or the way of as many frames as may be under way.
        var slowest = Math.Max(Math.Max(rendering, encoding), roundTrip / inFlight);
        _busy = _busy == 0 ? slowest : _busy + (slowest - _busy) * 0.25;
        if (slowest > _interval * 1.05 && _busy > _interval * 0.95) Less(rendering);
        else if (_busy < _interval * 0.75) More();
        else _scaleVotes = 0;
    }

    private void Less(double rendering)
    {
        // Points help only as far as drawing is what takes the time.
        if (Effort > LeastEffort && rendering > _interval * 0.3)
        {
            Effort = Math.Max(LeastEffort, Effort * 0.88);
            return;
        }

        _scaleVotes = Math.Min(_scaleVotes, 0) - 1;
        if (_scaleVotes > -ScalePatience || _scale == Scales.Length - 1) return;
        (_scale, _scaleVotes, _busy) = (_scale + 1, 0, 0);
    }

    private void More()
    {
        if (_scale > 0)
        {
            // A larger picture has up to twice the pixels: only where that would still do.
            if (_busy > _interval * 0.4) return;
            _scaleVotes = Math.Max(_scaleVotes, 0) + 1;
            if (_scaleVotes < ScalePatience * 2) return;
            (_scale, _scaleVotes, _busy) = (_scale - 1, 0, 0);
            return;
        }

        Effort = Math.Min(1, Effort * 1.04);
    }
}
