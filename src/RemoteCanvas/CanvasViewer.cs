using System.Net.WebSockets;
using BrowserTech.RemoteCanvas.Encoding;
using BrowserTech.RemoteCanvas.Flow;
using BrowserTech.RemoteCanvas.Wire;
using BrowserTech.SessionBackend;

namespace BrowserTech.RemoteCanvas;

/// <summary>
/// Shows a scene to one viewer: the other end of a <c>&lt;remote-canvas&gt;</c>. It draws when something changed, encodes one frame while the next
/// is drawn, and never has more under way than the viewer has room for. When nothing moves any more it sends the whole picture, once, and then nothing.
/// <code>
/// OnSocket = (call, socket) => new CanvasViewer(socket, new MyScene()).RunAsync(backend.Stopping)
/// </code>
/// </summary>
/// <param name="socket">The viewer's.</param>
/// <param name="scene">What it sees.</param>
/// <param name="limits">What it may take; null: the usual.</param>
/// <param name="clock">Null: the system's.</param>
public sealed class CanvasViewer(BackendSocket socket, IRemoteScene scene, CanvasLimits? limits = null, TimeProvider? clock = null)
{
    private readonly CanvasLimits _limits = limits ?? new CanvasLimits();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ViewerState _state = new(limits ?? new CanvasLimits(), clock ?? TimeProvider.System);

    /// <summary>Called with what somebody who runs this should know. Default: standard error, which the hub keeps.</summary>
    public Action<string> Log { get; init; } = Console.Error.WriteLine;

    /// <summary>Whether this machine has what it takes to send video; else every frame is a picture of its own.</summary>
    public static bool CanStreamVideo => Ffmpeg.OfThisMachine is not null;

    internal Ffmpeg? Ffmpeg { get; init; } = Ffmpeg.OfThisMachine;

    /// <summary>The scene changed by itself: draw it. From any thread.</summary>
    public void Invalidate() => _state.Change();

    /// <summary>Until the viewer leaves, or is let go because of what it sent. What it held down the scene is then told to be let go.</summary>
    /// <param name="stopping">Ends it; usually <see cref="BackendProcess.Stopping"/>.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var drawing = DrawAsync(ending.Token);
        try
        {
            while (await socket.ReceiveAsync(ending.Token).ConfigureAwait(false) is { } message)
            {
                if (await HearAsync(message).ConfigureAwait(false) is not { } why) continue;
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, CloseReason.Of(why)).ConfigureAwait(false);
                break;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The process stops, or drawing failed and says so below.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await drawing.ConfigureAwait(false);
        }
    }

    /// <summary>Null, or why the viewer is let go.</summary>
    private async ValueTask<string?> HearAsync(SocketMessage received)
    {
        if (received.IsText) return "Viewers speak in bytes.";
        if (!ClientMessage.TryRead(received.Data, out var message, out var why)) return why;
        if (message.Kind != ClientMessage.Ping) return _state.Hear(message);
        // After a frame that is on its way. Who asks and does not read is not heard meanwhile.
        await socket.SendAsync(received.Data).ConfigureAwait(false);
        return null;
    }

    private async Task DrawAsync(CancellationToken ending)
    {
        await Task.Yield();
        await using var encoders = new EncoderChoice(Ffmpeg, _limits.EncoderPause, _clock, Log, ending);
        var loop = new FrameLoop(scene, _state, encoders, new FrameSender(socket, _state, encoders), _limits);
        try
        {
            await loop.RunAsync(ending).ConfigureAwait(false);
        }
        catch (RefusedInputException refused)
        {
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, CloseReason.Of(refused.Message)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The viewer has left.
        }
        catch (Exception)
        {
            // Nobody would be drawn to any more: the socket's handler is to end too, with this error, which the backend's output then says.
            await socket.CloseAsync(WebSocketCloseStatus.InternalServerError, "The picture could not be drawn or sent; the backend's output says more.").ConfigureAwait(false);
            throw;
        }
        finally
        {
            loop.Release();
        }
    }
}
