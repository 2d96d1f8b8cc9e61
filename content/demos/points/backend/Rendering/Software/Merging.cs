using System.Runtime.Intrinsics;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>The nearest of all threads' points, taken apart into depth and colour.</summary>
internal static unsafe class Merging
{
    public static void Merge(Rasteriser points, Planes planes, int from, int to)
    {
        var others = points.Others;
        var width = planes.Width;
        for (var y = from; y < to; y++)
        {
            var depth = planes.Depth + planes.Cell(y);
            var colour = planes.Colour + planes.Cell(y);
            var line = points.Pixels + (nint)y * width;
            var x = 0;
            for (; x <= width - 16; x += 16)
            {
                var (a, b) = (Vector512.Load(line + x), Vector512.Load(line + x + 8));
                foreach (var other in others)
                {
                    var theirs = (ulong*)other + (nint)y * width + x;
                    a = Vector512.Min(a, Vector512.Load(theirs));
                    b = Vector512.Min(b, Vector512.Load(theirs + 8));
                }

                Vector512.Narrow(a, b).Store(colour + x);
                var far = Vector512.Narrow(a >>> 32, b >>> 32);
                var none = Vector512.Equals(far, Vector512<uint>.AllBitsSet).AsSingle();
                Vector512.ConditionalSelect(none, Vector512.Create(Planes.Nothing), far.AsSingle()).Store(depth + x);
            }

            for (; x < width; x++)
            {
                var word = line[x];
                foreach (var other in others) word = Math.Min(word, ((ulong*)other)[(nint)y * width + x]);
                colour[x] = (uint)word;
                depth[x] = word == Rasteriser.Empty ? Planes.Nothing : BitConverter.UInt32BitsToSingle((uint)(word >> 32));
            }
        }
    }
}
