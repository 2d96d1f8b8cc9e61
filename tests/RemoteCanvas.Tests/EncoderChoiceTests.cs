using System.Collections.Concurrent;
using BrowserTech.RemoteCanvas.Encoding;
using BrowserTech.RemoteCanvas.Wire;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>Which encoder there is, with real ffmpegs that are counted, and killed.</summary>
public sealed class EncoderChoiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly VideoWish Wish = new(Codecs.H264 | Codecs.Jpeg, Quality.Auto, 64, 48);

    private readonly ConcurrentQueue<string> _log = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task However_often_a_viewer_wants_another_video_two_a_second_are_begun(bool isLost)
    {
        using var ffmpeg = new TracedFfmpeg();
        var clock = new FakeTimeProvider();
        await using (var encoders = new EncoderChoice(ffmpeg.Ffmpeg, Pause, clock, _log.Enqueue, TestContext.Current.CancellationToken))
        {
            for (var frame = 0; frame < 200; frame++)
            {
                // A key frame each time, or another quality each time.
                var wish = isLost ? Wish : Wish with { Quality = frame % 2 == 0 ? Quality.Low : Quality.High };
                await encoders.EncodeAsync(Picture(64, 48), isStill: false, wish, isLost, TestContext.Current.CancellationToken);
                clock.Advance(TimeSpan.FromMilliseconds(10));
            }
        }

        Assert.InRange(ffmpeg.Starts.Count, 1, 4);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Asked_for_its_size_while_videos_come_and_go_it_always_has_an_answer()
    {
        using var ffmpeg = new TracedFfmpeg();
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        using var over = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!over.IsCancellationRequested) Assert.Equal((64, 48), encoders.SizeFor(Wish, 64, 48));
        });
        for (var video = 0; video < 5; video++) await UntilVideoAsync(encoders, isLost: true);
        await over.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task A_video_that_is_killed_is_followed_by_pictures_and_another_one()
    {
        using var ffmpeg = new TracedFfmpeg();
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        await UntilVideoAsync(encoders);
        var before = encoders.Stream;
        ffmpeg.KillNewest();
        var next = await EncodeUntilAsync(encoders, frame => frame.Codec == Codec.Jpeg);
        Assert.True(next.IsKey);
        var video = await UntilVideoAsync(encoders);
        Assert.True(video.IsKey && video.Description.Length > 0);
        Assert.NotEqual(before, encoders.Stream);
        Assert.Contains("is started again", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_dies_three_times_is_given_up_and_that_is_said()
    {
        using var ffmpeg = new TracedFfmpeg();
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        for (var death = 0; death < 3; death++)
        {
            await UntilVideoAsync(encoders);
            ffmpeg.KillNewest();
            await EncodeUntilAsync(encoders, frame => frame.Codec == Codec.Jpeg);
        }

        for (var frame = 0; frame < 20; frame++) Assert.Equal(Codec.Jpeg, (await EncodeAsync(encoders, isLost: false)).Codec);
        Assert.Equal(3, ffmpeg.Starts.Count);
        Assert.Contains("failed 3 times; this viewer is shown pictures", _log.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deaths_that_are_far_apart_are_not_added_up()
    {
        using var ffmpeg = new TracedFfmpeg();
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        for (var death = 0; death < 4; death++)
        {
            await UntilVideoAsync(encoders);
            for (var frame = 0; frame < 300; frame++) Assert.Equal(Codec.H264, (await EncodeAsync(encoders, isLost: false)).Codec);
            ffmpeg.KillNewest();
            await EncodeUntilAsync(encoders, frame => frame.Codec == Codec.Jpeg);
        }

        await UntilVideoAsync(encoders);
    }

    [Fact]
    public async Task An_older_ffmpeg_is_spoken_to_as_it_understands_and_is_asked_once()
    {
        using var ffmpeg = new TracedFfmpeg("""case " $* " in *" -fps_mode "*) echo "Unrecognized option 'fps_mode'." >&2; echo "Error splitting the argument list: Option not found" >&2; exit 1 ;; esac""");
        for (var viewer = 0; viewer < 2; viewer++)
        {
            await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
            await UntilVideoAsync(encoders);
        }

        Assert.Equal(3, ffmpeg.Starts.Count);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task One_that_cannot_encode_says_why_and_is_not_asked_again_by_the_next_viewer()
    {
        using var ffmpeg = new TracedFfmpeg("""echo "Unknown encoder 'libx264'" >&2; exit 1""");
        for (var viewer = 0; viewer < 2; viewer++)
        {
            await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
            using var limit = new CancellationTokenSource(Patience);
            while (_log.Count <= viewer)
            {
                limit.Token.ThrowIfCancellationRequested();
                Assert.Equal(Codec.Jpeg, (await EncodeAsync(encoders, isLost: false)).Codec);
            }
        }

        Assert.Equal(2, ffmpeg.Starts.Count);
        Assert.All(_log, line => Assert.Contains("viewers are shown pictures: ffmpeg refused: Unknown encoder 'libx264'", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_lacks_memory_for_a_moment_is_tried_again()
    {
        // Twice it cannot, then it can.
        using var ffmpeg = new TracedFfmpeg("""
            if [ $(wc -l < "$(dirname "$0")/starts") -le 2 ]; then echo "[libx264 @ 0x1] malloc of size 12 failed" >&2; echo "Error while opening encoder: Cannot allocate memory" >&2; exit 1; fi
            """);
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        await UntilVideoAsync(encoders);
        Assert.Equal(3, ffmpeg.Starts.Count);
        Assert.Equal(2, _log.Count);
        Assert.All(_log, line => Assert.Contains("is started again: ffmpeg", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_viewer_that_wants_no_video_any_more_has_no_encoder_any_more()
    {
        using var ffmpeg = new TracedFfmpeg();
        await using var encoders = new EncoderChoice(ffmpeg.Ffmpeg, TimeSpan.Zero, TimeProvider.System, _log.Enqueue, TestContext.Current.CancellationToken);
        await UntilVideoAsync(encoders);
        await encoders.EncodeAsync(Picture(64, 48), isStill: false, Wish with { Codecs = Codecs.Jpeg }, isLost: false, TestContext.Current.CancellationToken);
        Assert.False(Directory.Exists($"/proc/{ffmpeg.Starts[^1]}"));
    }

    private static Task<EncodedFrame> UntilVideoAsync(EncoderChoice encoders, bool isLost = false) => EncodeUntilAsync(encoders, frame => frame.Codec == Codec.H264, isLost);

    private static async Task<EncodedFrame> EncodeUntilAsync(EncoderChoice encoders, Func<EncodedFrame, bool> holds, bool isLost = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var first = true; ; first = false)
        {
            limit.Token.ThrowIfCancellationRequested();
            if (await EncodeAsync(encoders, isLost && first) is var frame && holds(frame)) return frame;
        }
    }

    private static ValueTask<EncodedFrame> EncodeAsync(EncoderChoice encoders, bool isLost) =>
        encoders.EncodeAsync(Picture(64, 48), isStill: false, Wish, isLost, TestContext.Current.CancellationToken);

    private static Picture Picture(int width, int height)
    {
        var picture = new Picture();
        picture.Resize(width, height);
        picture.Bytes.Fill(90);
        return picture;
    }
}
