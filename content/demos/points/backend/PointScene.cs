using System.Buffers.Binary;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points;

/// <summary>What one viewer sees of the cloud. The page sets the camera and how many points may be drawn at all.</summary>
internal sealed class PointScene(PointCloud cloud, int threads) : IRemoteScene, IDisposable
{
    /// <summary>Six floats of the camera, and the number of points.</summary>
    private const int StateBytes = 28;

    /// <summary>Points that full effort draws while things move; a still draws all.</summary>
    private const double MovingPoints = 6_000_000;

    private readonly Rasteriser _rasteriser = new(cloud, threads);
    private readonly Shading _shading = new();
    private readonly DrawList _list = new(cloud);
    private OrbitCamera _camera = OrbitCamera.Start;
    private float _part = 1;

    public string Renderer => $"C#, {threads} thread{(threads == 1 ? "" : "s")}, {VectorWidth} bit vectors";

    private static int VectorWidth => System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? 512 : System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated ? 256 : 128;

    public void OnInput(in CanvasInput input)
    {
        if (input.Kind != InputKind.State) return;
        var bytes = input.State.Span;
        if (bytes.Length != StateBytes || !OrbitCamera.TryRead(bytes, out _camera)) throw new RefusedInputException("That camera looks at nothing.");
        _part = Math.Clamp(BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) / (float)cloud.Count, 0.001f, 1);
    }

    public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
    {
        var view = _camera.Project(request.Width, request.Height);
        _list.Choose(view, _part, request.IsStill ? long.MaxValue : (long)(MovingPoints * request.Effort));
        if (!_rasteriser.Draw(_list.Draws, view, abandoned)) return 0;
        _shading.Shade(_rasteriser, request.Width, request.Height, picture.Bytes);
        return (uint)_list.Points;
    }

    public void Dispose()
    {
        _rasteriser.Dispose();
        _shading.Dispose();
    }
}
