namespace BrowserTech.Demos.Points.Cloud;

/// <summary>What stands in one tile, and the points of it one after the other.</summary>
internal sealed class TilePlan
{
    /// <summary>The plastic number's reciprocal and its square, in 1/2³²: a multiplication that wraps is a multiple without its whole part.</summary>
    private const uint FirstStep = 0xC13FA9A9;

    private const uint SecondStep = 0x91E10DA5;

    /// <summary>What is sampled as one: the ground, a side of a house, a tree.</summary>
    private readonly record struct Patch(int Kind, Box Box, float Area, uint Offset);

    private const int GroundKind = -1;
    private const int TreeKind = 5;

    private readonly List<Patch> _patches = [];
    private readonly List<Box> _boxes = [];
    private readonly List<float> _until = [];
    private readonly List<uint> _drawn = [];

    private TilePlan(int tile)
    {
        Tile = tile;
        (X, Y) = CloudFormat.Corner(tile);
    }

    public int Tile { get; }

    public float X { get; }

    public float Y { get; }

    public float Area => _until[^1];

    public static TilePlan Of(int tile, Landscape land, List<Box> boxes, uint seed)
    {
        var plan = new TilePlan(tile);
        plan.Add(GroundKind, default, CloudFormat.TileSide * CloudFormat.TileSide * 1.1f);
        const float Half = CloudFormat.TileSide / 2;
        foreach (var box in boxes)
        {
            var reach = box.Reach;
            var across = Math.Min(box.X + reach, plan.X + 2 * Half) - Math.Max(box.X - reach, plan.X);
            var along = Math.Min(box.Y + reach, plan.Y + 2 * Half) - Math.Max(box.Y - reach, plan.Y);
            if (across <= 0 || along <= 0) continue;
            plan._boxes.Add(box);
            var part = plan.ShareOf(box);
            if (part == 0) continue;
            plan.Add(0, box, box.RoofArea * part);
            var tall = box.Top - box.Bottom;
            for (var side = 1; side <= 4; side++) plan.Add(side, box, 2 * (side <= 2 ? box.HalfU : box.HalfV) * tall * part);
        }

        plan.Plant(land, seed);
        return plan;
    }

    /// <summary>The next point: where, and of what colour.</summary>
    public (float X, float Y, float Z, Colour Colour) Next(ref Dice dice, Painter painter)
    {
        for (var attempt = 0;; attempt++)
        {
            var index = Pick(dice.Next() * Area);
            var patch = _patches[index];
            var turn = _drawn[index]++;
            var (a, b) = (Turn(turn, FirstStep, patch.Offset), Turn(turn, SecondStep, Noise.Hash(patch.Offset + 1)));
            var (x, y, z) = Place(patch, a, b);
            // What reaches into the neighbours is theirs there.
            if (attempt < 12 && !(x >= X && x < X + CloudFormat.TileSide && y >= Y && y < Y + CloudFormat.TileSide)) continue;
            if (patch.Kind != GroundKind)
                return (x, y, z, patch.Kind == TreeKind ? painter.Tree(patch.Box, x, y, z) : painter.Wall(patch.Box, patch.Kind, x, y, z));
            if (attempt < 12 && IsBuiltOn(x, y)) continue;
            return painter.Ground(x, y, ref dice);
        }
    }

    private static float Turn(uint turn, uint step, uint offset) => Noise.Unit(turn * step + offset);

    private (float X, float Y, float Z) Place(Patch patch, float a, float b)
    {
        var box = patch.Box;
        if (patch.Kind == GroundKind) return (X + a * CloudFormat.TileSide, Y + b * CloudFormat.TileSide, 0);
        if (patch.Kind == TreeKind)
        {
            // A crown: the upper three quarters of an ellipsoid.
            var up = 1 - 1.5f * b;
            var round = MathF.Sqrt(Math.Max(0, 1 - up * up)) * box.HalfU;
            var (sin, cos) = MathF.SinCos(a * MathF.Tau);
            return (box.X + round * cos, box.Y + round * sin, box.Bottom + (box.Top - box.Bottom) * (0.5f + 0.5f * up));
        }

        var (u, v) = patch.Kind switch
        {
            0 => (a * 2 - 1, b * 2 - 1),
            1 => (a * 2 - 1, -1f),
            2 => (a * 2 - 1, 1f),
            3 => (-1f, a * 2 - 1),
            _ => (1f, a * 2 - 1),
        };
        var (x, y) = Box.ToWorld(u * box.HalfU, v * box.HalfV);
        return (box.X + x, box.Y + y, patch.Kind == 0 ? box.Top : box.Bottom + b * (box.Top - box.Bottom));
    }

    /// <summary>How much of its ground plan is in this tile.</summary>
    private float ShareOf(Box box)
    {
        const int Probes = 16;
        var inside = 0;
        for (var probe = 0; probe < Probes * Probes; probe++)
        {
            var (u, v) = ((probe % Probes + 0.5f) / Probes * 2 - 1, (probe / Probes + 0.5f) / Probes * 2 - 1);
            var (x, y) = Box.ToWorld(u * box.HalfU, v * box.HalfV);
            if (box.X + x >= X && box.X + x < X + CloudFormat.TileSide && box.Y + y >= Y && box.Y + y < Y + CloudFormat.TileSide) inside++;
        }

        return inside / (float)(Probes * Probes);
    }

    private bool IsBuiltOn(float x, float y)
    {
        foreach (var box in _boxes)
        {
            if (box.Facade != Facade.Bridge && box.Covers(x, y)) return true;
        }

        return false;
    }

    private int Pick(float at)
    {
        var found = _until.BinarySearch(at);
        return Math.Min(found < 0 ? ~found : found, _until.Count - 1);
    }

    private void Add(int kind, Box box, float area)
    {
        _patches.Add(new Patch(kind, box, area, Noise.Hash(Tile * 512 + _patches.Count, kind, 91)));
        _until.Add((_until.Count == 0 ? 0 : _until[^1]) + area);
        _drawn.Add(0);
    }

    /// <summary>Trees in woods, in parks and along the streets, one at most in each cell of five metres.</summary>
    private void Plant(Landscape land, uint seed)
    {
        const float Cell = 5.2f;
        for (var row = (int)MathF.Floor(Y / Cell); row * Cell < Y + CloudFormat.TileSide; row++)
        {
            for (var column = (int)MathF.Floor(X / Cell); column * Cell < X + CloudFormat.TileSide; column++)
            {
                var dice = new Dice(Noise.Hash(column, row, seed + 70));
                var (x, y) = ((column + 0.2f + 0.6f * dice.Next()) * Cell, (row + 0.2f + 0.6f * dice.Next()) * Cell);
                if (x < X || x >= X + CloudFormat.TileSide || y < Y || y >= Y + CloudFormat.TileSide) continue;
                if (dice.Next() > Trees(land, x, y, seed) || IsBuiltOn(x, y)) continue;
                var radius = 1.5f + 1.5f * dice.Next();
                var tall = 4 + 5 * dice.Next();
                var ground = land.Ground(x, y);
                var kind = Noise.Value(x / 60, y / 60, seed + 71) > 0.5f ? 0 : 1;
                if (kind == 1) (radius, tall) = (radius * 0.72f, tall * 1.5f);
                Add(TreeKind, new Box(x, y, radius, radius, ground + 0.8f, ground + tall, kind == 0 ? Facade.Stone : Facade.Brick, dice.Next()), 2.4f * radius * tall);
            }
        }
    }

    private static float Trees(Landscape land, float x, float y, uint seed)
    {
        if (Landscape.FromRiver(x, y) < 30) return 0;
        var town = Landscape.Town(x, y);
        if (town > 0.25f)
        {
            var (u, v) = Box.ToTown(x, y);
            var (blockU, blockV) = Town.BlockOf(u, v);
            var (fromU, fromV) = Town.FromStreets(u, v);
            if (Math.Min(fromU, fromV) < Town.Street / 2 + 1.2f) return Math.Min(fromU, fromV) > Town.Street / 2 - 1 ? 0.35f : 0;
            return Town.IsPark(blockU, blockV, seed) ? 0.5f : 0;
        }

        var height = land.Ground(x, y);
        return Noise.Step(0.46f, 0.66f, Noise.Fractal(x / 105, y / 105, 3, seed + 72)) * (1 - Noise.Step(72, 100, height)) * 0.95f;
    }
}
