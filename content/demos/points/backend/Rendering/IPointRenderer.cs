using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points.Rendering;

/// <summary>
/// Draws points for all viewers of this process, one picture after the other: what it needs of memory, or of a graphics card, it needs once. May be
/// called from several threads; each waits for its picture.
/// </summary>
internal interface IPointRenderer : IDisposable
{
    /// <summary>What draws, as it is shown to people.</summary>
    string Name { get; }

    /// <summary>Points it is good for while things move, with full effort. A still has all points that are in view.</summary>
    long PointsInMotion { get; }

    /// <param name="draws">Which points.</param>
    /// <param name="view">Of the size of the picture.</param>
    /// <param name="picture">Where it goes.</param>
    /// <param name="abandoned">Nobody wants it any more.</param>
    /// <returns>False: it was abandoned, whatever is in the picture.</returns>
    /// <exception cref="RendererFailedException">It cannot draw, now or ever again.</exception>
    bool Draw(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned);
}

/// <summary>This way of drawing does not work here. The message says why, in words for people.</summary>
internal sealed class RendererFailedException : Exception
{
    public RendererFailedException()
    {
    }

    public RendererFailedException(string message) : base(message)
    {
    }

    public RendererFailedException(string message, Exception inner) : base(message, inner)
    {
    }
}
