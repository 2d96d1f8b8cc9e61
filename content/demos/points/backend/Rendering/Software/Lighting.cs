using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>
/// Edges are darkened by how far things lie behind each other (eye-dome lighting: depth alone shades, no normals are needed), distance fades a little, and
/// where there is nothing is the sky.
/// </summary>
internal static unsafe class Lighting
{
    public static void Light(Planes planes, uint* target, int from, int to)
    {
        var low = Vector512.Create(0x1fu);
        for (var y = from; y < to; y++)
        {
            var sky = Sky((y + 0.5f) / planes.Height);
            var line = target + (nint)y * planes.Width;
            for (var x = 0; x < planes.Width; x += 16)
            {
                var at = planes.Cell(y) + x;
                var depth = Vector512.Load(planes.ClosedDepth + at);
                var colour = Vector512.Load(planes.ClosedColour + at);
                var shade = Vector512<float>.One / Vector512.FusedMultiplyAdd(Vector512.Create(Look.EdgeStrength), Edges(planes, at, depth), Vector512<float>.One);
                var haze = Vector512.Min(Vector512.Max((depth - Vector512.Create(Look.HazeFrom)) * (1 / Look.HazeOver), Vector512<float>.Zero), Vector512.Create(Look.HazeMost));
                var keep = shade * (Vector512<float>.One - haze);
                var red = Channel(colour >>> 11 & low, 255f / 31, Look.HazeRed);
                var green = Channel(colour >>> 5 & Vector512.Create(0x3fu), 255f / 63, Look.HazeGreen);
                var blue = Channel(colour & low, 255f / 31, Look.HazeBlue);
                var lit = Vector512.Create(0xff000000u) | red << 16 | green << 8 | blue;
                var none = Vector512.GreaterThanOrEqual(depth, Vector512.Create(Planes.Nothing)).AsUInt32();
                var result = Vector512.ConditionalSelect(none, Vector512.Create(sky), lit);
                if (x + 16 <= planes.Width) result.Store(line + x);
                else for (var i = 0; x + i < planes.Width; i++) line[x + i] = result.GetElement(i);

                Vector512<uint> Channel(Vector512<uint> level, float scale, float hazy)
                {
                    var value = Vector512.ConvertToSingle(level.AsInt32()) * scale * keep + Vector512.Create(255 * hazy) * haze;
                    return Vector512.ConvertToInt32Native(Vector512.Min(value + Vector512.Create(0.5f), Vector512.Create(255f))).AsUInt32();
                }
            }
        }
    }

    /// <summary>How far the four neighbours lie in front, in doublings of the distance. The bits of a float are nearly its logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Edges(Planes planes, int at, Vector512<float> depth)
    {
        var own = Logarithm(depth);
        return Behind(-1) + Behind(1) + Behind(-planes.Stride) + Behind(planes.Stride);

        Vector512<float> Behind(int step) =>
            Vector512.Min(Vector512.Max(own - Logarithm(Vector512.Load(planes.ClosedDepth + at + step)), Vector512<float>.Zero), Vector512.Create(Look.EdgeMost));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Logarithm(Vector512<float> value) => Vector512.ConvertToSingle(value.AsInt32()) * (1f / (1 << 23));

    private static uint Sky(float down)
    {
        var glow = Math.Clamp(1 - MathF.Abs(down - 0.18f) * 2.2f, 0, 1);
        glow *= glow;
        return 0xff000000 | Byte(Look.SkyRed, Look.GlowRed) << 16 | Byte(Look.SkyGreen, Look.GlowGreen) << 8 | Byte(Look.SkyBlue, Look.GlowBlue);

        uint Byte(float dark, float bright) => (uint)((dark + (bright - dark) * glow) * 255 + 0.5f);
    }
}
