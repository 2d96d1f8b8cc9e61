using System.Diagnostics;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// One ffmpeg, and what this process has learnt of it: older and newer ones name the same option differently, and some were built without x264. The
/// first start finds out for all others.
/// </summary>
internal sealed class Ffmpeg(string program)
{
    private static readonly Lazy<Ffmpeg?> Machines = new(() => FindProgram() is { } found ? new Ffmpeg(found) : null);

    /// <summary>Every picture that goes in comes out, once. The first is understood since version 5.1, the second until it is taken away.</summary>
    private static readonly string[] Passthrough = ["-fps_mode", "-vsync"];

    // One at a time, in the whole process: the others are to know what the first one learns.
    private static readonly SemaphoreSlim Learning = new(1, 1);

    private volatile string? _passthrough;
    private volatile EncoderException? _useless;

    /// <summary>The one of this machine; null where there is none.</summary>
    public static Ffmpeg? OfThisMachine => Machines.Value;

    /// <summary>Starts an encoder and waits until it has shown that it works.</summary>
    /// <exception cref="EncoderException">It does not. The message has what it said.</exception>
    public async Task<H264Encoder> StartAsync(int width, int height, Quality quality, CancellationToken cancel)
    {
        if (_passthrough is { } known) return await StartAsync(known, width, height, quality, cancel).ConfigureAwait(false);
        await Learning.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await LearnAsync(width, height, quality, cancel).ConfigureAwait(false);
        }
        finally
        {
            Learning.Release();
        }
    }

    private async Task<H264Encoder> LearnAsync(int width, int height, Quality quality, CancellationToken cancel)
    {
        if (_useless is { } before) throw new EncoderException(before.Message, before) { IsFinal = true };
        EncoderException? refused = null;
        foreach (var option in _passthrough is { } known ? [known] : Passthrough)
        {
            try
            {
                var encoder = await StartAsync(option, width, height, quality, cancel).ConfigureAwait(false);
                _passthrough = option;
                return encoder;
            }
            catch (EncoderException error) when (error.IsFinal)
            {
                // Of two refusals the first is the one about what matters: the second may be about the other name of the option.
                refused ??= error;
            }
        }

        _useless = refused;
        throw refused!;
    }

    private Task<H264Encoder> StartAsync(string passthrough, int width, int height, Quality quality, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in Arguments(passthrough, width, height, quality)) start.ArgumentList.Add(argument);
        return H264Encoder.StartAsync(start, width, height, cancel);
    }

    /// <summary>Where it is; <c>REMOTE_CANVAS_FFMPEG</c> names another, or, empty, none.</summary>
    private static string? FindProgram()
    {
        if (Environment.GetEnvironmentVariable("REMOTE_CANVAS_FFMPEG") is { } named) return File.Exists(named) ? named : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':').Select(folder => Path.Combine(folder, "ffmpeg")).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Arguments(string passthrough, int width, int height, Quality quality) =>
    [
        "-hide_banner", "-loglevel", "error", "-nostdin",
        "-probesize", "32", "-analyzeduration", "0",
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", $"{width}x{height}", "-framerate", "60", "-i", "pipe:0",
        "-an", passthrough, "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency",
        "-crf", quality switch { Quality.Low => "33", Quality.High => "23", _ => "28" },
        // A moment that is hard to compress is made coarser rather than late.
        "-maxrate", quality switch { Quality.Low => "6M", Quality.High => "60M", _ => "30M" }, "-bufsize", quality == Quality.Low ? "1M" : "5M",
        // The connection loses nothing: one key frame, at the beginning, is enough.
        "-g", "1000000", "-x264-params", "scenecut=0:threads=1",
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-flush_packets", "1", "-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1",
    ];
}
