using System.Globalization;
using System.Text.RegularExpressions;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;
using BrowserTech.TestKit;

namespace BrowserTech.Demos.Points;

public sealed class MemoryTests(SmallCloud small) : IClassFixture<SmallCloud>
{
    /// <summary>Of ffmpeg, beside its program, which the machine has once: measured with the arguments of H264Encoder at three sizes.</summary>
    private const long EncoderBase = 16_000_000;
    private const double EncoderBytesForPixel = 15;

    /// <summary>The program, its runtime, and what is on its way.</summary>
    private const long Program = 60_000_000;

    [Fact]
    public void As_many_viewers_as_are_let_in_fit_into_the_memory_the_demo_is_given_in_windows_of_any_size()
    {
        var demo = File.ReadAllText(Path.Combine(HubProcess.Repository, "content", "demos", "points", "demo.md"));
        var limit = long.Parse(Regex.Match(demo, @"memory_mb: (\d+)").Groups[1].Value, CultureInfo.InvariantCulture) * 1024 * 1024;
        var sum = Program;

        // What draws grows with the largest picture: tall or wide, no larger than the limit allows.
        using var renderer = new SoftwareRenderer(small.Cloud, 2);
        foreach (var (width, height) in new[] { (1920, 1200), (1200, 1920), (2400, 960) })
        {
            Assert.Equal(Viewing.Limits.MaxPixels, width * height);
            var picture = new Picture();
            picture.Resize(width, height);
            Assert.True(renderer.Draw([], OrbitCamera.Start.Project(width, height), picture, TestContext.Current.CancellationToken));
        }

        sum += renderer.Bytes;
        for (var viewer = 0; viewer < Viewing.MostViewers; viewer++)
        {
            const int Pictures = 2; // one is drawn while the other is encoded
            const int Encoders = 2; // one begins while the other ends
            sum += Pictures * Viewing.Limits.MaxPixels * 4L;
            sum += Encoders * (EncoderBase + (long)((EncoderBytesForPixel + 1.5) * Viewing.Limits.MaxPixels));
        }

        Assert.InRange(sum, limit / 2, limit);
    }
}
