using System.Numerics;
using System.Runtime.InteropServices;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>
/// Spheres, tori and boxes as signed distances, marched along parallel rays, with the lines of their parameters drawn on
/// them. Rays that miss every bounding sphere cost nothing, and silhouettes are softened by how closely a ray passed.
/// </summary>
internal sealed class Solids : IPosterMotif
{
    private enum Shape { Sphere, Torus, Box }

    private sealed record Solid(Shape Shape, Vector3 Centre, float Size, Quaternion Turn, float Drift)
    {
        public float Reach { get; } = Shape switch { Shape.Torus => Size * 1.34f, Shape.Box => Size * 1.42f, _ => Size };
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Hit(float Depth, Solid? Solid, Vector3 Local, Vector3 Normal, float Coverage);

    private static readonly Vector3 Lamp = Vector3.Normalize(new Vector3(-.45f, -.72f, .62f));

    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var solids = Arrange(random, frame.Focus);
        var lines = random.Between(11, 18);
        var glowing = random.Chance(.4f);

        field.Shade((x, y) => Backdrop(x, y, frame, palette) + Look(x, y, frame, solids, palette, lines, glowing));
    }

    private static List<Solid> Arrange(PosterRandom random, Vector2 focus)
    {
        var mode = random.Whole(0, 3);
        var list = new List<Solid>();
        Quaternion Turn() => Quaternion.Normalize(Quaternion.CreateFromYawPitchRoll(random.Between(-1, 1), random.Between(.35f, 1.2f), random.Between(-1, 1)));
        Vector3 At(float x, float y, float z) => new(focus.X + x, focus.Y + y, z);
        switch (mode)
        {
            case 0: // one large sphere, smaller ones against it
                list.Add(new Solid(Shape.Sphere, At(.08f, -.02f, 0), .36f, Turn(), 0));
                for (var i = 0; i < 3; i++)
                {
                    var angle = random.Between(1.2f, 4.2f) + i * 1.5f;
                    var size = random.Between(.07f, .13f);
                    list.Add(new Solid(Shape.Sphere, At(.08f + MathF.Cos(angle) * (.36f + size), -.02f + MathF.Sin(angle) * (.36f + size), random.Between(-.1f, .2f)), size, Turn(), .12f * (i + 1)));
                }
                break;
            case 1: // tori through each other
                var lean = random.Between(-.5f, .5f);
                list.Add(new Solid(Shape.Torus, At(-.12f, 0, 0), .30f, Quaternion.CreateFromYawPitchRoll(.35f, .55f + lean * .3f, lean), 0));
                list.Add(new Solid(Shape.Torus, At(.20f, .02f, 0), .30f, Quaternion.CreateFromYawPitchRoll(-.5f, 1.95f, -lean), .3f));
                if (random.Chance(.5f))
                    list.Add(new Solid(Shape.Sphere, At(.47f, -.27f, .1f), .075f, Turn(), .5f));
                break;
            case 2: // boxes, piled
                for (var i = 0; i < 5; i++)
                    list.Add(new Solid(Shape.Box, At(-.44f + i * .24f + random.Between(-.03f, .03f), random.Between(-.17f, .17f) - (i & 1) * .08f, i * .16f - .4f), random.Between(.15f, .24f), Turn(), i * .1f));
                break;
            default: // a ring with a sphere in it
                list.Add(new Solid(Shape.Torus, At(.02f, 0, 0), .38f, Quaternion.CreateFromYawPitchRoll(random.Between(-.3f, .3f), random.Between(1.05f, 1.3f), random.Between(-.4f, .4f)), 0));
                list.Add(new Solid(Shape.Sphere, At(.02f, 0, 0), .21f, Turn(), .35f));
                break;
        }
        return list;
    }

    private static Vector3 Backdrop(float x, float y, PosterFrame frame, CosinePalette palette)
    {
        const float Pitch = .0625f;
        float gx = (x - frame.Focus.X) / Pitch, gy = (y - frame.Focus.Y) / Pitch;
        var away = MathF.Min(MathF.Abs(gx - MathF.Round(gx)), MathF.Abs(gy - MathF.Round(gy))) * Pitch / frame.Pixel;
        var line = 1 - PosterFrame.Smooth(.2f, 1.1f, away);
        var halo = MathF.Exp(-2.6f * (new Vector2(x, y) - frame.Focus).LengthSquared());
        return palette.At(x / frame.Aspect, y) * (line * (.03f + .09f * halo) + .035f * halo) * frame.Light(x, y);
    }

    private static Vector3 Look(float x, float y, PosterFrame frame, List<Solid> solids, CosinePalette palette, float lines, bool glowing)
    {
        Hit front = default, behind = default;
        foreach (var solid in solids)
        {
            var dx = x - solid.Centre.X;
            var dy = y - solid.Centre.Y;
            if (dx * dx + dy * dy > (solid.Reach + 2 * frame.Pixel) * (solid.Reach + 2 * frame.Pixel) || March(solid, x, y, frame.Pixel) is not { Coverage: > 0 } hit)
                continue;
            if (front.Solid is null || hit.Depth > front.Depth)
                (behind, front) = (front, hit);
            else if (behind.Solid is null || hit.Depth > behind.Depth)
                behind = hit;
        }
        if (front.Solid is null)
            return Vector3.Zero;
        var light = Surface(front, x, y, frame, palette, lines, glowing) * front.Coverage;
        if (front.Coverage < 1 && behind.Solid is not null)
            light += Surface(behind, x, y, frame, palette, lines, glowing) * behind.Coverage * (1 - front.Coverage);
        return light;
    }

    private static Hit March(Solid solid, float x, float y, float pixel)
    {
        var turn = Quaternion.Conjugate(solid.Turn);
        var origin = Vector3.Transform(new Vector3(x, y, solid.Centre.Z + solid.Reach) - solid.Centre, turn);
        var ahead = Vector3.Transform(-Vector3.UnitZ, turn);
        float travelled = 0, closest = float.MaxValue, closestAt = 0;
        for (var step = 0; step < 48; step++)
        {
            var distance = Distance(solid, origin + ahead * travelled);
            if (distance < closest)
                (closest, closestAt) = (distance, travelled);
            if (distance < pixel * .25f || travelled > 2 * solid.Reach)
                break;
            travelled += distance;
        }
        var coverage = Math.Clamp(1.1f - closest / pixel, 0, 1);
        if (coverage <= 0)
            return default;
        var local = origin + ahead * closestAt;
        const float E = .0006f;
        var here = Distance(solid, local);
        var normal = new Vector3(
            Distance(solid, local + new Vector3(E, 0, 0)) - here,
            Distance(solid, local + new Vector3(0, E, 0)) - here,
            Distance(solid, local + new Vector3(0, 0, E)) - here);
        return new Hit(solid.Centre.Z + solid.Reach - closestAt, solid, local, Vector3.Normalize(normal), coverage);
    }

    private static float Distance(Solid solid, Vector3 p)
    {
        switch (solid.Shape)
        {
            case Shape.Torus:
                var q = MathF.Sqrt(p.X * p.X + p.Z * p.Z) - solid.Size;
                return MathF.Sqrt(q * q + p.Y * p.Y) - solid.Size * .33f;
            case Shape.Box:
                var round = solid.Size * .16f;
                var d = Vector3.Abs(p) - new Vector3(solid.Size * .8f - round);
                return Vector3.Max(d, Vector3.Zero).Length() + MathF.Min(MathF.Max(d.X, MathF.Max(d.Y, d.Z)), 0) - round;
            default:
                return p.Length() - solid.Size;
        }
    }

    private static Vector3 Surface(Hit hit, float x, float y, PosterFrame frame, CosinePalette palette, float lines, bool glowing)
    {
        var solid = hit.Solid!;
        var normal = Vector3.Transform(hit.Normal, solid.Turn);
        var facing = Math.Clamp(normal.Z, 0, 1);
        var grid = Parameters(solid, hit, lines, facing, frame);
        var lit = Math.Clamp(Vector3.Dot(normal, Lamp), 0, 1);
        var rim = MathF.Pow(1 - facing, 2.6f);
        var shine = MathF.Pow(Math.Clamp(Vector3.Dot(normal, Vector3.Normalize(Lamp + Vector3.UnitZ)), 0, 1), 40);
        var colour = palette.At(x / frame.Aspect, y, solid.Drift * .5f + hit.Local.Y / solid.Size * .09f);
        var edge = palette.At(x / frame.Aspect, y, solid.Drift * .5f + .3f);
        var light = .42f + .58f * frame.Light(x, y);
        if (glowing)
            return (colour * (.10f + .42f * lit) + colour * grid * (.9f + 2.4f * lit) + edge * rim * 1.7f) * light;
        return (colour * (.16f + 2.1f * lit * lit) * (1 - .74f * grid) + edge * rim * 1.5f + Vector3.One * shine * .35f) * light;
    }

    /// <summary>How much of a line of the surface's own coordinates is here, one pixel wide whatever the angle.</summary>
    private static float Parameters(Solid solid, Hit hit, float lines, float facing, PosterFrame frame)
    {
        var p = hit.Local;
        float first, second, firstSize, secondSize; // coordinates, and the length one unit of them has here
        switch (solid.Shape)
        {
            case Shape.Torus:
                var ring = MathF.Sqrt(p.X * p.X + p.Z * p.Z);
                first = MathF.Atan2(p.Z, p.X) / MathF.Tau * MathF.Round(lines * 2.4f);
                firstSize = ring * MathF.Tau / MathF.Round(lines * 2.4f);
                second = MathF.Atan2(p.Y, ring - solid.Size) / MathF.Tau * MathF.Round(lines * .9f);
                secondSize = solid.Size * .33f * MathF.Tau / MathF.Round(lines * .9f);
                break;
            case Shape.Box:
                var n = Vector3.Abs(hit.Normal);
                var size = solid.Size * 1.6f / MathF.Round(lines * .5f);
                (first, second) = n.X > n.Y && n.X > n.Z ? (p.Y, p.Z) : n.Y > n.Z ? (p.X, p.Z) : (p.X, p.Y);
                (first, second, firstSize, secondSize) = (first / size, second / size, size, size);
                break;
            default:
                var away = MathF.Sqrt(p.X * p.X + p.Z * p.Z);
                first = MathF.Atan2(p.Z, p.X) / MathF.Tau * MathF.Round(lines * 1.8f);
                firstSize = away * MathF.Tau / MathF.Round(lines * 1.8f);
                second = MathF.Asin(Math.Clamp(p.Y / solid.Size, -1, 1)) / MathF.PI * MathF.Round(lines * .9f);
                secondSize = solid.Size * MathF.PI / MathF.Round(lines * .9f);
                break;
        }
        var foreshortened = MathF.Max(facing, .12f);
        var width = .62f * frame.Stroke;
        float Line(float value, float size)
        {
            var away = MathF.Abs(value - MathF.Round(value)) * size / frame.Pixel * MathF.Sqrt(foreshortened);
            var fade = PosterFrame.Smooth(2.2f, 7f, size / frame.Pixel * foreshortened); // too dense to tell apart: leave them out
            return (1 - PosterFrame.Smooth(width - .45f, width + .75f, away)) * fade;
        }
        return MathF.Max(Line(first, firstSize), Line(second, secondSize));
    }
}
