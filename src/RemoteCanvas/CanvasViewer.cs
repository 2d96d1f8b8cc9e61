using System.Threading.Channels;
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
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<uint, (double Rendering, double Encoding)> _costs = [];
    private readonly List<CanvasInput> _drained = [];
    private readonly Picture[] _pictures = [new(), new()];
    private long _came;
    private FrameFlow _flow = null!;
    private InputQueue _inputs = null!;
    private EffortController _effort = null!;
    private ClientMessage _hello;
    private CancellationTokenSource? _still;
    private bool _restart;
    private uint _answered;

    /// <summary>Called with what somebody who runs this should know. Default: standard error, which the hub keeps.</summary>
    public Action<string> Log { get; init; } = Console.Error.WriteLine;

    /// <summary>Whether this machine has what it takes to send video; else every frame is a picture of its own.</summary>
    public static bool CanStreamVideo => H264Encoder.FindProgram() is not null;

    private TimeSpan Now => _clock.GetElapsedTime(_came);

    /// <summary>The scene changed by itself: draw it. From any thread.</summary>
    public void Invalidate()
    {
        lock (_lock)
        {
            _flow?.Change(Now);
            _still?.Cancel();
        }

        Wake();
    }

    /// <summary>Until the viewer leaves, or is let go because of what it sent.</summary>
    /// <param name="stopping">Ends it; usually <see cref="BackendProcess.Stopping"/>.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        _came = _clock.GetTimestamp();
        (_flow, _inputs, _effort) = (new FrameFlow(_limits), new InputQueue(_limits.MaxInputs), new EffortController(_limits.TargetRate));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var drawing = DrawAsync(ending.Token);
        try
        {
            while (await socket.ReceiveAsync(ending.Token).ConfigureAwait(false) is { } message)
            {
                if (await HearAsync(message).ConfigureAwait(false) is not { } why) continue;
                await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.PolicyViolation, why).ConfigureAwait(false);
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
        if (message.Kind == ClientMessage.Ping)
        {
            // After a frame that is on its way. Who asks and does not read is not heard meanwhile.
            await socket.SendAsync(received.Data).ConfigureAwait(false);
            return null;
        }

        lock (_lock)
        {
            _flow.Hear(Now);
            switch (message.Kind)
            {
                case ClientMessage.Hello:
                    _hello = message;
                    Changed();
                    break;
                case ClientMessage.Shown:
                    if (_flow.Acknowledge(message.Frame, Now) is { } took && _costs.Remove(message.Frame, out var cost) && !message.Flag)
                        _effort.Told(cost.Rendering, cost.Encoding, took.TotalMilliseconds, _limits.FramesInFlight);
                    break;
                case ClientMessage.KeyFrame:
                    _restart = true;
                    Changed();
                    break;
                case ClientMessage.Looking:
                    _flow.Look(message.Flag, Now);
                    break;
                default:
                    if (!_inputs.Add(message.Input)) return $"More than {_limits.MaxInputs} clicks and keys wait for one frame.";
                    Changed();
                    break;
            }
        }

        Wake();
        return null;
    }

    private void Changed()
    {
        _flow.Change(Now);
        _still?.Cancel();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task DrawAsync(CancellationToken ending)
    {
        await Task.Yield();
        await using var encoders = new EncoderChoice(H264Encoder.FindProgram(), Log, ending);
        var sending = Task.CompletedTask;
        try
        {
            for (uint frame = 1; !ending.IsCancellationRequested;)
            {
                var (step, again) = Decide(frame);
                if (step == Step.Wait)
                {
                    await WaitAsync(again, ending).ConfigureAwait(false);
                    continue;
                }

                // The other picture may still be with the encoder.
                var picture = _pictures[frame % 2];
                if (Draw(frame, step, picture, encoders, ending) is not { } header)
                {
                    continue;
                }

                await sending.ConfigureAwait(false);
                sending = Task.Run(() => SendAsync(header, picture, encoders, ending), CancellationToken.None);
                frame++;
            }
        }
        catch (RefusedInputException refused)
        {
            await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.PolicyViolation, refused.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The viewer has left.
        }
        catch (Exception)
        {
            // Nobody would be drawn to any more: the socket's handler is to end too, with this error.
            socket.Abort();
            throw;
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes what is to be done, and the input for it.</summary>
    private (Step Step, TimeSpan? Again) Decide(uint frame)
    {
        lock (_lock)
        {
            if (_hello.Kind == 0) return (Step.Wait, null);
            var (step, again) = _flow.Next(Now);
            if (step == Step.Wait) return (step, again);
            _flow.Begin(frame, step, Now);
            _drained.Clear();
            _inputs.Drain(_drained);
            if (_drained.Count > 0) _answered = _drained[^1].Sequence;
            _still = step == Step.Still ? new CancellationTokenSource() : null;
        }

        return (Step: _still is null ? Step.Motion : Step.Still, null);
    }

    private async Task WaitAsync(TimeSpan? until, CancellationToken ending)
    {
        if (until is not { } time)
        {
            await _wake.Reader.ReadAsync(ending).ConfigureAwait(false);
            return;
        }

        var wait = time - Now;
        if (wait <= TimeSpan.Zero) return;
        using var due = CancellationTokenSource.CreateLinkedTokenSource(ending);
        await using var timer = _clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), due, wait, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await ((Task)_wake.Reader.WaitToReadAsync(due.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }

    /// <summary>Null: it was overtaken, and is not sent.</summary>
    private FrameHeader? Draw(uint frame, Step step, Picture picture, EncoderChoice encoders, CancellationToken ending)
    {
        var begun = Now;
        ClientMessage hello;
        double scale;
        lock (_lock) (hello, scale) = (_hello, _effort.Scale);
        foreach (var input in _drained) scene.OnInput(input);
        encoders.Want(hello.Codecs, hello.Quality);
        var (askedWidth, askedHeight) = Fit(hello.Width, hello.Height, 1);
        var (width, height) = step == Step.Still ? (askedWidth, askedHeight) : Fit(hello.Width, hello.Height, scale);
        if (step != Step.Still) (width, height) = encoders.SizeFor(width, height, askedWidth, askedHeight);
        picture.Resize(width, height);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(ending, _still?.Token ?? default);
        var drawn = scene.Render(new FrameRequest(width, height, step == Step.Still ? 1 : _effort.Effort, step == Step.Still), picture, abandoned.Token);
        lock (_lock)
        {
            var overtaken = _still?.IsCancellationRequested is true;
            _still = null;
            if (overtaken)
            {
                _flow.Abandon(frame);
                return null;
            }
        }

        return new FrameHeader
        {
            Number = frame, Input = _answered, Width = width, Height = height, Begun = begun.TotalMilliseconds, Rendering = (Now - begun).TotalMilliseconds,
            IsComplete = step == Step.Still, Drawn = drawn, AskedWidth = askedWidth, AskedHeight = askedHeight,
        };
    }

    private async Task SendAsync(FrameHeader header, Picture picture, EncoderChoice encoders, CancellationToken ending)
    {
        var begun = Now;
        bool restart;
        lock (_lock) (restart, _restart) = (_restart, false);
        if (restart) await encoders.RestartAsync().ConfigureAwait(false);
        var encoded = await encoders.EncodeAsync(picture, header.IsComplete, ending).ConfigureAwait(false);
        header = header with
        {
            Codec = encoded.Codec, IsKey = encoded.IsKey, HasDescription = encoded.Description.Length > 0, Stream = encoders.Stream, Encoding = (Now - begun).TotalMilliseconds,
        };
        if (!header.IsComplete)
        {
            lock (_lock)
            {
                // Frames that were never acknowledged.
                if (_costs.Count > 4 * _limits.FramesInFlight) _costs.Clear();
                _costs[header.Number] = (header.Rendering, header.Encoding);
            }
        }

        var description = header.HasDescription ? 4 + encoded.Description.Length : 0;
        var message = new byte[FrameHeader.Bytes + description + encoded.Payload.Length];
        header.Write(message);
        if (description > 0)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(FrameHeader.Bytes), encoded.Description.Length);
            encoded.Description.Span.CopyTo(message.AsSpan(FrameHeader.Bytes + 4));
        }

        encoded.Payload.Span.CopyTo(message.AsSpan(FrameHeader.Bytes + description));
        await socket.SendAsync(message, isText: false, ending).ConfigureAwait(false);
    }

    /// <summary>Even sides, of the canvas's shape, within the limit.</summary>
    private (int Width, int Height) Fit(int width, int height, double scale)
    {
        var shrink = scale * Math.Min(1, Math.Sqrt((double)_limits.MaxPixels / ((double)width * height)));
        return (Even(width * shrink), Even(height * shrink));

        static int Even(double side) => Math.Max(16, (int)Math.Round(side / 2) * 2);
    }
}
