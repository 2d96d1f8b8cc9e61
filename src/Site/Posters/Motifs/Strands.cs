using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>Thousands of threads of light carried by a flow without sources.</summary>
internal sealed class Strands : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var noise = new GradientNoise(random);
        var scale = random.Between(.8f, 1.5f);
        const int Count = 2100;
        var length = random.Between(.65f, 1.1f);
        var wind = Turned(random.Between(-.5f, .5f)) * random.Between(.1f, .7f);
        var bands = random.Between(4, 11);

        // The cost is in pixels walked: a larger picture takes longer steps, no more of them than two pixels.
        var step = MathF.Max(frame.Pixel * 1.2f, .0015f);
        var steps = (int)(length / step);
        for (var strand = 0; strand < Count; strand++)
        {
            var at = new Vector2(random.Between(-.15f, 1.15f), random.Between(-.2f, 1.2f));
            var bright = random.Next();
            at.X *= frame.Aspect;
            var band = .5f + .5f * MathF.Sin(noise.At(at.X * .7f, at.Y * .7f) * bands * 3);
            var colour = palette.At(at.X / frame.Aspect, at.Y, band * .18f) * (.16f + 2.6f * bright * bright * bright * bright * bright + .30f * band * bright);
            for (var i = 0; i < steps; i++)
            {
                var flow = noise.Curl(at.X * scale, at.Y * scale) + wind;
                var speed = flow.Length();
                if (speed < 1e-4f)
                    break;
                var next = at + flow / speed * step;
                var life = i / (float)steps;
                var fade = MathF.Min(1, life * 6) * (1 - life);
                field.Line(at, next, colour * (fade * frame.Light(at.X, at.Y)), colour * (fade * frame.Light(next.X, next.Y)));
                at = next;
            }
        }
    }

    private static Vector2 Turned(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));
}
