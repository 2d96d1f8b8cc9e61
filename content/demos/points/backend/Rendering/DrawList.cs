using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points.Rendering;

/// <summary>How much of a tile is drawn.</summary>
/// <param name="Tile">Its number.</param>
/// <param name="Blocks">How many of its blocks, from the first.</param>
/// <param name="Splat">Pixels along each side of a point.</param>
internal readonly record struct Draw(int Tile, int Blocks, int Splat);

/// <summary>
/// Which tiles are in view, nearest first, and how many points of each. Within a budget each tile is given as many as its area on the screen
/// asks for: a distant tile with ten points for each pixel gives nine of them up before a near one loses any.
/// </summary>
internal sealed class DrawList(PointCloud cloud)
{
    /// <summary>Pixels along each side of the largest point.</summary>
    private const int MaxSplat = 9;

    private const float TileArea = CloudFormat.TileSide * CloudFormat.TileSide;

    private readonly List<(int Tile, float Distance, float Pixels)> _visible = [];
    private readonly List<Draw> _draws = [];

    /// <summary>Points of the tiles in view, of those that may be drawn at all.</summary>
    public long Wanted { get; private set; }

    /// <summary>Points in <see cref="Draws"/>.</summary>
    public long Points { get; private set; }

    public IReadOnlyList<Draw> Draws => _draws;

    /// <param name="view">The camera.</param>
    /// <param name="part">How much of each tile may be drawn at all, 0 to 1.</param>
    /// <param name="budget">Points in all.</param>
    public void Choose(in Projection view, float part, long budget)
    {
        _visible.Clear();
        _draws.Clear();
        Wanted = 0;
        for (var tile = 0; tile < cloud.Tiles.Length; tile++)
        {
            ref readonly var each = ref cloud.Tiles[tile];
            if (!IsInView(view, each)) continue;
            var (dx, dy, dz) = (each.X + CloudFormat.TileSide / 2 - view.Eye.X, each.Y + CloudFormat.TileSide / 2 - view.Eye.Y, (each.MinZ + each.MaxZ) / 2 - view.Eye.Z);
            var distance = MathF.Max(MathF.Sqrt(dx * dx + dy * dy + dz * dz), CloudFormat.TileSide / 2);
            var tilt = MathF.Max(MathF.Abs(dz) / distance, 0.35f);
            _visible.Add((tile, distance, TileArea * tilt * (view.Focal / distance) * (view.Focal / distance)));
            Wanted += Most(each, part) * (long)CloudFormat.Block;
        }

        _visible.Sort(static (a, b) => a.Distance.CompareTo(b.Distance));
        var density = Wanted <= budget ? float.PositiveInfinity : Density(part, budget);
        Points = 0;
        foreach (var (tile, distance, pixels) in _visible)
        {
            var blocks = Blocks(cloud.Tiles[tile], part, pixels, density);
            if (blocks == 0) continue;
            _draws.Add(new Draw(tile, blocks, Splat(view, distance, (float)blocks / cloud.Tiles[tile].Blocks)));
            Points += blocks * (long)CloudFormat.Block;
        }
    }

    /// <summary>As many pixels as there are from one point to the next, at the near edge of the tile.</summary>
    private int Splat(in Projection view, float distance, float share)
    {
        var near = MathF.Max(distance - CloudFormat.TileSide / 2, CloudFormat.TileSide / 2);
        return Math.Clamp((int)(view.Focal / near * cloud.Spacing / MathF.Sqrt(share) + 0.3f), 1, MaxSplat);
    }

    private static int Most(in Tile tile, float part) => (int)(tile.Blocks * part);

    private static int Blocks(in Tile tile, float part, float pixels, float density) =>
        (int)Math.Min(Most(tile, part), Math.Ceiling(pixels * density / CloudFormat.Block));

    /// <summary>Points for each pixel such that all tiles together keep to the budget.</summary>
    private float Density(float part, long budget)
    {
        var (low, high) = (0f, 64f);
        for (var step = 0; step < 18; step++)
        {
            var middle = (low + high) / 2;
            var sum = 0L;
            foreach (var (tile, _, pixels) in _visible) sum += Blocks(cloud.Tiles[tile], part, pixels, middle);
            if (sum * CloudFormat.Block > budget) high = middle;
            else low = middle;
        }

        return low;
    }

    /// <summary>False only where all eight corners are outside of one same edge.</summary>
    private static bool IsInView(in Projection view, in Tile tile)
    {
        var (behind, left, right, above, below) = (0, 0, 0, 0, 0);
        for (var corner = 0; corner < 8; corner++)
        {
            var x = tile.X + (corner & 1) * CloudFormat.TileSide;
            var y = tile.Y + (corner >> 1 & 1) * CloudFormat.TileSide;
            var z = (corner & 4) == 0 ? tile.MinZ : tile.MaxZ;
            var (depth, column, row) = (view.Depth.At(x, y, z), view.Column.At(x, y, z), view.Row.At(x, y, z));
            if (depth < OrbitCamera.Near) behind++;
            if (column < 0) left++;
            if (column > depth * view.Width) right++;
            if (row < 0) above++;
            if (row > depth * view.Height) below++;
        }

        return behind < 8 && left < 8 && right < 8 && above < 8 && below < 8;
    }
}
