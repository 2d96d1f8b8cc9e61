using System.Numerics;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Light that adds up, as on a GPU with additive blending: motifs leave points and lines of light in it, many on the same
/// place, and one tone curve turns the sum into a picture. That is what keeps dense strands luminous instead of muddy.
/// </summary>
internal sealed class LightField(PosterFrame frame)
{
    private readonly Vector3[] _light = new Vector3[frame.Width * frame.Height];

    public PosterFrame Frame { get; } = frame;

    /// <summary>Adds light to the four pixels around a place, in heights.</summary>
    public void Point(Vector2 at, Vector3 light)
    {
        float x = at.X * Frame.Height - .5f, y = at.Y * Frame.Height - .5f;
        int ix = (int)MathF.Floor(x), iy = (int)MathF.Floor(y);
        if ((uint)ix >= (uint)(Frame.Width - 1) || (uint)iy >= (uint)(Frame.Height - 1))
            return;
        float fx = x - ix, fy = y - iy;
        var i = iy * Frame.Width + ix;
        var left = light * (1 - fx);
        var right = light * fx;
        _light[i] += left * (1 - fy);
        _light[i + 1] += right * (1 - fy);
        _light[i + Frame.Width] += left * fy;
        _light[i + Frame.Width + 1] += right * fy;
    }

    /// <summary>A line with the light of <paramref name="from"/> at one end and of <paramref name="to"/> at the other, as bright at any angle and size.</summary>
    public void Line(Vector2 a, Vector2 b, Vector3 from, Vector3 to)
    {
        var pixels = Vector2.Distance(a, b) * Frame.Height;
        var steps = (int)MathF.Ceiling(pixels / .8f);
        if (steps is 0 or > 20_000)
            return;
        var step = 1f / steps;
        var each = pixels * step * Frame.Stroke;
        for (var i = 0; i < steps; i++)
        {
            var t = (i + .5f) * step;
            Point(Vector2.Lerp(a, b, t), Vector3.Lerp(from, to, t) * each);
        }
    }

    /// <summary>A soft disc; <paramref name="radius"/> is in heights.</summary>
    public void Disc(Vector2 at, float radius, Vector3 light)
    {
        float r = MathF.Max(radius * Frame.Height, .6f), cx = at.X * Frame.Height, cy = at.Y * Frame.Height;
        int left = Math.Max(0, (int)(cx - r - 1)), right = Math.Min(Frame.Width - 1, (int)(cx + r + 1));
        int top = Math.Max(0, (int)(cy - r - 1)), bottom = Math.Min(Frame.Height - 1, (int)(cy + r + 1));
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                var d = MathF.Sqrt((x + .5f - cx) * (x + .5f - cx) + (y + .5f - cy) * (y + .5f - cy));
                _light[y * Frame.Width + x] += light * Math.Clamp(r - d + .5f, 0, 1);
            }
    }

    public Vector3 this[int x, int y]
    {
        get => _light[y * Frame.Width + x];
        set => _light[y * Frame.Width + x] = value;
    }

    /// <summary>Computes every pixel from its place, rows at the same time.</summary>
    public void Shade(Func<float, float, Vector3> light)
    {
        Parallel.For(0, Frame.Height, row =>
        {
            var y = (row + .5f) * Frame.Pixel;
            for (var column = 0; column < Frame.Width; column++)
                _light[row * Frame.Width + column] += light((column + .5f) * Frame.Pixel, y);
        });
    }

    /// <summary>Lets bright places shine a little on what is around them, as light in a lens does.</summary>
    public void Bloom(float strength)
    {
        const int Scale = 4;
        int columns = Frame.Width / Scale, rows = Frame.Height / Scale;
        var small = new Vector3[columns * rows];
        Parallel.For(0, rows, y =>
        {
            for (var x = 0; x < columns; x++)
            {
                var sum = Vector3.Zero;
                for (var k = 0; k < Scale * Scale; k++)
                    sum += Vector3.Min(_light[(y * Scale + k / Scale) * Frame.Width + x * Scale + k % Scale], new Vector3(3));
                small[y * columns + x] = sum / (Scale * Scale);
            }
        });
        var radius = Math.Max(2, Frame.Height / 80);
        for (var pass = 0; pass < 2; pass++)
        {
            small = Averaged(small, columns, rows, radius); // across, turned; and again, which turns it back
            small = Averaged(small, rows, columns, radius);
        }
        Parallel.For(0, Frame.Height, y =>
        {
            var gy = Math.Clamp((y + .5f) / Scale - .5f, 0, rows - 1.001f);
            for (var x = 0; x < Frame.Width; x++)
            {
                var gx = Math.Clamp((x + .5f) / Scale - .5f, 0, columns - 1.001f);
                int ix = (int)gx, iy = (int)gy;
                var i = iy * columns + ix;
                var top = Vector3.Lerp(small[i], small[i + 1], gx - ix);
                var bottom = Vector3.Lerp(small[i + columns], small[i + columns + 1], gx - ix);
                _light[y * Frame.Width + x] += Vector3.Lerp(top, bottom, gy - iy) * strength;
            }
        });
    }

    /// <summary>A running mean along each row, written as columns.</summary>
    private static Vector3[] Averaged(Vector3[] from, int width, int height, int radius)
    {
        var to = new Vector3[from.Length];
        Parallel.For(0, height, y =>
        {
            var row = from.AsSpan(y * width, width);
            var sum = Vector3.Zero;
            for (var k = -radius; k <= radius; k++)
                sum += row[Math.Clamp(k, 0, width - 1)];
            for (var x = 0; x < width; x++)
            {
                to[x * height + y] = sum / (2 * radius + 1);
                sum += row[Math.Min(x + radius + 1, width - 1)] - row[Math.Max(x - radius, 0)];
            }
        });
        return to;
    }

    /// <summary>Turns light into colour over the ground: dark stays dark, bright goes towards white and never clips.</summary>
    public Vector3 Developed(int x, int y)
    {
        var light = this[x, y];
        var colour = Vector3.One - new Vector3(MathF.Exp(-light.X), MathF.Exp(-light.Y), MathF.Exp(-light.Z));
        return PosterFrame.Ground * (Vector3.One - colour) + colour;
    }
}
