using System.Runtime.Intrinsics;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>Draws on the processor. One picture has all its threads; the next one waits.</summary>
internal sealed class SoftwareRenderer(PointCloud cloud, int threads) : IPointRenderer
{
    private readonly Lock _drawing = new();
    private readonly Rasteriser _rasteriser = new(cloud, threads);
    private readonly Planes _planes = new();

    public string Name { get; } = $"SIMD rasteriser, {threads} thread{(threads == 1 ? "" : "s")}, {VectorWidth} bit";

    public long PointsInMotion => 6_000_000;

    /// <summary>What its buffers hold. They grow with the largest picture, and do not shrink.</summary>
    public long Bytes => (long)(_rasteriser.Bytes + _planes.Bytes);

    private static int VectorWidth => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public bool Draw(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned)
    {
        lock (_drawing)
        {
            if (abandoned.IsCancellationRequested || !_rasteriser.Draw(draws, view, abandoned)) return false;
            _planes.Resize(view.Width, view.Height);
            Shade(picture);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_drawing)
        {
            _rasteriser.Dispose();
            _planes.Dispose();
        }
    }

    /// <summary>Each step looks at the neighbours of what the step before made: all threads finish one before the next.</summary>
    private unsafe void Shade(Picture picture)
    {
        fixed (byte* start = picture.Bytes)
        {
            var target = (uint*)start;
            Bands((from, to) => Merging.Merge(_rasteriser, _planes, from, to));
            Bands((from, to) => HoleClosing.Close(_planes, from, to));
            Bands((from, to) => Lighting.Light(_planes, target, from, to));
        }
    }

    private void Bands(Action<int, int> work)
    {
        var height = _planes.Height;
        if (threads == 1) work(0, height);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, band => work(height * band / threads, height * (band + 1) / threads));
    }
}
