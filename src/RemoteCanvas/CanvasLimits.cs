namespace BrowserTech.RemoteCanvas;

/// <summary>What one viewer may ask for and take.</summary>
public sealed record CanvasLimits
{
    /// <summary>Bytes of state set by the page.</summary>
    public const int MaxState = 1024;

    /// <summary>Pixels of a picture. A larger window is shown a smaller picture, stretched.</summary>
    public int MaxPixels { get; init; } = 2560 * 1440;

    /// <summary>
    /// Frames that were begun and are not yet acknowledged as shown. One being drawn while the other is encoded and brought: more only wait
    /// in somebody's buffer, and are old when they are seen.
    /// </summary>
    public int FramesInFlight { get; init; } = 2;

    /// <summary>Inputs that wait for the next frame. Moves and states are merged and never many; a viewer who clicks faster is let go.</summary>
    public int MaxInputs { get; init; } = 256;

    /// <summary>Frames a second that are aimed at while things move.</summary>
    public double TargetRate { get; init; } = 32;

    /// <summary>How long nothing must have moved before the whole picture is drawn.</summary>
    public TimeSpan StillAfter { get; init; } = TimeSpan.FromMilliseconds(140);

    /// <summary>How long an unacknowledged frame holds up the next one. Then its viewer counts as not looking, until it says something.</summary>
    public TimeSpan AckPatience { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Between two starts of a video encoder for one viewer, whatever it asks for: a new size, another quality, a key frame. Until it is over, a viewer that
    /// needs another one is sent pictures.
    /// </summary>
    public TimeSpan EncoderPause { get; init; } = TimeSpan.FromMilliseconds(500);
}
