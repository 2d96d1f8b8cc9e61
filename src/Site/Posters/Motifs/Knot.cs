using System.Numerics;

namespace BrowserTech.Site.Posters.Motifs;

/// <summary>A torus knot as the net of lines a mesh is, what faces away showing faintly through.</summary>
internal sealed class Knot : IPosterMotif
{
    private static readonly (int P, int Q)[] Knots = [(2, 3), (3, 2), (2, 5), (3, 4), (3, 5)];

    public void Draw(LightField field, PosterRandom random, CosinePalette palette)
    {
        var frame = field.Frame;
        var (p, q) = random.Pick<(int, int)>(Knots);
        var tube = random.Between(.26f, .40f);
        var turn = Quaternion.CreateFromYawPitchRoll(random.Between(-.7f, .7f), random.Between(-1.0f, -.35f), random.Between(0, MathF.Tau));
        var around = random.Whole(18, 26);
        var along = random.Whole(230, 320);
        var twist = random.Whole(0, 3);

        Vector3 Spine(float t)
        {
            var a = t * MathF.Tau;
            var r = 1.15f + .5f * MathF.Cos(q * a);
            return new Vector3(r * MathF.Cos(p * a), r * MathF.Sin(p * a), .5f * MathF.Sin(q * a));
        }

        var points = new (Vector2 At, float Facing, float Depth)[(along + 1) * around];
        for (var i = 0; i <= along; i++)
        {
            var t = i / (float)along;
            var centre = Spine(t);
            var ahead = Vector3.Normalize(Spine(t + .002f) - Spine(t - .002f));
            var up = Vector3.Normalize(Vector3.Cross(ahead, centre));
            var side = Vector3.Cross(up, ahead);
            for (var j = 0; j < around; j++)
            {
                var angle = (j / (float)around + twist * t) * MathF.Tau;
                var normal = up * MathF.Cos(angle) + side * MathF.Sin(angle);
                var point = Vector3.Transform(centre + normal * tube, turn);
                var facing = Vector3.Transform(normal, turn).Z;
                var perspective = 3.6f / (3.6f - point.Z);
                points[i * around + j] = (frame.Focus + new Vector2(point.X, -point.Y) * perspective * .29f, facing, point.Z);
            }
        }

        for (var i = 0; i < along; i++)
            for (var j = 0; j < around; j++)
            {
                var here = points[i * around + j];
                Net(here, points[(i + 1) * around + j], i / (float)along, .62f);
                Net(here, points[i * around + (j + 1) % around], i / (float)along, .30f);
            }

        void Net((Vector2 At, float Facing, float Depth) a, (Vector2 At, float Facing, float Depth) b, float t, float weight)
        {
            var front = PosterFrame.Smooth(-.08f, .5f, a.Facing);
            var rim = 1 - MathF.Abs(a.Facing);
            var near = .5f + .5f * PosterFrame.Smooth(-1.4f, 1.4f, a.Depth);
            var light = (.05f + front * .5f + rim * rim * .32f) * near * near * weight * 4.6f;
            var colour = palette.At(a.At.X / frame.Aspect, a.At.Y, .22f * MathF.Sin(t * MathF.Tau)) * light * (.35f + .65f * frame.Light(a.At.X, a.At.Y));
            field.Line(a.At, b.At, colour, colour);
        }
    }
}
