namespace BrowserTech.Demos.Points.Cloud;

/// <summary>What a surface is made of; decides its colour.</summary>
internal enum Facade
{
    Stone,
    Brick,
    Glass,
    Concrete,
    Bridge,
}

/// <summary>A building, or a part of one: upright, turned about z.</summary>
/// <param name="X">Centre in metres.</param>
/// <param name="Y">Centre in metres.</param>
/// <param name="HalfU">Half its length along its own first axis.</param>
/// <param name="HalfV">Half its length along its second.</param>
/// <param name="Bottom">z of its foot.</param>
/// <param name="Top">z of its roof.</param>
/// <param name="Facade">What it is made of.</param>
/// <param name="Tone">0 to 1: which of the colours of its kind.</param>
internal readonly record struct Box(float X, float Y, float HalfU, float HalfV, float Bottom, float Top, Facade Facade, float Tone)
{
    /// <summary>The town's streets run this much off the compass.</summary>
    public static readonly float Cos = MathF.Cos(0.31f);

    public static readonly float Sin = MathF.Sin(0.31f);

    public float WallArea => 4 * (HalfU + HalfV) * (Top - Bottom);

    public float RoofArea => 4 * HalfU * HalfV;

    /// <summary>Half the side of the square along the compass that holds it.</summary>
    public float Reach => HalfU + HalfV;

    public static (float X, float Y) ToWorld(float u, float v) => (u * Cos - v * Sin, u * Sin + v * Cos);

    public static (float U, float V) ToTown(float x, float y) => (x * Cos + y * Sin, y * Cos - x * Sin);

    public bool Covers(float x, float y)
    {
        var (u, v) = ToTown(x - X, y - Y);
        return MathF.Abs(u) <= HalfU && MathF.Abs(v) <= HalfV;
    }

    /// <summary>Lifts a grid of heights, one cell each metre around the origin, to its roof.</summary>
    public void Raise(float[] grid, int size)
    {
        var half = size / 2;
        for (var row = Math.Max(0, (int)(Y - Reach) + half); row <= Math.Min(size - 1, (int)(Y + Reach) + half + 1); row++)
        {
            for (var column = Math.Max(0, (int)(X - Reach) + half); column <= Math.Min(size - 1, (int)(X + Reach) + half + 1); column++)
            {
                if (Covers(column - half, row - half)) grid[row * size + column] = Math.Max(grid[row * size + column], Top);
            }
        }
    }
}
