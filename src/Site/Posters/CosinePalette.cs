using System.Numerics;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Colour as three cosines, <c>a + b·cos(2π(c·t + d))</c>, read along one direction of the picture's UV square: the
/// colours of a UV test texture, a different stretch of them for every slug. Stored as a table, because a picture asks a
/// million times.
/// </summary>
internal sealed class CosinePalette
{
    private const int Steps = 1024;

    // Each is phase, frequency and how far the picture walks through it; found by looking, not by rule.
    private static readonly (Vector3 A, Vector3 B, Vector3 C, Vector3 D, float Range)[] Families =
    [
        (new(.56f, .52f, .55f), new(.46f, .46f, .45f), Vector3.One, new(.00f, .33f, .67f), .86f),       // the whole UV square
        (new(.58f, .36f, .62f), new(.42f, .34f, .38f), Vector3.One, new(.02f, .42f, .74f), .52f),       // coral, magenta, violet
        (new(.36f, .54f, .64f), new(.34f, .38f, .36f), Vector3.One, new(.62f, .40f, .22f), .50f),       // mint, cyan, ultramarine
        (new(.62f, .48f, .38f), new(.40f, .38f, .34f), Vector3.One, new(.96f, .08f, .26f), .48f),       // amber, vermilion, rose
        (new(.44f, .56f, .40f), new(.42f, .38f, .38f), Vector3.One, new(.20f, .04f, .52f), .52f),       // green, lime, gold
        (new(.60f, .44f, .58f), new(.40f, .40f, .40f), Vector3.One, new(.90f, .34f, .56f), .58f),       // rose, violet, azure
    ];

    private readonly Vector3[] _table = new Vector3[Steps];
    private readonly Vector2 _direction;
    private readonly float _offset;

    public CosinePalette(PosterRandom random)
    {
        var (a, b, c, d, range) = random.Pick<(Vector3, Vector3, Vector3, Vector3, float)>(Families);
        var shift = random.Between(-.06f, .06f);
        for (var i = 0; i < Steps; i++)
        {
            var t = i / (float)Steps + shift;
            var colour = a + b * Cos(c * t + d);
            var grey = new Vector3(Vector3.Dot(colour, new Vector3(.3f, .55f, .15f)));
            _table[i] = Clear(Vector3.Clamp(grey + (colour - grey) * 1.45f, new Vector3(.015f), Vector3.One));
        }

        var angle = random.Between(-.5f, .5f) + (random.Chance(.5f) ? 0 : MathF.PI);
        _direction = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * range;
        _offset = random.Between(0, .25f) + (_direction.X < 0 ? range : 0);
    }

    /// <summary>The colour at a place of the picture, both coordinates from 0 to 1; <paramref name="drift"/> moves along the palette.</summary>
    public Vector3 At(float u, float v, float drift = 0) => Along(u * _direction.X + v * _direction.Y * .6f + _offset + drift);

    public Vector3 Along(float t) => _table[(int)((t - MathF.Floor(t)) * Steps) & (Steps - 1)];

    /// <summary>Where two cosines cross, colours turn to mud: none is let below three fifths of full saturation.</summary>
    private static Vector3 Clear(Vector3 colour)
    {
        var high = MathF.Max(colour.X, MathF.Max(colour.Y, colour.Z));
        var low = MathF.Min(colour.X, MathF.Min(colour.Y, colour.Z));
        var stretch = (high - MathF.Min(low, high * .4f)) / MathF.Max(high - low, .05f);
        return Vector3.Max(new Vector3(high) - (new Vector3(high) - colour) * stretch, Vector3.Zero);
    }

    private static Vector3 Cos(Vector3 turns) =>
        new(MathF.Cos(turns.X * MathF.Tau), MathF.Cos(turns.Y * MathF.Tau), MathF.Cos(turns.Z * MathF.Tau));
}
