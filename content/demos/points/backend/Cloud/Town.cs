namespace BrowserTech.Demos.Points.Cloud;

/// <summary>Streets, lots and what stands on them. The plan is in the town's own axes, see <see cref="Box.ToTown"/>.</summary>
internal static class Town
{
    /// <summary>From the middle of one street to the next.</summary>
    public const float Pitch = 52;

    public const float Street = 11;

    /// <summary>Where in its block a place is: metres from the middle of the nearest street, in both directions.</summary>
    public static (float U, float V) FromStreets(float u, float v) => (MathF.Abs(u - MathF.Round(u / Pitch) * Pitch), MathF.Abs(v - MathF.Round(v / Pitch) * Pitch));

    public static bool IsPark(int blockU, int blockV, uint seed) => Noise.Unit(blockU, blockV, seed + 60) < 0.09f;

    public static (int U, int V) BlockOf(float u, float v) => ((int)MathF.Floor(u / Pitch), (int)MathF.Floor(v / Pitch));

    public static List<Box> Build(Landscape land, uint seed)
    {
        var boxes = new List<Box>();
        var reach = (int)(420 / Pitch) + 1;
        for (var blockV = -reach; blockV <= reach; blockV++)
        {
            for (var blockU = -reach; blockU <= reach; blockU++)
            {
                if (!IsPark(blockU, blockV, seed)) Block(boxes, land, blockU, blockV, seed);
            }
        }

        foreach (var x in new[] { -118f, 95f }) boxes.Add(Bridge(x));
        return boxes;
    }

    private static void Block(List<Box> boxes, Landscape land, int blockU, int blockV, uint seed)
    {
        const float Lot = (Pitch - Street - 5) / 2;
        // Here and there one house has the whole block.
        var whole = Noise.Unit(blockU, blockV, seed + 61) < 0.17f;
        for (var lot = 0; lot < (whole ? 1 : 4); lot++)
        {
            var half = whole ? Lot - 1 : Lot / 2 - 0.6f;
            var u = (blockU + 0.5f) * Pitch + (whole ? 0 : (lot % 2 - 0.5f) * Lot);
            var v = (blockV + 0.5f) * Pitch + (whole ? 0 : (lot / 2 - 0.5f) * Lot);
            var (x, y) = Box.ToWorld(u, v);
            var town = Landscape.Town(x, y);
            if (town < 0.25f || Landscape.FromRiver(x, y) < 46) continue;
            var dice = new Dice(Noise.Hash(blockU * 4 + lot, blockV, seed + 62));
            if (dice.Next() < 0.06f) continue;
            House(boxes, land, new Plot(u, v, half, town, whole), dice);
        }
    }

    private readonly record struct Plot(float U, float V, float Half, float Town, bool Whole);

    private static void House(List<Box> boxes, Landscape land, Plot plot, Dice dice)
    {
        var (x, y) = Box.ToWorld(plot.U, plot.V);
        var ground = land.Ground(x, y) - 1.5f;
        var middle = MathF.Exp(-((x + 20) * (x + 20) + (y - 78) * (y - 78)) / (128f * 128f));
        var height = 9 + 12 * plot.Town * dice.Next() + 122 * middle * MathF.Pow(dice.Next(), 1.4f) + (plot.Whole ? 18 * middle : 0);
        var tone = dice.Next();
        var facade = height > 58 ? (dice.Next() < 0.7f ? Facade.Glass : Facade.Concrete) : dice.Next() switch { < 0.42f => Facade.Stone, < 0.74f => Facade.Brick, _ => Facade.Concrete };
        var (halfU, halfV) = (plot.Half * (0.8f + 0.2f * dice.Next()), plot.Half * (0.8f + 0.2f * dice.Next()));
        if (height < 34)
        {
            boxes.Add(new Box(x, y, halfU, halfV, ground, ground + height, facade, tone));
            return;
        }

        // Towers step back as they rise.
        var podium = 12 + 8 * dice.Next();
        boxes.Add(new Box(x, y, halfU, halfV, ground, ground + podium, Facade.Stone, dice.Next()));
        var shaft = height > 80 ? 0.72f : 1;
        boxes.Add(new Box(x, y, halfU * 0.78f, halfV * 0.78f, ground + podium, ground + height * shaft, facade, tone));
        if (shaft < 1) boxes.Add(new Box(x, y, halfU * 0.52f, halfV * 0.52f, ground + height * shaft, ground + height, facade, tone));
        if (height > 100) boxes.Add(new Box(x, y, 0.7f, 0.7f, ground + height, ground + height + 18, Facade.Concrete, 0));
        else if (dice.Next() < 0.6f) boxes.Add(new Box(x + 1.5f, y - 1, 2.6f, 2, ground + height, ground + height + 3, Facade.Concrete, 0.3f));
    }

    /// <summary>Over the river, with the streets' direction.</summary>
    private static Box Bridge(float x)
    {
        var y = -300f;
        for (var nearest = float.MaxValue; y < 100; y++)
        {
            var from = Landscape.FromRiver(x, y);
            if (from > nearest) break;
            nearest = from;
        }

        return new Box(x, y, 5.5f, 62, Landscape.WaterLevel + 7.2f, Landscape.WaterLevel + 8.6f, Facade.Bridge, 0);
    }
}

/// <summary>A row of random numbers that belongs to one thing.</summary>
internal struct Dice(uint state)
{
    private uint _state = state;

    public uint NextBits() => Noise.Hash(_state += 0x9e3779b9);

    public float Next() => Noise.Unit(NextBits());
}
