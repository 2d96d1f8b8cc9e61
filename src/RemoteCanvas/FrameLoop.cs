using BrowserTech.RemoteCanvas.Encoding;
using BrowserTech.RemoteCanvas.Flow;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas;

/// <summary>Draws whatever is due for one viewer: the only one that calls its scene.</summary>
internal sealed class FrameLoop(IRemoteScene scene, ViewerState state, EncoderChoice encoders, FrameSender sender, CanvasLimits limits)
{
    private readonly List<CanvasInput> _inputs = [];
    private readonly HeldInput _held = new();
    // One is drawn on while the other is with the encoder.
    private readonly Picture[] _pictures = [new(), new()];
    private uint _answered;

    /// <exception cref="RefusedInputException">The scene does not take what the viewer sent.</exception>
    /// <exception cref="OperationCanceledException">The viewer has left.</exception>
    public async Task RunAsync(CancellationToken ending)
    {
        var sending = Task.CompletedTask;
        // A frame that cannot be sent ends the wait for the next one: there may never be a reason for that.
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(ending);
        try
        {
            for (uint frame = 1; !failing.IsCancellationRequested;)
            {
                var isDue = state.TryBegin(frame, _inputs, out var plan, out var again);
                Hear();
                if (!isDue)
                {
                    await state.WaitAsync(again, failing.Token).ConfigureAwait(false);
                    continue;
                }

                var picture = _pictures[frame % 2];
                if (Draw(frame, plan, picture, ending) is not var (header, wish)) continue;
                await sending.ConfigureAwait(false);
                sending = Task.Run(() => SendAsync(header, picture, wish, failing, ending), CancellationToken.None);
                frame++;
            }
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            // What failed is said by the sending itself.
            await sending.ConfigureAwait(false);
            throw;
        }
        finally
        {
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!ending.IsCancellationRequested) await sending.ConfigureAwait(false);
    }

    /// <summary>The viewer is gone: what it held is let go. Scenes may outlive their viewers.</summary>
    public void Release()
    {
        foreach (var input in _held.Release(_answered))
        {
            try
            {
                scene.OnInput(input);
            }
            catch (RefusedInputException)
            {
                // Nobody is there to be told, and the others are to be let go too.
            }
        }
    }

    private async Task SendAsync(FrameHeader header, Picture picture, VideoWish wish, CancellationTokenSource failing, CancellationToken ending)
    {
        try
        {
            await sender.SendAsync(header, picture, wish, ending).ConfigureAwait(false);
        }
        catch
        {
            await failing.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Hear()
    {
        foreach (var input in _inputs)
        {
            // The newest of states, and of a key's repeats, stands where the first one stood.
            _answered = Math.Max(_answered, input.Sequence);
            _held.Note(input);
            scene.OnInput(input);
        }
    }

    /// <summary>Null: it was overtaken, and is not sent.</summary>
    private (FrameHeader Header, VideoWish Wish)? Draw(uint frame, in FramePlan plan, Picture picture, CancellationToken ending)
    {
        var begun = state.Now;
        var isStill = plan.Step == Step.Still;
        var (hello, effort) = (plan.Hello, isStill ? 1 : plan.Effort);
        var most = ImageEncoder.MaxSide(ImageEncoder.Best(hello.Codecs));
        var (askedWidth, askedHeight) = Fit(hello.Width, hello.Height, 1, most);
        var (width, height) = Fit(hello.Width, hello.Height, plan.Scale, most);
        var wish = new VideoWish(hello.Codecs, hello.Quality, width, height);
        (width, height) = isStill ? (askedWidth, askedHeight) : encoders.SizeFor(wish, askedWidth, askedHeight);
        picture.Resize(width, height);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(ending, plan.Overtaken);
        var drawn = scene.Render(new FrameRequest(width, height, effort, isStill), picture, abandoned.Token);
        if (!state.Finish(frame)) return null;
        return (new FrameHeader
        {
            Number = frame, Input = _answered, Width = width, Height = height, Begun = begun.TotalMilliseconds, Rendering = (state.Now - begun).TotalMilliseconds,
            IsComplete = isStill, Drawn = drawn, AskedWidth = askedWidth, AskedHeight = askedHeight,
        }, wish);
    }

    /// <summary>Even sides, of the canvas's shape, within the limits.</summary>
    private (int Width, int Height) Fit(int width, int height, double scale, int mostSide)
    {
        var shrink = Math.Min(1, Math.Sqrt((double)limits.MaxPixels / ((double)width * height)));
        shrink = scale * Math.Min(shrink, (double)mostSide / Math.Max(width, height));
        return (Even(width * shrink), Even(height * shrink));

        static int Even(double side) => Math.Max(16, (int)Math.Round(side / 2) * 2);
    }
}
