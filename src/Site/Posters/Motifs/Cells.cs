using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>Voronoi cells with true distances to their edges: domed, some of them ringed, each with its site.</summary>
internal sealed class Cells : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var scale = random.Between(3.6f, 6.2f);
        var jitter = random.Between(.74f, .92f);
        var ringed = random.Between(.12f, .5f);
        var rings = random.Between(.045f, .075f);
        var salt = (uint)random.NextBits();

        Vector2 Site(int cx, int cy) => new Vector2(cx, cy) + new Vector2(.5f) + (new Vector2(Hash(cx, cy, salt), Hash(cx, cy, salt ^ 0x55AA)) - new Vector2(.5f)) * jitter;

        // Sites are asked for dozens of times by every pixel: computed once, with a margin around the picture.
        const int Margin = 4;
        int across = (int)(frame.Aspect * scale) + 2 * Margin + 1, down = (int)scale + 2 * Margin + 1;
        var sites = new Vector2[across * down];
        for (var i = 0; i < sites.Length; i++)
            sites[i] = Site(i % across - Margin, i / across - Margin);

        field.Shade((x, y) =>
        {
            var p = new Vector2(x, y) * scale;
            int cx = (int)MathF.Floor(p.X), cy = (int)MathF.Floor(p.Y);
            var best = float.MaxValue;
            var home = Vector2.Zero;
            var home2 = (X: 0, Y: 0);
            for (var j = -1; j <= 1; j++)
                for (var i = -1; i <= 1; i++)
                {
                    var to = sites[(cy + j + Margin) * across + cx + i + Margin] - p;
                    var d = to.LengthSquared();
                    if (d < best)
                        (best, home, home2) = (d, to, (cx + i, cy + j));
                }

            var edge = float.MaxValue;
            for (var j = -2; j <= 2; j++)
                for (var i = -2; i <= 2; i++)
                {
                    var to = sites[(home2.Y + j + Margin) * across + home2.X + i + Margin] - p;
                    var between = to - home;
                    var length = between.LengthSquared();
                    if (length > 1e-6f)
                        edge = MathF.Min(edge, Vector2.Dot(.5f * (home + to), between / MathF.Sqrt(length)));
                }

            var pixel = scale * frame.Pixel;
            var gap = .028f;
            var inside = PosterFrame.Smooth(gap - pixel, gap + pixel, edge);
            var lot = Hash(home2.X, home2.Y, salt ^ 0x1234567);
            var site = (p + home) / scale;
            var colour = palette.At(site.X / frame.Aspect, site.Y, (lot - .5f) * .16f);
            var light = frame.Light(site.X, site.Y);
            var dome = MathF.Sqrt(Math.Clamp(edge * 1.9f, 0, 1));
            var slant = .62f + .38f * Vector2.Dot(Vector2.Normalize(home + new Vector2(1e-4f)), new Vector2(.55f, .83f)) * (1 - dome);
            var depth = lot < ringed ? .16f : .22f + .75f * Hash(home2.X, home2.Y, salt ^ 0xABCDEF);
            var shine = colour * light * inside * depth * (.12f + dome * dome * 1.25f) * slant * 2.1f;

            var rim = MathF.Exp(-MathF.Abs(edge - gap - .012f) / .012f) * inside;
            shine += colour * light * rim * .9f;
            if (lot < ringed)
            {
                var ring = MathF.Abs((edge - gap) / rings - MathF.Round((edge - gap) / rings)) * rings / pixel;
                var width = .75f * frame.Stroke;
                shine += colour * light * inside * (1 - PosterFrame.Smooth(width - .4f, width + .8f, ring)) * 1.5f;
            }
            var dot = MathF.Sqrt(best) / pixel;
            var size = 2.4f * frame.Stroke;
            return shine + Vector3.Lerp(colour, Vector3.One, .6f) * light * (1 - PosterFrame.Smooth(size - .7f, size + .7f, dot)) * 2f;
        });
    }

    private static float Hash(int x, int y, uint salt)
    {
        var h = (uint)x * 0x8DA6B343 ^ (uint)y * 0xD8163841 ^ salt;
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        return (h >> 8) / (float)(1 << 24);
    }
}
