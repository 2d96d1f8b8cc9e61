using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>What a viewer is to be sent while things move.</summary>
/// <param name="Codecs">What it can show.</param>
/// <param name="Quality">What it asks for.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal readonly record struct VideoWish(Codecs Codecs, Quality Quality, int Width, int Height);

/// <summary>
/// Which encoder takes the next frame of one viewer. A video of another size is begun beside the one that runs, and takes over when it is ready;
/// where there is none yet, and for stills, it is pictures.
/// <para>
/// Encoders belong to whoever calls <see cref="EncodeAsync"/>, one call after the other. Everybody else may ask <see cref="SizeFor"/>, at any time.
/// </para>
/// </summary>
/// <param name="ffmpeg">Null: there is none.</param>
/// <param name="pause">Between two starts of a video, however often a viewer gives a reason for one.</param>
/// <param name="clock">By which it is measured.</param>
/// <param name="log">Told what failed.</param>
/// <param name="ending">The viewer has left.</param>
internal sealed class EncoderChoice(Ffmpeg? ffmpeg, TimeSpan pause, TimeProvider clock, Action<string> log, CancellationToken ending) : IAsyncDisposable
{
    /// <summary>So often ffmpeg may fail before this viewer is shown pictures for good.</summary>
    private const int MaxFailures = 3;

    /// <summary>Frames after which a video counts as one that works, whatever failed before it.</summary>
    private const int Proven = 300;

    private H264Encoder? _video;
    private Quality _videoQuality;
    private int _videoFrames;
    private Task<H264Encoder>? _starting;
    private Quality _startingQuality;
    private long? _startedAt;
    private int _failures;

    /// <summary>The size of the video that runs, replaced as a whole: the one thing that others see of it.</summary>
    private volatile VideoSize? _running;

    /// <summary>Counts videos: each begins a new stream for the decoder.</summary>
    public byte Stream { get; private set; }

    /// <summary>What size the next moving frame is best drawn at: that of the video that runs, where its shape is right, else what is wished for.</summary>
    public (int Width, int Height) SizeFor(in VideoWish wish, int askedWidth, int askedHeight)
    {
        if (_running is not { } running || !wish.Codecs.HasFlag(Codecs.H264)) return (wish.Width, wish.Height);
        var sameShape = Math.Abs((double)running.Width / running.Height - (double)askedWidth / askedHeight) < 0.02 && running.Width <= askedWidth;
        return sameShape ? (running.Width, running.Height) : (wish.Width, wish.Height);
    }

    /// <param name="picture">What is seen.</param>
    /// <param name="isStill">Nothing moves.</param>
    /// <param name="wish">For while things move.</param>
    /// <param name="isLost">The viewer can show nothing more of the video that runs.</param>
    /// <param name="cancel">The viewer has left.</param>
    public async ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, VideoWish wish, bool isLost, CancellationToken cancel)
    {
        if (isLost || !CanStream(wish)) await DropAsync().ConfigureAwait(false);
        await TakeOverAsync().ConfigureAwait(false);
        if (!isStill && CanStream(wish))
        {
            Begin(wish);
            if (_video is { } video && video.Width == picture.Width && video.Height == picture.Height && await TryAsync(video, picture, cancel).ConfigureAwait(false) is { } frame)
                return frame;
        }

        return new ImageEncoder(ImageEncoder.Best(wish.Codecs), wish.Quality).Encode(picture, isStill);
    }

    public async ValueTask DisposeAsync()
    {
        if (_starting is not null)
        {
            await ((Task)_starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TakeOverAsync().ConfigureAwait(false);
        }

        await DropAsync().ConfigureAwait(false);
    }

    private bool CanStream(in VideoWish wish) => ffmpeg is not null && wish.Codecs.HasFlag(Codecs.H264) && _failures < MaxFailures;

    /// <summary>Starts the video that is wished for, where it is not there, and was not begun a moment ago: until then there are pictures.</summary>
    private void Begin(VideoWish wish)
    {
        if (_starting is not null || (_video is { } video && video.Width == wish.Width && video.Height == wish.Height && _videoQuality == wish.Quality)) return;
        if (_startedAt is { } before && clock.GetElapsedTime(before) < pause) return;
        (_startedAt, _startingQuality) = (clock.GetTimestamp(), wish.Quality);
        _starting = Task.Run(() => ffmpeg!.StartAsync(wish.Width, wish.Height, wish.Quality, ending), CancellationToken.None);
    }

    private async ValueTask<EncodedFrame?> TryAsync(H264Encoder video, Picture picture, CancellationToken cancel)
    {
        try
        {
            var frame = await video.EncodeAsync(picture, isStill: false, cancel).ConfigureAwait(false);
            if (++_videoFrames == Proven) _failures = 0;
            return frame;
        }
        catch (EncoderException error)
        {
            Fail(error);
            await DropAsync().ConfigureAwait(false);
            return null;
        }
    }

    private async ValueTask TakeOverAsync()
    {
        if (_starting is not { IsCompleted: true } started) return;
        _starting = null;
        try
        {
            var video = await started.ConfigureAwait(false);
            await DropAsync().ConfigureAwait(false);
            (_video, _videoQuality, _videoFrames) = (video, _startingQuality, 0);
            _running = new VideoSize(video.Width, video.Height);
            Stream++;
        }
        catch (EncoderException error)
        {
            Fail(error);
        }
        catch (OperationCanceledException)
        {
            // The viewer has left.
        }
    }

    private async ValueTask DropAsync()
    {
        if (_video is not { } video) return;
        (_video, _running) = (null, null);
        await video.DisposeAsync().ConfigureAwait(false);
    }

    private void Fail(EncoderException error)
    {
        _failures = error.IsFinal ? MaxFailures : _failures + 1;
        log((_failures < MaxFailures, error.IsFinal) switch
        {
            (true, _) => $"The video encoder failed, and is started again: {error.Message}",
            (_, true) => $"There is no video, viewers are shown pictures: {error.Message}",
            _ => $"The video encoder failed {MaxFailures} times; this viewer is shown pictures: {error.Message}",
        });
    }

    private sealed record VideoSize(int Width, int Height);
}
