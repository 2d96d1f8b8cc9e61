using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>A landscape of rows of points, nearer rows hiding what is behind them.</summary>
internal sealed class Terrain : IPosterMotif
{
    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var noise = new GradientNoise(random);
        var rows = random.Whole(64, 84);
        var lines = random.Chance(.45f);
        var horizon = random.Between(.16f, .24f);
        var relief = random.Between(.42f, .6f);
        var peak = new Vector2(random.Between(-.2f, .5f), random.Between(.8f, 1.5f));
        var from = random.Between(0, 90);

        float Height(float x, float z)
        {
            var ridge = 1 - MathF.Abs(noise.Fractal(x * 1.1f + from, z * 1.5f, 3)) * 1.7f;
            var swell = noise.At(x * .7f - from, z * .9f) + .35f;
            var summit = MathF.Exp(-((x - peak.X) * (x - peak.X) * 4 + (z - peak.Y) * (z - peak.Y) * 5));
            return MathF.Max(0, ridge * ridge * .55f) * (.4f + swell) + summit * .8f + noise.At(x * 6, z * 6) * .05f;
        }

        // Front to back: what rises above everything so far is seen, the rest is behind it.
        var skyline = new float[frame.Width];
        Array.Fill(skyline, 2f);
        for (var row = 0; row < rows; row++)
        {
            var z = row / (float)(rows - 1); // 0 near, 1 far; rows are even on the picture, not in the land
            var ground = 1.22f - (1.22f - horizon - .075f) * MathF.Pow(z, .82f);
            var depth = (1.22f - horizon) / (ground - horizon);
            var spread = 1.5f / depth;
            var dot = MathF.Max(.0034f / MathF.Sqrt(depth), .7f * frame.Pixel);
            var apart = lines ? frame.Pixel * .7f : MathF.Max(.0135f / MathF.Pow(depth, .62f), 2.6f * frame.Pixel);
            var previous = new Vector2(float.NaN, 0);
            for (var x = 0f; x < frame.Aspect; x += apart)
            {
                var world = (x - frame.Focus.X) / spread;
                var h = Height(world * .62f, depth * .42f);
                var y = ground - h * relief * (.28f + .72f / depth);
                var column = Math.Min((int)(x * frame.Height), frame.Width - 1);
                var seen = y < skyline[column];
                var light = frame.Light(x, y) * (.45f + .55f * frame.Light(x, y)) * (.6f + .7f * (1 - z)) * PosterFrame.Smooth(1.02f, .62f, z);
                var colour = palette.At(x / frame.Aspect, .25f + z * .9f, h * .3f) * light * (1.0f + h * 1.1f);
                if (lines)
                {
                    if (seen && !float.IsNaN(previous.X))
                        field.Line(previous, new Vector2(x, y), colour * 2.1f, colour * 2.1f);
                    previous = seen ? new Vector2(x, y) : new Vector2(float.NaN, 0);
                }
                else if (seen)
                {
                    field.Disc(new Vector2(x, y), dot, colour * 2.1f);
                }
            }
            Hide(skyline, frame, x => ground - Height((x - frame.Focus.X) / spread * .62f, depth * .42f) * relief * (.28f + .72f / depth));
        }
    }

    private static void Hide(float[] skyline, PosterFrame frame, Func<float, float> top)
    {
        // The skyline between two points is a straight line: every fourth column is computed.
        const int Every = 4;
        var left = top(.5f * frame.Pixel);
        for (var column = 0; column < frame.Width; column += Every)
        {
            var right = top((column + Every + .5f) * frame.Pixel);
            for (var k = 0; k < Every && column + k < frame.Width; k++)
                skyline[column + k] = MathF.Min(skyline[column + k], left + (right - left) * k / Every);
            left = right;
        }
    }
}
