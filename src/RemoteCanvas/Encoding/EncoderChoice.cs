using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// Which encoder takes the next frame of one viewer. A video of another size is begun beside the one that runs, and takes over when it is ready;
/// where there is none yet, and for stills, it is pictures.
/// </summary>
internal sealed class EncoderChoice(string? ffmpeg, Action<string> log, CancellationToken ending) : IAsyncDisposable
{
    /// <summary>So often ffmpeg may fail before this viewer is shown pictures for good.</summary>
    private const int MaxFailures = 3;

    private H264Encoder? _video;
    private Quality _videoQuality;
    private Task<H264Encoder>? _starting;
    private (int Width, int Height, Quality Quality) _startingFor;
    private Codecs _codecs;
    private int _failures;

    /// <summary>Counts videos: each begins a new stream for the decoder.</summary>
    public byte Stream { get; private set; }

    public Quality Quality { get; private set; }

    private bool CanStream => ffmpeg is not null && _codecs.HasFlag(Codecs.H264) && _failures < MaxFailures;

    public void Want(Codecs codecs, Quality quality) => (_codecs, Quality) = (codecs, quality);

    /// <summary>The viewer's decoder lost its thread: begin anew.</summary>
    public async ValueTask RestartAsync()
    {
        if (_video is null) return;
        await _video.DisposeAsync().ConfigureAwait(false);
        _video = null;
    }

    /// <summary>What size the next moving frame is best drawn at: that of the video that runs, where its shape is right, else what is wanted.</summary>
    public (int Width, int Height) SizeFor(int width, int height, int askedWidth, int askedHeight)
    {
        if (!CanStream) return (width, height);
        if (_starting is null && (_video is null || _video.Width != width || _video.Height != height || _videoQuality != Quality)) Start(width, height);
        if (_video is null) return (width, height);
        var sameShape = Math.Abs((double)_video.Width / _video.Height - (double)askedWidth / askedHeight) < 0.02 && _video.Width <= askedWidth;
        return sameShape ? (_video.Width, _video.Height) : (width, height);
    }

    public async ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, CancellationToken cancel)
    {
        await TakeOverAsync().ConfigureAwait(false);
        if (!isStill && CanStream && _video is { } video && video.Width == picture.Width && video.Height == picture.Height)
        {
            try
            {
                return await video.EncodeAsync(picture, isStill, cancel).ConfigureAwait(false);
            }
            catch (EncoderException error)
            {
                Fail(error);
                await RestartAsync().ConfigureAwait(false);
            }
        }

        var codec = _codecs.HasFlag(Codecs.Jpeg) ? Codec.Jpeg : Codec.Png;
        return new ImageEncoder(codec, Quality).Encode(picture, isStill);
    }

    public async ValueTask DisposeAsync()
    {
        if (_starting is not null)
        {
            await ((Task)_starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TakeOverAsync().ConfigureAwait(false);
        }

        await RestartAsync().ConfigureAwait(false);
    }

    private void Start(int width, int height)
    {
        _startingFor = (width, height, Quality);
        _starting = Task.Run(() => H264Encoder.StartAsync(ffmpeg!, width, height, _startingFor.Quality, ending), CancellationToken.None);
    }

    private async ValueTask TakeOverAsync()
    {
        if (_starting is not { IsCompleted: true } started) return;
        _starting = null;
        try
        {
            var video = await started.ConfigureAwait(false);
            await RestartAsync().ConfigureAwait(false);
            (_video, _videoQuality) = (video, _startingFor.Quality);
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

    private void Fail(EncoderException error)
    {
        _failures++;
        log(_failures < MaxFailures ? $"The video encoder failed, and is started again: {error.Message}" : $"The video encoder failed {MaxFailures} times; this viewer is shown pictures: {error.Message}");
    }
}
