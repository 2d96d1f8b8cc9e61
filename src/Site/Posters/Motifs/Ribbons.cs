using System.Numerics;
using System.Runtime.InteropServices;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>Ruled sheets: many copies of a curve, each a little further on, turning over themselves.</summary>
internal sealed class Ribbons : IPosterMotif
{
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Wave(float Frequency, float Amplitude, float Phase, float Shear);

    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var ribbons = random.Whole(2, 3);
        var tilt = random.Between(-.32f, -.08f);
        for (var ribbon = 0; ribbon < ribbons; ribbon++)
        {
            var waves = new Wave[3];
            for (var i = 0; i < waves.Length; i++)
                waves[i] = new Wave(random.Between(.55f, 1.25f) * (i + 1), random.Between(.10f, .24f) / (i + 1), random.Next() * MathF.Tau, random.Between(-2.6f, 2.6f));
            var lines = random.Whole(58, 84);
            var spread = random.Between(.16f, .42f);
            var middle = .30f + ribbon * .22f + random.Between(-.05f, .05f);
            var drift = random.Between(-.12f, .12f) + ribbon * .16f;
            Sheet(field, frame, palette, waves, lines, spread, middle, tilt, drift);
        }
    }

    private static void Sheet(LightField field, PosterFrame frame, CosinePalette palette, Wave[] waves, int lines, float spread, float middle, float tilt, float drift)
    {
        var step = MathF.Max(frame.Pixel * 3, .004f);
        for (var line = 0; line < lines; line++)
        {
            var k = line / (float)(lines - 1);
            var edge = MathF.Pow(MathF.Abs(k - .5f) * 2, 6); // the outermost lines draw the sheet's outline
            Vector2? last = null;
            for (var x = -.02f; x < frame.Aspect + .02f; x += step)
            {
                var w = x - frame.Aspect * .5f; // from the middle, so every aspect shows the same stretch there
                var y = middle + tilt * w * .55f;
                var turned = MathF.Cos(w * 1.5f * waves[0].Frequency + waves[0].Phase * 2);
                y += (k - .5f) * spread * (.25f + .75f * turned);
                foreach (var wave in waves)
                    y += wave.Amplitude * MathF.Sin(wave.Frequency * w * 2.4f + wave.Phase + k * wave.Shear * .55f);
                var at = new Vector2(x, y);
                if (last is { } before && (y is > -.1f and < 1.1f || before.Y is > -.1f and < 1.1f))
                {
                    var tight = .65f + .5f * (1 - MathF.Abs(turned));
                    var colour = palette.At(x / frame.Aspect, y, drift + k * .22f) * (frame.Light(x, y) * (.62f + 1.5f * edge) * tight);
                    field.Line(before, at, colour, colour);
                }
                last = at;
            }
        }
    }
}
