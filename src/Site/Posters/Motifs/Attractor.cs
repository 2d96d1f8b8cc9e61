using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>A strange attractor as the two million places a point visits: structure from four numbers.</summary>
internal sealed class Attractor : IPosterMotif
{
    // Clifford's attractor degenerates for most numbers; these were chosen by eye.
    private static readonly (float A, float B, float C, float D)[] Chosen =
    [
        (-1.4f, 1.6f, 1.0f, .7f), (1.7f, 1.7f, .6f, 1.2f), (-1.8f, -2.0f, -.5f, -.9f),
        (1.5f, -1.8f, 1.6f, .9f), (-1.9f, -1.9f, -1.9f, -1.0f), (-1.7f, 1.8f, -1.9f, -.4f),
    ];

    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var (a, b, c, d) = random.Pick<(float, float, float, float)>(Chosen);
        var turn = Matrix3x2.CreateRotation(random.Between(-.5f, .5f));
        var size = random.Between(.23f, .27f);

        var visits = Math.Clamp(frame.Width * frame.Height * 3, 400_000, 2_400_000);
        var each = .055f * frame.Width * frame.Height / visits * 2.4f;
        var p = new Vector2(.1f, .1f);
        for (var i = 0; i < visits; i++)
        {
            var next = new Vector2(MathF.Sin(a * p.Y) + c * MathF.Cos(a * p.X), MathF.Sin(b * p.X) + d * MathF.Cos(b * p.Y));
            var leap = Vector2.Distance(p, next);
            p = next;
            if (i < 40)
                continue;
            var at = frame.Focus + Vector2.Transform(p, turn) * size * new Vector2(1.25f, 1);
            var colour = palette.At(at.X / frame.Aspect, at.Y, leap * .07f) + new Vector3(.05f);
            field.Point(at, colour * (each * frame.Light(at.X, at.Y)));
        }
    }
}
