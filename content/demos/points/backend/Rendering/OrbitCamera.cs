using System.Buffers.Binary;

namespace BrowserTech.Demos.Points.Rendering;

/// <summary>
/// Looks at a target from a distance. The page has the same few lines (<c>camera.js</c>), so both renderers put a point on the same pixel.
/// </summary>
/// <param name="X">Target in metres.</param>
/// <param name="Y">Target in metres.</param>
/// <param name="Z">Target in metres.</param>
/// <param name="Yaw">Where it looks from, radians about z; 0 is east.</param>
/// <param name="Pitch">How high above the target, radians.</param>
/// <param name="Distance">Metres from the target.</param>
internal readonly record struct OrbitCamera(float X, float Y, float Z, float Yaw, float Pitch, float Distance)
{
    /// <summary>Of half the height of the picture, over its distance: a field of view of 45° from bottom to top.</summary>
    private const float HalfHeight = 0.41421356f;

    /// <summary>Nearer than this, in metres, nothing is drawn.</summary>
    public const float Near = 2;

    public const float MinPitch = 0.03f;
    public const float MaxPitch = 1.55f;
    public const float MinDistance = 20;
    public const float MaxDistance = 2400;

    public static readonly OrbitCamera Start = new(-10, 25, 40, -1.02f, 0.40f, 560);

    /// <summary>Six floats, little-endian. False where one of them is no number, or leads out of the world.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OrbitCamera camera)
    {
        Span<float> values = stackalloc float[6];
        camera = default;
        if (bytes.Length < 24) return false;
        for (var i = 0; i < 6; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]);
        camera = new OrbitCamera(values[0], values[1], values[2], values[3], values[4], values[5]);
        // What is not a number is in no range.
        return MathF.Abs(camera.X) <= 2000 && MathF.Abs(camera.Y) <= 2000 && MathF.Abs(camera.Z) <= 2000 && MathF.Abs(camera.Yaw) <= 1e4f
            && camera.Pitch is >= MinPitch and <= MaxPitch && camera.Distance is >= MinDistance and <= MaxDistance;
    }

    /// <summary>For a picture of this size.</summary>
    public Projection Project(int width, int height)
    {
        var (sinYaw, cosYaw) = MathF.SinCos(Yaw);
        var (sinPitch, cosPitch) = MathF.SinCos(Pitch);
        var (ex, ey, ez) = (X + Distance * cosPitch * cosYaw, Y + Distance * cosPitch * sinYaw, Z + Distance * sinPitch);
        var focal = height / 2f / HalfHeight;
        var forward = Row(-cosPitch * cosYaw, -cosPitch * sinYaw, -sinPitch);
        var right = Row(-sinYaw, cosYaw, 0);
        var up = Row(-cosYaw * sinPitch, -sinYaw * sinPitch, cosPitch);
        return new Projection(
            focal, width, height, (ex, ey, ez),
            Combine(right, focal, forward, width / 2f), Combine(up, -focal, forward, height / 2f), forward);

        PlaneRow Row(float x, float y, float z) => new(x, y, z, -(x * ex + y * ey + z * ez));
    }

    private static PlaneRow Combine(PlaneRow a, float by, PlaneRow b, float and) =>
        new(a.X * by + b.X * and, a.Y * by + b.Y * and, a.Z * by + b.Z * and, a.W * by + b.W * and);
}

/// <summary>x·X + y·Y + z·Z + W.</summary>
internal readonly record struct PlaneRow(float X, float Y, float Z, float W)
{
    public float At(float x, float y, float z) => X * x + Y * y + Z * z + W;
}

/// <summary>World to pixels: column = Column / Depth, row = Row / Depth, depth in metres along the view.</summary>
/// <param name="Focal">Pixels that one metre has at a distance of one.</param>
/// <param name="Width">Of the picture.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Eye">Where the camera is.</param>
/// <param name="Column">Over the depth: pixels from the left.</param>
/// <param name="Row">Over the depth: pixels from the top.</param>
/// <param name="Depth">Metres in front of the camera.</param>
internal readonly record struct Projection(
    float Focal, int Width, int Height, (float X, float Y, float Z) Eye, PlaneRow Column, PlaneRow Row, PlaneRow Depth);
