using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>A quadtree that divides wherever a curve passes: what a tiled texture looks like to the machine that streams it.</summary>
internal sealed class Tiles : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var noise = new GradientNoise(random);
        var ring = random.Between(.26f, .38f);
        var bend = random.Between(.10f, .28f);
        var second = random.Between(.08f, .16f);
        var deepest = random.Whole(5, 6);
        var wave = random.Chance(.5f);
        var slope = random.Between(-.5f, .5f);
        var salt = new PosterRandom(random.NextBits());

        float Curve(Vector2 p)
        {
            var d = (wave ? MathF.Abs(p.Y - frame.Focus.Y + slope * (p.X - frame.Focus.X)) + ring * .4f : (p - frame.Focus).Length())
                + bend * (wave ? 1.5f : 1) * noise.Fractal(p.X * 1.6f, p.Y * 1.6f, 2);
            return MathF.Min(MathF.Abs(d - ring), MathF.Abs(d - ring - second - .12f));
        }

        // Starting squares are placed from the middle, so a wider picture shows more of the same.
        const float Root = .25f;
        for (var y = 0f; y < 1; y += Root)
            for (var x = frame.Focus.X - 9 * Root; x < frame.Aspect; x += Root)
                Divide(new Vector2(x, y), Root, 2);

        void Divide(Vector2 corner, float size, int depth)
        {
            var middle = corner + new Vector2(size * .5f);
            var away = Curve(middle);
            var lot = salt.Next();
            if (depth < deepest && away < size * (.62f + .3f * lot))
            {
                var half = size * .5f;
                Divide(corner, half, depth + 1);
                Divide(corner + new Vector2(half, 0), half, depth + 1);
                Divide(corner + new Vector2(0, half), half, depth + 1);
                Divide(corner + new Vector2(half, half), half, depth + 1);
                return;
            }

            var light = frame.Light(middle.X, middle.Y);
            var colour = palette.At(middle.X / frame.Aspect, middle.Y, (lot - .5f) * .10f);
            var near = MathF.Exp(-away * 11);
            var small = (depth - 2f) / (deepest - 2f);
            var filled = small > .5f ? near * (.25f + 1.5f * lot * lot) : .018f + .05f * lot * near;
            Square(field, corner, size, colour * light * filled * 2.3f, colour * light * (.10f + .6f * small * near));
        }
    }

    private static void Square(LightField field, Vector2 corner, float size, Vector3 fill, Vector3 outline)
    {
        var frame = field.Frame;
        float inset = MathF.Max(1.1f * frame.Stroke, 1), line = MathF.Max(1, frame.Stroke);
        float left = corner.X * frame.Height + inset, right = (corner.X + size) * frame.Height - inset;
        float top = corner.Y * frame.Height + inset, bottom = (corner.Y + size) * frame.Height - inset;
        int y0 = Math.Max(0, (int)MathF.Floor(top)), y1 = Math.Min(frame.Height - 1, (int)MathF.Ceiling(bottom));
        int x0 = Math.Max(0, (int)MathF.Floor(left)), x1 = Math.Min(frame.Width - 1, (int)MathF.Ceiling(right));
        for (var y = y0; y <= y1; y++)
            for (var x = x0; x <= x1; x++)
            {
                var inside = MathF.Min(MathF.Min(x + .5f - left, right - x - .5f), MathF.Min(y + .5f - top, bottom - y - .5f));
                var covered = Math.Clamp(inside + .5f, 0, 1);
                if (covered > 0)
                    field[x, y] += (fill + outline * Math.Clamp(line + .5f - inside, 0, 1)) * covered;
            }
    }
}
