using System.Diagnostics;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>A backend that is a process of its own, and ends badly.</summary>
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
            while (!File.Exists(socket)) await Task.Delay(20, limit.Token);
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
