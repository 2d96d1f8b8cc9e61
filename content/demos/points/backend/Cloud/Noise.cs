using System.Runtime.CompilerServices;

namespace BrowserTech.Demos.Points.Cloud;

/// <summary>
/// Value noise and hashes: the same numbers for the same seed on every machine, whatever its processor. Everything random in the cloud
/// comes from here.
/// </summary>
internal static class Noise
{
    /// <summary>Mixes all bits of a word; a bijection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(uint value)
    {
        value ^= value >> 16;
        value *= 0x7feb352d;
        value ^= value >> 15;
        value *= 0x846ca68b;
        return value ^ (value >> 16);
    }

    public static uint Hash(int x, int y, uint seed) => Hash((uint)x * 0x9e3779b1 ^ Hash((uint)y + seed * 0x85ebca6b));

    /// <summary>In [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Unit(uint hash) => (hash >> 8) * (1f / 16777216f);

    public static float Unit(int x, int y, uint seed) => Unit(Hash(x, y, seed));

    /// <summary>Smooth noise in [0, 1] with one feature about each unit.</summary>
    public static float Value(float x, float y, uint seed)
    {
        var (fx, fy) = (MathF.Floor(x), MathF.Floor(y));
        var (ix, iy) = ((int)fx, (int)fy);
        var (tx, ty) = (Smooth(x - fx), Smooth(y - fy));
        var top = float.Lerp(Unit(ix, iy, seed), Unit(ix + 1, iy, seed), tx);
        var bottom = float.Lerp(Unit(ix, iy + 1, seed), Unit(ix + 1, iy + 1, seed), tx);
        return float.Lerp(top, bottom, ty);
    }

    /// <summary>Several octaves of <see cref="Value"/>, in [0, 1].</summary>
    public static float Fractal(float x, float y, int octaves, uint seed)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * Value(x, y, seed + (uint)octave);
            total += weight;
            weight *= 0.5f;
            // Turned at each octave, so that the lattices do not show.
            (x, y) = (x * 1.6f - y * 1.2f + 17.3f, x * 1.2f + y * 1.6f - 9.1f);
        }

        return sum / total;
    }

    /// <summary>Crests instead of bumps, in [0, 1].</summary>
    public static float Ridged(float x, float y, int octaves, uint seed)
    {
        var (sum, weight, total) = (0f, 1f, 0f);
        for (var octave = 0; octave < octaves; octave++)
        {
            var crest = 1 - MathF.Abs(Value(x, y, seed + (uint)octave) * 2 - 1);
            sum += weight * crest * crest;
            total += weight;
            weight *= 0.48f;
            (x, y) = (x * 1.7f - y * 1.1f + 5.7f, x * 1.1f + y * 1.7f + 3.9f);
        }

        return sum / total;
    }

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between.</summary>
    public static float Step(float from, float to, float value) => Smooth(Math.Clamp((value - from) / (to - from), 0, 1));

    private static float Smooth(float t) => t * t * (3 - 2 * t);
}
