using System.Runtime.InteropServices;

namespace BrowserTech.Demos.Points.Cloud;

/// <summary>
/// Makes the whole cloud from a seed: the same bytes each time, however many threads. Each tile is made alone, from what stands in it, so that
/// threads share nothing but the plan.
/// <para>
/// Every surface is sampled by a low-discrepancy sequence (R2: multiples of the plastic number's powers), and the surfaces of a tile take
/// turns by lot, weighted by their area. So any beginning of a tile's points covers all of it, evenly.
/// </para>
/// </summary>
internal static class CloudGenerator
{
    public const uint DefaultSeed = 20270114;

    /// <param name="seed">What to make.</param>
    /// <param name="points">How many, a multiple of <see cref="CloudFormat.Block"/>.</param>
    /// <param name="into">Head and blocks, <see cref="CloudFormat"/>; exactly as long as these need.</param>
    /// <param name="threads">How many at once.</param>
    public static unsafe void Generate(uint seed, int points, Span<byte> into, int threads)
    {
        if (points % CloudFormat.Block != 0) throw new ArgumentOutOfRangeException(nameof(points), points, $"Points come in blocks of {CloudFormat.Block}.");
        if (into.Length != CloudFormat.HeadBytes + points * 4 * sizeof(ushort)) throw new ArgumentException("It must be as long as the head and the points.", nameof(into));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var land = new Landscape(seed, threads);
        var boxes = Town.Build(land, seed);
        land.Illuminate(boxes);
        var plans = new TilePlan[CloudFormat.TileCount];
        Parallel.For(0, plans.Length, parallel, tile => plans[tile] = TilePlan.Of(tile, land, boxes, seed));

        var blocks = Share(plans, points / CloudFormat.Block);
        var first = new int[plans.Length];
        for (var tile = 1; tile < plans.Length; tile++) first[tile] = first[tile - 1] + blocks[tile - 1];
        var (low, high) = (new ushort[plans.Length], new ushort[plans.Length]);
        fixed (byte* start = into)
        {
            var words = (ushort*)(start + CloudFormat.HeadBytes);
            Parallel.For(0, plans.Length, parallel, tile =>
            {
                var own = new Span<ushort>(words + (long)first[tile] * CloudFormat.BlockWords, blocks[tile] * CloudFormat.BlockWords);
                (low[tile], high[tile]) = Fill(plans[tile], land, seed, own);
            });
        }

        var head = MemoryMarshal.Cast<byte, uint>(into[..CloudFormat.HeadBytes]);
        head.Clear();
        (head[0], head[1], head[2], head[3]) = (CloudFormat.Magic, CloudFormat.Version, seed, (uint)points);
        head[4] = BitConverter.SingleToUInt32Bits(plans.Sum(plan => plan.Area) / points);
        for (var tile = 0; tile < plans.Length; tile++)
        {
            var at = head.Slice(CloudFormat.HeadWords + tile * CloudFormat.TileWords, CloudFormat.TileWords);
            (at[0], at[1], at[2], at[3]) = ((uint)first[tile], (uint)blocks[tile], low[tile], high[tile]);
        }
    }

    /// <summary>By area, the largest remainders first, so that the sum is exact.</summary>
    private static int[] Share(TilePlan[] plans, int blocks)
    {
        var area = plans.Sum(plan => (double)plan.Area);
        var exact = plans.Select(plan => plan.Area / area * blocks).ToArray();
        var shares = exact.Select(each => (int)each).ToArray();
        var left = blocks - shares.Sum();
        foreach (var tile in Enumerable.Range(0, shares.Length).OrderByDescending(tile => exact[tile] - shares[tile]).ThenBy(tile => tile).Take(left)) shares[tile]++;
        return shares;
    }

    private static (ushort Low, ushort High) Fill(TilePlan plan, Landscape land, uint seed, Span<ushort> blocks)
    {
        var dice = new Dice(Noise.Hash(plan.Tile, 0, seed + 90));
        var painter = new Painter(land, seed);
        var (low, high) = (ushort.MaxValue, ushort.MinValue);
        var count = blocks.Length / 4;
        for (var point = 0; point < count; point++)
        {
            var (x, y, z, colour) = plan.Next(ref dice, painter);
            var at = point / CloudFormat.Block * CloudFormat.BlockWords + point % CloudFormat.Block;
            var height = Quantise(z / CloudFormat.Height);
            blocks[at] = Quantise((x - plan.X) / CloudFormat.TileSide);
            blocks[at + CloudFormat.Block] = Quantise((y - plan.Y) / CloudFormat.TileSide);
            blocks[at + 2 * CloudFormat.Block] = height;
            blocks[at + 3 * CloudFormat.Block] = colour.Pack(dice.NextBits());
            (low, high) = (Math.Min(low, height), Math.Max(high, height));
        }

        return (low, high);
    }

    private static ushort Quantise(float part) => (ushort)Math.Clamp(part * 65536f, 0, 65535);
}
