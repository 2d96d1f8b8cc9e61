using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrowserTech.Site.Posters;

/// <summary>Perlin's gradient noise in the plane, from about −0.7 to 0.7, with its own permutation for each poster.</summary>
internal sealed class GradientNoise
{
    private static readonly Vector2[] Gradients =
        [.. Enumerable.Range(0, 16).Select(i => new Vector2(MathF.Cos(i * MathF.Tau / 16), MathF.Sin(i * MathF.Tau / 16)))];

    private readonly byte[] _permutation = new byte[512];

    public GradientNoise(PosterRandom random)
    {
        for (var i = 0; i < 256; i++)
            _permutation[i] = (byte)i;
        for (var i = 255; i > 0; i--)
        {
            var j = random.Whole(0, i);
            (_permutation[i], _permutation[j]) = (_permutation[j], _permutation[i]);
        }
        Array.Copy(_permutation, 0, _permutation, 256, 256);
    }

    public float At(float x, float y)
    {
        float fx = MathF.Floor(x), fy = MathF.Floor(y);
        int ix = (int)fx & 255, iy = (int)fy & 255;
        float dx = x - fx, dy = y - fy;
        float sx = Fade(dx), sy = Fade(dy);
        int left = _permutation[ix] + iy, right = _permutation[ix + 1] + iy;
        var top = Lerp(Dot(left, dx, dy), Dot(right, dx - 1, dy), sx);
        var bottom = Lerp(Dot(left + 1, dx, dy - 1), Dot(right + 1, dx - 1, dy - 1), sx);
        return Lerp(top, bottom, sy);
    }

    public float Fractal(float x, float y, int octaves)
    {
        float sum = 0, amplitude = 1;
        for (var i = 0; i < octaves; i++, amplitude *= .5f)
        {
            sum += amplitude * At(x, y);
            (x, y) = (1.6f * x - 1.2f * y + 17.3f, 1.2f * x + 1.6f * y - 5.1f); // doubled and turned, so octaves do not line up
        }
        return sum;
    }

    /// <summary>The field's flow without sources: where strands run.</summary>
    public Vector2 Curl(float x, float y)
    {
        const float E = .01f;
        return new Vector2(At(x, y + E) - At(x, y - E), At(x - E, y) - At(x + E, y)) / (2 * E);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Dot(int index, float dx, float dy)
    {
        var g = Gradients[_permutation[index & 511] & 15];
        return g.X * dx + g.Y * dy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fade(float t) => t * t * t * (t * (t * 6 - 15) + 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Lerp(float a, float b, float t) => a + (b - a) * t;
}
