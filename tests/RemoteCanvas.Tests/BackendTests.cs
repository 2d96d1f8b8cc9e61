using System.Diagnostics;
using BrowserTech.Demos.GradientDemo;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>Backends, their viewers and their encoders, of which one behaves badly.</summary>
public sealed class BackendTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_backend_that_is_killed_leaves_no_encoder_behind()
    {
        using var ffmpeg = new TracedFfmpeg();
        using var folder = new TemporaryFolder();
        var socket = Path.Combine(folder.Path, "s");
        var program = Path.Combine(HubProcess.Repository, "artifacts", "bin", "RemoteCanvas.Tests.Backend", new DirectoryInfo(AppContext.BaseDirectory).Name, "gradient");
        using var backend = Process.Start(new ProcessStartInfo(program)
        {
            UseShellExecute = false, Environment = { ["SESSION_SOCKET"] = socket, ["REMOTE_CANVAS_FFMPEG"] = ffmpeg.Program },
        })!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await Listening.WaitAsync(socket, Patience);
            await Viewer.ConnectAsync(socket, async viewer =>
            {
                await viewer.SendAsync(Viewer.Hello(320, 200, Codecs.H264 | Codecs.Jpeg));
                await viewer.MoveUntilAsync(frame => frame.Codec == Codec.H264);
            });
        }
        finally
        {
            backend.Kill();
        }

        await backend.WaitForExitAsync(limit.Token);
        var encoder = Assert.Single(ffmpeg.Starts);
        while (IsRunning(encoder)) await Task.Delay(20, limit.Token);
    }

    [Fact]
    public async Task An_encoder_that_is_killed_in_the_middle_costs_a_few_pictures_and_the_video_goes_on()
    {
        using var ffmpeg = new TracedFfmpeg();
        await Viewer.WithAsync(socket => new CanvasViewer(socket, new Gradient()) { Ffmpeg = ffmpeg.Ffmpeg, Log = _ => { } }, async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(320, 200, Codecs.H264 | Codecs.Jpeg));
            var before = await viewer.MoveUntilAsync(frame => frame.Codec == Codec.H264);
            ffmpeg.KillNewest();
            Assert.Equal(before.Number + 1, (await viewer.MoveUntilAsync(frame => frame.Number > before.Number)).Number);
            var after = await viewer.MoveUntilAsync(frame => frame.Codec == Codec.H264 && frame.Stream != before.Stream);
            Assert.True(after.IsKey && after.HasDescription);
        });
    }

    [Fact]
    public async Task A_flood_of_questions_for_key_frames_starts_two_encoders_a_second_and_leaves_a_video()
    {
        using var ffmpeg = new TracedFfmpeg();
        await Viewer.WithAsync(socket => new CanvasViewer(socket, new Gradient()) { Ffmpeg = ffmpeg.Ffmpeg }, async viewer =>
        {
            await viewer.SendAsync(Viewer.Hello(64, 48, Codecs.H264 | Codecs.Jpeg));
            var began = Stopwatch.GetTimestamp();
            for (var question = 0u; question < 300; question++)
            {
                await viewer.SendAsync(Viewer.KeyFrame);
                await viewer.SendAsync(Viewer.State(question));
                await viewer.FrameAsync();
            }

            Assert.InRange(ffmpeg.Starts.Count, 1, 1 + (int)(Stopwatch.GetElapsedTime(began) / new CanvasLimits().EncoderPause));
            await viewer.MoveUntilAsync(frame => frame.Codec == Codec.H264);
        });
    }

    /// <summary>Whose parent is gone may stay behind as an entry that nobody reads.</summary>
    private static bool IsRunning(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("canvas-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
