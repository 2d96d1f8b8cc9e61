using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points;

/// <summary>How much one process does at once. Its memory is for that, and a test adds it up.</summary>
internal static class Viewing
{
    /// <summary>Tabs that look at one process. Each has pictures and an encoder of its own; what draws is shared.</summary>
    public const int MostViewers = 3;

    /// <summary>A larger window is shown a smaller picture, stretched.</summary>
    public static readonly CanvasLimits Limits = new() { MaxPixels = 1920 * 1200 };

    /// <summary>As many processors as <c>demo.md</c> gives it; each thread has a picture of its own to draw into.</summary>
    public static readonly int Threads = Math.Clamp(Environment.ProcessorCount, 1, 2);
}
