using System.Buffers.Binary;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points;

/// <summary>What one viewer sees of the cloud. The page sets the camera and how many points may be drawn at all.</summary>
/// <param name="cloud">The points.</param>
/// <param name="renderer">Draws for all viewers.</param>
internal sealed class PointScene(PointCloud cloud, IPointRenderer renderer) : IRemoteScene
{
    /// <summary>Six floats of the camera, and the number of points.</summary>
    private const int StateBytes = 28;

    private readonly DrawList _list = new(cloud);
    private OrbitCamera _camera = OrbitCamera.Start;
    private float _part = 1;

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
        _list.Choose(view, _part, request.IsStill ? long.MaxValue : (long)(renderer.PointsInMotion * request.Effort));
        return renderer.Draw(_list.Draws, view, picture, abandoned) ? (uint)_list.Points : 0;
    }
}
