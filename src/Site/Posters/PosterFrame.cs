using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrowserTech.Site.Posters;

/// <summary>
/// The composition every motif is drawn into. Lengths are in heights of the picture (x runs from 0 to the aspect), so a
/// motif keeps its scale between 2:1, 16:9 and a square, and only what lies around it changes. The weight sits right of the
/// middle and above it; the lower left is calm, because that is where titles go.
/// </summary>
internal sealed record PosterFrame(int Width, int Height)
{
    public static readonly Vector3 Ground = new(.043f, .047f, .055f);

    public float Aspect { get; } = Width / (float)Height;

    /// <summary>The size of one pixel, in heights.</summary>
    public float Pixel { get; } = 1f / Height;

    /// <summary>How many pixels a line of nominal weight one has: one at 640 pixels of height.</summary>
    public float Stroke { get; } = MathF.Max(Height / 640f, .55f);

    public Vector2 Focus => new(Aspect * .5f + MathF.Min(.27f, Aspect * .125f), .45f);

    /// <summary>How much light a place may have: 1 in the upper right, little in the lower left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Light(float x, float y)
    {
        var along = x / Aspect * .9f + (1 - y) * .75f;
        return .12f + .88f * Smooth(.14f, .86f, along);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Smooth(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0f, 1f);
        return t * t * (3 - 2 * t);
    }
}
