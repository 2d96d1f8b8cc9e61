namespace BrowserTech.RemoteCanvas;

/// <summary>
/// What a backend draws for one viewer. All calls come one after the other, never two at once. Make one for each viewer: the camera is
/// the viewer's own.
/// </summary>
public interface IRemoteScene
{
    /// <summary>
    /// Something the viewer did, in order. The next frame is asked for afterwards. What is not understood is refused by throwing
    /// <see cref="RefusedInputException"/>: the viewer is told why, and let go. When the viewer is gone, pointers that it held are cancelled and its keys
    /// go up: a key does not hang in a scene that outlives a connection.
    /// </summary>
    void OnInput(in CanvasInput input);

    /// <summary>Draws the picture, already of the size that is asked for, whole. May use several threads.</summary>
    /// <param name="request">How much of it, and how well.</param>
    /// <param name="picture">Where it goes.</param>
    /// <param name="abandoned">
    /// Cancelled when the picture is not wanted any more: a still that was overtaken by input, or a viewer who left. Returning early is
    /// fine then, whatever is in the picture.
    /// </param>
    /// <returns>How much was drawn (points, objects, samples): shown to the viewer, nothing else.</returns>
    uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned);
}

/// <summary>What one frame is to be.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Effort">
/// From just above 0 to 1: how much work the machine and the line can take while things move. What it means is the scene's own business: points,
/// samples, shadows.
/// </param>
/// <param name="IsStill">Nothing moves: draw everything, as well as can be. <paramref name="Effort"/> is 1.</param>
public readonly record struct FrameRequest(int Width, int Height, double Effort, bool IsStill);

/// <summary>The scene does not take what the viewer sent. The message is shown to people.</summary>
public sealed class RefusedInputException : Exception
{
    public RefusedInputException()
    {
    }

    public RefusedInputException(string message) : base(message)
    {
    }

    public RefusedInputException(string message, Exception inner) : base(message, inner)
    {
    }
}
