using System.Diagnostics;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.Demos.Points.Rendering.OpenGl;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;
using BrowserTech.TestKit;

namespace BrowserTech.Demos.Points;

/// <summary>What draws, and what happens where it cannot. OpenGL is tried on whatever there is: on a machine without a graphics card, on the processor.</summary>
public sealed class RendererTests(SmallCloud small) : IClassFixture<SmallCloud>
{
    private static readonly OrbitCamera Elsewhere = new(60, -40, 30, 0.7f, 0.7f, 210);

    private readonly PointCloud _cloud = small.Cloud;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_graphics_card_and_the_processor_make_the_same_picture(bool es)
    {
        using var software = new SoftwareRenderer(_cloud, 2);
        using var openGl = OpenGl(es);
        Assert.Equal(es, openGl.Name.Contains("OpenGL ES 3", StringComparison.Ordinal));
        // Near and far, small and larger and smaller again.
        foreach (var (camera, width, height) in new[] { (OrbitCamera.Start, 320, 180), (Elsewhere, 640, 360), (OrbitCamera.Start, 322, 200), (Elsewhere with { Distance = 60 }, 200, 322) })
        {
            var (ours, theirs) = (Picture(software, camera, width, height), Picture(openGl, camera, width, height));
            var differences = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).ToArray();
            // Points on the very edge of a pixel may fall to either side of it; everything else is the same to the last step but one.
            Assert.InRange(differences.Average(), 0, 1.5);
            Assert.InRange(differences.Count(difference => difference > 2), 0, differences.Length / 25);
            Assert.True(ours.Distinct().Count() > 100, "there is something to be seen");
        }
    }

    [Fact]
    public async Task Three_viewers_at_once_each_get_their_own_picture()
    {
        using var openGl = OpenGl();
        (OrbitCamera Camera, int Width, int Height)[] viewers = [(OrbitCamera.Start, 320, 180), (Elsewhere, 200, 120), (Elsewhere with { Yaw = 2 }, 180, 320)];
        var alone = viewers.Select(viewer => Picture(openGl, viewer.Camera, viewer.Width, viewer.Height)).ToArray();
        var together = await Task.WhenAll(viewers.Select(viewer =>
            Task.Run(() => Enumerable.Range(0, 12).Select(_ => Picture(openGl, viewer.Camera, viewer.Width, viewer.Height)).ToArray(), Cancel)));
        foreach (var (one, many) in alone.Zip(together)) Assert.All(many, each => Assert.Equal(one, each));
    }

    [Fact]
    public void A_picture_nobody_wants_any_more_is_given_up_and_the_next_one_is_whole()
    {
        using var abandoned = new CancellationTokenSource();
        abandoned.Cancel();
        foreach (var renderer in new IPointRenderer[] { new SoftwareRenderer(_cloud, 2), OpenGl() })
        {
            using (renderer)
            {
                var (list, view, picture) = Order(OrbitCamera.Start, 320, 180);
                Assert.False(renderer.Draw(list, view, picture, abandoned.Token));
                Assert.True(renderer.Draw(list, view, picture, Cancel));
            }
        }
    }

    [Fact]
    public void Without_libEGL_the_processor_draws_and_says_why()
    {
        using var renderer = Renderer.Choose(_cloud, 2, RendererWish.OpenGl, _ => { }, library: "libNoSuchEGL.so.1");
        Assert.StartsWith("SIMD rasteriser, 2 threads, ", renderer.Name, StringComparison.Ordinal);
        Assert.Equal("there is no libNoSuchEGL.so.1", renderer.Why);
        Assert.NotEmpty(Picture(renderer, OrbitCamera.Start, 64, 36));
    }

    [Fact]
    public void A_card_that_fails_in_the_middle_is_replaced_and_the_picture_comes_all_the_same()
    {
        var log = new List<string>();
        var substitutes = 0;
        using var renderer = new Renderer(new FailingRenderer(pictures: 1), "", () =>
        {
            substitutes++;
            return new SoftwareRenderer(_cloud, 1);
        }, log.Add);
        var (list, view, picture) = Order(OrbitCamera.Start, 64, 36);
        Assert.True(renderer.Draw(list, view, picture, Cancel));
        Assert.Equal("A card", renderer.Name);
        for (var again = 0; again < 2; again++)
        {
            picture.Bytes.Clear();
            Assert.True(renderer.Draw(list, view, picture, Cancel));
            Assert.True(picture.Bytes.ToArray().Distinct().Count() > 10);
        }

        Assert.Equal(1, substitutes);
        Assert.Equal("A card failed, it fell out", renderer.Why);
        Assert.StartsWith("SIMD", renderer.Name, StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains("it fell out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("software", "", @"^Drawn by SIMD rasteriser, \d threads?, \d+ bit: POINTS_RENDERER asks for it\.$")]
    [InlineData("opengl", "/dev/null", @"^Drawn by SIMD rasteriser, \d threads?, \d+ bit: .+\.$")]
    [InlineData("", "/dev/null", @"^Drawn by SIMD rasteriser, \d threads?, \d+ bit: .+\.$")]
    public async Task The_program_tells_what_draws_and_a_driver_that_is_not_there_is_no_error(string wish, string driver, string said)
    {
        var start = new ProcessStartInfo(Path.Combine(HubProcess.BuiltDemos, "points", "backend"), ["--renderer"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[Renderer.Variable] = wish;
        // libglvnd looks for drivers only where this says.
        if (driver.Length > 0) start.Environment["__EGL_VENDOR_LIBRARY_FILENAMES"] = driver;
        using var program = Process.Start(start)!;
        Assert.Matches(said, (await program.StandardOutput.ReadToEndAsync(Cancel)).Trim());
        await program.WaitForExitAsync(Cancel);
        Assert.Equal(0, program.ExitCode);
    }

    /// <summary>What is there; skips the test where it is not even on the processor.</summary>
    private OpenGlRenderer OpenGl(bool es = false)
    {
        try
        {
            return new OpenGlRenderer(_cloud, onProcessor: true, es: es);
        }
        catch (RendererFailedException failure)
        {
            Assert.Skip($"OpenGL cannot be tried here: {failure.Message}.");
            throw;
        }
    }

    private (IReadOnlyList<Draw> Draws, Projection View, Picture Picture) Order(OrbitCamera camera, int width, int height)
    {
        var view = camera.Project(width, height);
        var list = new DrawList(_cloud);
        list.Choose(view, 1, long.MaxValue);
        var picture = new Picture();
        picture.Resize(width, height);
        return (list.Draws, view, picture);
    }

    /// <summary>Blue, green, red of each pixel.</summary>
    private int[] Picture(IPointRenderer renderer, OrbitCamera camera, int width, int height)
    {
        var (draws, view, picture) = Order(camera, width, height);
        Assert.True(renderer.Draw(draws, view, picture, Cancel));
        return [.. picture.Bytes.ToArray().Where((_, i) => i % 4 < 3).Select(value => (int)value)];
    }

    private sealed class FailingRenderer(int pictures) : IPointRenderer
    {
        private int _drawn;

        public string Name => "A card";

        public long PointsInMotion => 1;

        public bool Draw(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned) =>
            _drawn++ < pictures ? true : throw new RendererFailedException("it fell out");

        public void Dispose()
        {
        }
    }
}
