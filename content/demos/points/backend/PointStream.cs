using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points;

/// <summary>
/// The points on their way to a browser that draws them itself: in <see cref="Layers"/> parts, each an even share of every tile, so that what has
/// arrived is always the whole picture, only thinner. In a part the points of one tile follow those of the one before; each is x, y, z, colour
/// of 16 bits, as a graphics card takes them.
/// </summary>
internal static class PointStream
{
    public const int Layers = 64;

    /// <summary>Which blocks of a tile belong to a layer.</summary>
    public static (int From, int To) Blocks(in Tile tile, int layer) =>
        ((int)((long)tile.Blocks * layer / Layers), (int)((long)tile.Blocks * (layer + 1) / Layers));

    public static unsafe byte[] Layer(PointCloud cloud, int layer)
    {
        var blocks = 0;
        foreach (ref readonly var tile in cloud.Tiles.AsSpan())
        {
            var (from, to) = Blocks(tile, layer);
            blocks += to - from;
        }

        var result = new byte[blocks * CloudFormat.BlockWords * sizeof(ushort)];
        fixed (byte* start = result)
        {
            var target = (ushort*)start;
            foreach (ref readonly var tile in cloud.Tiles.AsSpan())
            {
                var (from, to) = Blocks(tile, layer);
                for (var block = from; block < to; block++, target += CloudFormat.BlockWords)
                    Weave(cloud.Blocks + (nint)(tile.FirstBlock + block) * CloudFormat.BlockWords, target);
            }
        }

        return result;
    }

    /// <summary>One block: from sixteen of a kind side by side to one point after the other.</summary>
    public static unsafe void Weave(ushort* from, ushort* to)
    {
        for (var point = 0; point < CloudFormat.Block; point++)
        {
            to[point * 4] = from[point];
            to[point * 4 + 1] = from[CloudFormat.Block + point];
            to[point * 4 + 2] = from[2 * CloudFormat.Block + point];
            to[point * 4 + 3] = from[3 * CloudFormat.Block + point];
        }
    }
}
