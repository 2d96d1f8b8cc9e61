using System.Runtime.Intrinsics;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>Holes between points are closed by their nearest neighbour, and what shines through a gap in something nearer is covered.</summary>
internal static unsafe class HoleClosing
{
    /// <summary>Of eight neighbours, that many in front mean that a point shines through a gap.</summary>
    private const int InFront = 5;

    public static void Close(Planes planes, int from, int to)
    {
        var front = Vector512.Create(0.985f);
        var (depths, colours, stride) = ((nint)planes.Depth, (nint)planes.Colour, planes.Stride);
        for (var y = from; y < to; y++)
        {
            for (var x = 0; x < planes.Width; x += 16)
            {
                var at = planes.Cell(y) + x;
                var own = Vector512.Load((float*)depths + at);
                var colour = Vector512.Load((uint*)colours + at);
                var (nearest, its) = (own, colour);
                var limit = own * front;
                var count = Vector512<int>.Zero;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if (dx == 0 && dy == 0) continue;
                        var place = at + dy * stride + dx;
                        var depth = Vector512.Load((float*)depths + place);
                        count -= Vector512.LessThan(depth, limit).AsInt32();
                        var nearer = Vector512.LessThan(depth, nearest);
                        nearest = Vector512.ConditionalSelect(nearer, depth, nearest);
                        its = Vector512.ConditionalSelect(nearer.AsUInt32(), Vector512.Load((uint*)colours + place), its);
                    }
                }

                // An empty pixel takes two; one with something in it must be nearly surrounded.
                var enough = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(own, Vector512.Create(Planes.Nothing)).AsInt32(), Vector512.Create(2), Vector512.Create(InFront));
                var fill = Vector512.GreaterThanOrEqual(count, enough);
                Vector512.ConditionalSelect(fill.AsSingle(), nearest, own).Store(planes.ClosedDepth + at);
                Vector512.ConditionalSelect(fill.AsUInt32(), its, colour).Store(planes.ClosedColour + at);
            }

            // What was written past the end of the row is margin again.
            new Span<float>(planes.ClosedDepth + planes.Cell(y) + planes.Width, Planes.Margin).Fill(Planes.Nothing);
        }
    }
}
