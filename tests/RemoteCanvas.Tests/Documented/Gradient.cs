using System.Buffers.Binary;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.GradientDemo;

/// <summary>A gradient that follows the pointer.</summary>
internal sealed class Gradient : IRemoteScene
{
    private float _x = 0.5f;

    public void OnInput(in CanvasInput input)
    {
        if (input.Kind == InputKind.Pointing) _x = input.X;
    }

    public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned)
    {
        for (var y = 0; y < request.Height && !abandoned.IsCancellationRequested; y++)
        {
            for (var x = 0; x < request.Width; x++)
            {
                var near = 1 - Math.Min(1, Math.Abs((float)x / request.Width - _x));
                var blueGreenRed = (uint)(255 * near) << 8 | (uint)(255 * y / request.Height);
                BinaryPrimitives.WriteUInt32LittleEndian(picture.Bytes[(y * picture.Stride + x * 4)..], blueGreenRed);
            }
        }

        return (uint)(request.Width * request.Height);
    }
}
