namespace BrowserTech.Demos.Points.Cloud;

/// <summary>
/// The ground: hills around a plain, a river through it. Heights are kept on a grid of one metre; with the buildings on it the same grid says what
/// the sun does not reach.
/// </summary>
internal sealed class Landscape
{
    public const int Size = 1024;
    public const float WaterLevel = 22;

    /// <summary>Towards the sun, not of unit length: one step along x.</summary>
    private const float SunStepY = 0.62f;
    private const float SunRise = 0.78f;

    private readonly float[] _ground = new float[Size * Size];
    private readonly float[] _shade = new float[Size * Size];
    private readonly float[] _open = new float[Size * Size];
    private readonly uint _seed;

    public Landscape(uint seed, int threads)
    {
        _seed = seed;
        Parallel.For(0, Size, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
        {
            for (var column = 0; column < Size; column++) _ground[row * Size + column] = Height(column - Size / 2f, row - Size / 2f);
        });
    }

    /// <summary>Unit vector towards the sun.</summary>
    public static readonly (float X, float Y, float Z) Sun = Normal(1, SunStepY, SunRise);

    /// <summary>Metres from the middle of the river, across it.</summary>
    public static float FromRiver(float x, float y)
    {
        var middle = 92 * MathF.Sin(x / 188 + 0.6f) + 38 * MathF.Sin(x / 83 + 1.4f) - 150;
        var slope = 92f / 188 * MathF.Cos(x / 188 + 0.6f) + 38f / 83 * MathF.Cos(x / 83 + 1.4f);
        return MathF.Abs(y - middle) / MathF.Sqrt(1 + slope * slope);
    }

    /// <summary>How much town there is: 1 in its middle, 0 outside.</summary>
    public static float Town(float x, float y)
    {
        var (dx, dy) = (x + 20, y - 70);
        return 1 - Noise.Step(0.62f, 0.98f, MathF.Sqrt(dx * dx / (330f * 330f) + dy * dy / (270f * 270f)));
    }

    public float Ground(float x, float y) => Sample(_ground, x, y);

    /// <summary>Sunlight that reaches a point, 0 to 1.</summary>
    public float Lit(float x, float y, float z) => Math.Clamp(1 - (Sample(_shade, x, y) - z - 0.3f) / 1.6f, 0, 1);

    /// <summary>Sky above the ground at a place, 0 to 1: little between high walls.</summary>
    public float Open(float x, float y) => Sample(_open, x, y);

    public (float X, float Y, float Z) Slope(float x, float y) =>
        Normal(Ground(x - 1, y) - Ground(x + 1, y), Ground(x, y - 1) - Ground(x, y + 1), 2);

    /// <summary>Lets the sun fall on ground and buildings.</summary>
    public void Illuminate(IReadOnlyList<Box> boxes)
    {
        var surface = (float[])_ground.Clone();
        foreach (var box in boxes) box.Raise(surface, Size);

        // Against the sun, column by column: what stands nearer to it throws a shadow that sinks on its way.
        Array.Fill(_shade, -1000f);
        for (var column = Size - 2; column >= 0; column--)
        {
            for (var row = 0; row < Size; row++)
            {
                var from = row + SunStepY;
                var below = Math.Min((int)from, Size - 2);
                var part = Math.Min(from - below, 1);
                var (a, b) = (below * Size + column + 1, (below + 1) * Size + column + 1);
                _shade[row * Size + column] = float.Lerp(Math.Max(surface[a], _shade[a]), Math.Max(surface[b], _shade[b]), part) - SunRise;
            }
        }

        var blurred = Blur(surface, 9);
        for (var cell = 0; cell < surface.Length; cell++) _open[cell] = Math.Clamp(1 - (blurred[cell] - _ground[cell]) / 34f, 0.35f, 1);
    }

    private float Height(float x, float y)
    {
        var away = MathF.Sqrt(x * x + y * y) / 512;
        var hills = 10 + 26 * Noise.Fractal(x / 170, y / 170, 4, _seed);
        var mountains = 128 * Noise.Step(0.58f, 1.3f, away) * Noise.Ridged(x / 235 + 3, y / 235, 5, _seed + 20);
        var land = 14 + hills + mountains;
        land = float.Lerp(land, WaterLevel + 7 + 3 * Noise.Fractal(x / 120, y / 120, 2, _seed + 40), Town(x, y));
        var width = 17 + 8 * Noise.Value(x / 90, 7, _seed + 50);
        return float.Lerp(WaterLevel, land, Noise.Step(width, width + 46, FromRiver(x, y) + 3 * Noise.Value(x / 9, y / 9, _seed + 51)));
    }

    private static float Sample(float[] grid, float x, float y)
    {
        var (gx, gy) = (Math.Clamp(x + Size / 2f, 0, Size - 1.001f), Math.Clamp(y + Size / 2f, 0, Size - 1.001f));
        var (column, row) = ((int)gx, (int)gy);
        var at = row * Size + column;
        var (tx, ty) = (gx - column, gy - row);
        return float.Lerp(float.Lerp(grid[at], grid[at + 1], tx), float.Lerp(grid[at + Size], grid[at + Size + 1], tx), ty);
    }

    private static float[] Blur(float[] grid, int radius)
    {
        var (across, both) = (new float[grid.Length], new float[grid.Length]);
        for (var line = 0; line < Size; line++) BlurLine(grid, across, line * Size, 1, radius);
        for (var line = 0; line < Size; line++) BlurLine(across, both, line, Size, radius);
        return both;
    }

    private static void BlurLine(float[] from, float[] to, int start, int step, int radius)
    {
        var sum = 0f;
        for (var i = -radius; i <= radius; i++) sum += from[start + Math.Clamp(i, 0, Size - 1) * step];
        for (var i = 0; i < Size; i++)
        {
            to[start + i * step] = sum / (2 * radius + 1);
            sum += from[start + Math.Min(i + radius + 1, Size - 1) * step] - from[start + Math.Max(i - radius, 0) * step];
        }
    }

    private static (float X, float Y, float Z) Normal(float x, float y, float z)
    {
        var length = MathF.Sqrt(x * x + y * y + z * z);
        return (x / length, y / length, z / length);
    }
}
