using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>Rings from a few centres; where two systems of them cross, the third pattern that is in neither.</summary>
internal sealed class Interference : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var pitch = random.Between(.026f, .04f);
        var angle = random.Between(0, MathF.Tau);
        var apart = random.Between(.13f, .34f);
        var third = random.Chance(.4f);
        var squash = random.Between(.78f, 1f);
        var lean = random.Between(-.6f, .6f);

        var turn = Matrix3x2.CreateRotation(lean);
        Vector2 Flat(Vector2 v) => Vector2.Transform(v, turn) * new Vector2(1, 1 / squash);
        var offset = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * apart;
        Vector2 a = frame.Focus + offset * .5f, b = frame.Focus - offset * .5f;
        var c = frame.Focus + new Vector2(-offset.Y, offset.X) * 1.1f;

        field.Shade((x, y) =>
        {
            var p = new Vector2(x, y);
            float da = Flat(p - a).Length(), db = Flat(p - b).Length();
            var reach = PosterFrame.Smooth(1.02f, .12f, MathF.Min(da, db) + (1 - frame.Light(x, y)) * .30f);
            if (reach <= 0)
                return Vector3.Zero;
            // The hyperbolas between both centres choose the colour, so each family of crossings is one.
            var drift = (da - db) * .75f;
            var first = Ring(da, pitch, frame);
            var second = Ring(db, pitch, frame);
            var crossing = first * second;
            var colour = palette.At(x / frame.Aspect, y, drift);
            var other = palette.At(x / frame.Aspect, y, drift + .16f);
            var light = colour * first * .85f + other * second * .85f + Vector3.Lerp(colour, Vector3.One, .55f) * crossing * 1.6f;
            if (third)
                light += palette.At(x / frame.Aspect, y, -drift) * Ring(Flat(p - c).Length(), pitch * 2, frame) * .5f;
            var beat = .5f + .5f * MathF.Cos((da - db) / pitch * MathF.Tau);
            return light * reach * (.5f + 1.5f * beat) * frame.Light(x, y) + colour * (reach * reach * .05f);
        });
    }

    private static float Ring(float distance, float pitch, PosterFrame frame)
    {
        var phase = distance / pitch;
        var away = MathF.Abs(phase - MathF.Round(phase)) * pitch / frame.Pixel;
        var width = .95f * frame.Stroke;
        return 1 - PosterFrame.Smooth(width - .6f, width + .9f, away);
    }
}
