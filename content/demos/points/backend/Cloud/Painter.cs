namespace BrowserTech.Demos.Points.Cloud;

/// <summary>Colours of things in the light of one late morning: sun from the east, a blue sky, shadows and narrow streets taken into account.</summary>
internal sealed class Painter(Landscape land, uint seed)
{
    private static readonly Colour Sunlight = new(1.02f, 0.93f, 0.78f);
    private static readonly Colour Skylight = new(0.34f, 0.41f, 0.52f);
    private static readonly Colour[] Stones = [new(0.86f, 0.79f, 0.68f), new(0.90f, 0.87f, 0.81f), new(0.77f, 0.68f, 0.58f), new(0.82f, 0.75f, 0.70f)];
    private static readonly Colour[] Bricks = [new(0.66f, 0.36f, 0.27f), new(0.72f, 0.46f, 0.33f), new(0.56f, 0.33f, 0.29f), new(0.74f, 0.55f, 0.42f)];
    private static readonly Colour[] Concretes = [new(0.70f, 0.70f, 0.69f), new(0.60f, 0.62f, 0.64f), new(0.80f, 0.79f, 0.77f)];
    private static readonly Colour[] Glasses = [new(0.30f, 0.44f, 0.55f), new(0.25f, 0.38f, 0.44f), new(0.40f, 0.50f, 0.58f), new(0.42f, 0.42f, 0.40f)];

    /// <summary>The ground under a place: how high, and of what colour.</summary>
    public (float X, float Y, float Z, Colour Colour) Ground(float x, float y, ref Dice dice)
    {
        var z = land.Ground(x, y);
        var river = Landscape.FromRiver(x, y);
        if (z < Landscape.WaterLevel + 0.25f)
        {
            var deep = Noise.Step(3, 22, 24 - river);
            var ripple = Noise.Fractal(x / 7, y / 3.5f, 2, seed + 80);
            var water = new Colour(0.25f, 0.43f, 0.45f).Towards(new Colour(0.09f, 0.24f, 0.34f), deep) * (0.82f + 0.36f * ripple);
            return (x, y, Landscape.WaterLevel, water * (0.72f + 0.28f * land.Lit(x, y, z)));
        }

        var slope = land.Slope(x, y);
        var town = Landscape.Town(x, y);
        var colour = town > 0.25f && river > 30 ? Paved(x, y) : Wild(x, y, z, slope.Z, river);
        return (x, y, z, Light(colour, slope, x, y, z, land.Open(x, y)) * (0.96f + 0.08f * dice.Next()));
    }

    /// <param name="box">The house.</param>
    /// <param name="side">0 roof, 1 and 2 across its second axis, 3 and 4 across its first.</param>
    /// <param name="x">Where on it.</param>
    /// <param name="y">Where on it.</param>
    /// <param name="z">Where on it.</param>
    public Colour Wall(Box box, int side, float x, float y, float z)
    {
        var (u, v) = Box.ToTown(x - box.X, y - box.Y);
        if (side == 0) return Roof(box, u, v, x, y, z);
        var (nu, nv) = side switch { 1 => (0f, -1f), 2 => (0f, 1f), 3 => (-1f, 0f), _ => (1f, 0f) };
        var (nx, ny) = Box.ToWorld(nu, nv);
        var along = side <= 2 ? u + box.HalfU : v + box.HalfV;
        var up = z - box.Bottom;
        var colour = Pick(box);
        var (width, floor) = box.Facade == Facade.Glass ? (1.6f, 3.5f) : (2.5f, 3.3f);
        var (column, storey) = ((int)(along / width), (int)(up / floor));
        var (across, above) = (along / width - column, up / floor - storey);
        var pane = box.Facade == Facade.Glass ? across > 0.07f && above > 0.13f : across is > 0.24f and < 0.76f && above is > 0.3f and < 0.82f;
        if (pane && box.Facade != Facade.Bridge && up < box.Top - box.Bottom - 0.9f)
        {
            var lot = Noise.Unit(column * 4 + side, storey, (uint)(box.Tone * 9999) + seed);
            // Glass shows the sky, more of it higher up, and here and there somebody has a lamp on.
            var sky = new Colour(0.36f, 0.52f, 0.68f).Towards(new Colour(0.72f, 0.82f, 0.90f), Math.Clamp(up / 120 + 0.2f * lot, 0, 1));
            colour = box.Facade == Facade.Glass ? colour.Towards(sky, 0.55f) : new Colour(0.16f, 0.20f, 0.25f).Towards(sky, 0.22f);
            if (lot > 0.965f) return new Colour(0.98f, 0.82f, 0.50f);
        }

        // Little sky reaches the foot of a wall in a narrow street.
        var open = Math.Min(1, land.Open(x + nx * 2, y + ny * 2) + up / 70);
        return Light(colour, (nx, ny, 0), x + nx * 2.4f, y + ny * 2.4f, z + 0.5f, open);
    }

    public Colour Tree(Box crown, float x, float y, float z)
    {
        var up = (z - crown.Bottom) / (crown.Top - crown.Bottom);
        var leaf = crown.Facade == Facade.Stone
            ? new Colour(0.33f, 0.44f, 0.17f).Towards(new Colour(0.50f, 0.52f, 0.20f), crown.Tone)
            : new Colour(0.15f, 0.31f, 0.19f).Towards(new Colour(0.22f, 0.38f, 0.22f), crown.Tone);
        // A few are in blossom.
        if (crown.Facade == Facade.Stone && crown.Tone > 0.965f) leaf = new Colour(0.86f, 0.62f, 0.66f);
        var (nx, ny) = ((x - crown.X) / crown.HalfU, (y - crown.Y) / crown.HalfU);
        return Light(leaf, (nx * 0.7f, ny * 0.7f, 0.3f + 0.6f * up), x, y, z + 0.6f, 0.45f + 0.55f * up);
    }

    private Colour Roof(Box box, float u, float v, float x, float y, float z)
    {
        var edge = Math.Min(box.HalfU - MathF.Abs(u), box.HalfV - MathF.Abs(v));
        var colour = box.Facade switch
        {
            Facade.Bridge => MathF.Abs(u) > box.HalfU - 1.3f ? new Colour(0.74f, 0.69f, 0.62f) : new Colour(0.34f, 0.34f, 0.36f),
            Facade.Brick => new Colour(0.52f, 0.36f, 0.30f).Towards(new Colour(0.44f, 0.42f, 0.42f), box.Tone),
            Facade.Stone when box.Tone > 0.75f => new Colour(0.37f, 0.47f, 0.30f), // planted
            _ => new Colour(0.52f, 0.53f, 0.54f).Towards(new Colour(0.72f, 0.70f, 0.67f), box.Tone),
        };
        if (edge < 0.5f && box.Facade != Facade.Bridge) colour = colour.Towards(new Colour(0.84f, 0.82f, 0.78f), 0.7f);
        return Light(colour, (0, 0, 1), x, y, z, 1);
    }

    private Colour Paved(float x, float y)
    {
        var (u, v) = Box.ToTown(x, y);
        var (fromU, fromV) = Town.FromStreets(u, v);
        var nearest = Math.Min(fromU, fromV);
        if (nearest < Town.Street / 2 - 1.8f)
        {
            var along = fromU < fromV ? v : u;
            var crossing = Math.Max(fromU, fromV) < Town.Street / 2 + 1.5f;
            var dash = nearest < 0.2f && along / 6 - MathF.Floor(along / 6) < 0.5f;
            return dash && !crossing ? new Colour(0.86f, 0.85f, 0.80f) : new Colour(0.27f, 0.275f, 0.29f);
        }

        if (nearest < Town.Street / 2) return new Colour(0.60f, 0.58f, 0.55f);
        var (blockU, blockV) = Town.BlockOf(u, v);
        if (!Town.IsPark(blockU, blockV, seed)) return new Colour(0.52f, 0.50f, 0.46f);
        var path = MathF.Abs(u / Town.Pitch - MathF.Floor(u / Town.Pitch) - (v / Town.Pitch - MathF.Floor(v / Town.Pitch))) < 0.028f;
        return path ? new Colour(0.78f, 0.71f, 0.58f) : Grass(x, y);
    }

    private Colour Wild(float x, float y, float z, float steep, float river)
    {
        var colour = Grass(x, y);
        var dry = Noise.Step(0.45f, 0.75f, Noise.Fractal(x / 70, y / 70, 3, seed + 82));
        colour = colour.Towards(new Colour(0.62f, 0.58f, 0.34f), 0.55f * dry);
        var rock = new Colour(0.52f, 0.47f, 0.43f) * (0.8f + 0.4f * Noise.Fractal(x / 5, y / 5 + z / 3, 3, seed + 83));
        colour = colour.Towards(rock, Noise.Step(0.88f, 0.74f, steep));
        colour = colour.Towards(rock, 0.8f * Noise.Step(66, 96, z + 12 * Noise.Value(x / 18, y / 18, seed + 84)));
        var snow = Noise.Step(92, 108, z + 14 * Noise.Fractal(x / 25, y / 25, 3, seed + 85)) * Noise.Step(0.55f, 0.75f, steep);
        colour = colour.Towards(new Colour(0.97f, 0.98f, 1.0f), snow);
        return colour.Towards(new Colour(0.76f, 0.69f, 0.54f), Noise.Step(Landscape.WaterLevel + 2.2f, Landscape.WaterLevel + 0.8f, z) * (river < 60 ? 1 : 0));
    }

    private Colour Grass(float x, float y) =>
        new Colour(0.36f, 0.46f, 0.19f).Towards(new Colour(0.50f, 0.55f, 0.25f), Noise.Fractal(x / 14, y / 14, 3, seed + 81));

    private Colour Light(Colour colour, (float X, float Y, float Z) normal, float x, float y, float z, float open)
    {
        var sun = Math.Max(0, normal.X * Landscape.Sun.X + normal.Y * Landscape.Sun.Y + normal.Z * Landscape.Sun.Z) * land.Lit(x, y, z);
        var sky = (0.74f + 0.26f * normal.Z) * open;
        return colour * (Sunlight * (1.08f * sun) + Skylight * (1.25f * sky));
    }

    private static Colour Pick(Box box)
    {
        var colours = box.Facade switch { Facade.Stone => Stones, Facade.Brick => Bricks, Facade.Glass => Glasses, Facade.Concrete => Concretes, _ => [new Colour(0.66f, 0.62f, 0.56f)] };
        return colours[(int)(box.Tone * 0.999f * colours.Length)];
    }
}
