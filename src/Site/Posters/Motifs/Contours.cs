using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>Level lines of a field that is bent by another field.</summary>
internal sealed class Contours : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var noise = new GradientNoise(random);
        var scale = random.Between(.85f, 1.35f);
        var bend = random.Between(.55f, 1.15f);
        var levels = random.Between(11, 19);
        var sheen = random.Between(.10f, .30f);
        var from = new Vector2(random.Between(0, 50), random.Between(0, 50));

        // The field is smooth: half of the pixels each way, and the rest in between, is all it takes.
        int columns = frame.Width / 2 + 3, rows = frame.Height / 2 + 3;
        var heights = new float[columns * rows];
        Parallel.For(0, rows, row =>
        {
            for (var column = 0; column < columns; column++)
            {
                float x = column * 2 * frame.Pixel * scale + from.X, y = row * 2 * frame.Pixel * scale + from.Y;
                var bx = noise.Fractal(x * .8f + 3.1f, y * .8f, 2);
                var by = noise.Fractal(x * .8f, y * .8f + 7.7f, 2);
                heights[row * columns + column] = noise.Fractal(x + bend * bx, y + bend * by, 3);
            }
        });

        field.Shade((x, y) =>
        {
            float gx = x * frame.Height * .5f, gy = y * frame.Height * .5f;
            int ix = (int)gx, iy = (int)gy;
            float fx = gx - ix, fy = gy - iy;
            var i = iy * columns + ix;
            float a = heights[i], b = heights[i + 1], c = heights[i + columns], d = heights[i + columns + 1];
            var height = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
            var slope = new Vector2((b - a) * (1 - fy) + (d - c) * fy, (c - a) * (1 - fx) + (d - b) * fx) * .5f;

            var level = height * levels;
            var nearest = MathF.Round(level);
            var steep = MathF.Max(slope.Length() * levels, .004f);
            var away = MathF.Abs(level - nearest) / steep; // pixels
            var major = ((int)nearest & 3) == 0;
            var width = (major ? 1.25f : .6f) * frame.Stroke;
            var line = 1 - PosterFrame.Smooth(width - .5f, width + .8f, away);
            var glow = MathF.Exp(-away / (7 * frame.Stroke)) * .16f;

            var light = frame.Light(x, y);
            var colour = palette.At(x / frame.Aspect, y, height * .28f);
            var slant = .5f + .5f * Vector2.Dot(slope / MathF.Max(slope.Length(), 1e-5f), new Vector2(-.6f, -.8f));
            return colour * light * (line * (major ? 2.6f : 1.4f) + glow + sheen * slant * slant * light);
        });
    }
}
