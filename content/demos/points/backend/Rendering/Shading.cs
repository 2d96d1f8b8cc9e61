using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrowserTech.Demos.Points.Rendering;

/// <summary>
/// From points to a picture: holes between points are closed by their neighbours, edges are darkened by how far things lie behind each other (eye-dome
/// lighting: depth alone shades, no normals are needed), and distance fades a little. The page's shaders do the same (<c>shaders.js</c>).
/// </summary>
internal sealed unsafe class Shading : IDisposable
{
    /// <summary>Columns before and after each row, so that neighbours need no test.</summary>
    private const int Margin = 16;

    /// <summary>Where nothing was drawn: behind everything.</summary>
    private const float Nothing = 1e9f;

    /// <summary>Of eight neighbours, that many in front mean that a point shines through a gap.</summary>
    private const int InFront = 5;

    private float* _depth;
    private float* _filledDepth;
    private uint* _colour;
    private uint* _filledColour;
    private int _width;
    private int _height;

    private int Stride => _width + 2 * Margin;

    /// <param name="points">What was drawn. Its buffers are merged.</param>
    /// <param name="width">A multiple of 2; rows are worked on sixteen pixels at a time.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="bgra">Where it goes, four bytes for each pixel.</param>
    public void Shade(Rasteriser points, int width, int height, Span<byte> bgra)
    {
        Reserve(width, height);
        fixed (byte* start = bgra)
        {
            var target = (uint*)start;
            Bands(points.Threads, height, (from, to) => Split(points, from, to));
            Bands(points.Threads, height, Fill);
            Bands(points.Threads, height, (from, to) => Light(target, from, to));
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_depth);
        NativeMemory.AlignedFree(_filledDepth);
        NativeMemory.AlignedFree(_colour);
        NativeMemory.AlignedFree(_filledColour);
        _depth = _filledDepth = null;
        _colour = _filledColour = null;
        (_width, _height) = (0, 0);
    }

    private static void Bands(int threads, int height, Action<int, int> work)
    {
        if (threads == 1) work(0, height);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, band => work(height * band / threads, height * (band + 1) / threads));
    }

    private void Reserve(int width, int height)
    {
        if (_width == width && _height == height) return;
        Dispose();
        (_width, _height) = (width, height);
        var cells = (nuint)(Stride * (height + 2) + 2 * Margin);
        _depth = (float*)Plane(cells, Nothing);
        _filledDepth = (float*)Plane(cells, Nothing);
        _colour = (uint*)Plane(cells, 0);
        _filledColour = (uint*)Plane(cells, 0);
    }

    private static void* Plane(nuint cells, float value)
    {
        var plane = (float*)NativeMemory.AlignedAlloc(cells * sizeof(float), 64);
        new Span<float>(plane, (int)cells).Fill(value);
        return plane;
    }

    /// <summary>The nearest of all threads' points, taken apart into depth and colour.</summary>
    private void Split(Rasteriser points, int from, int to)
    {
        var others = points.Others;
        for (var y = from; y < to; y++)
        {
            var depth = _depth + Cell(y);
            var colour = _colour + Cell(y);
            var line = points.Pixels + (nint)y * _width;
            var x = 0;
            for (; x <= _width - 16; x += 16)
            {
                var (a, b) = (Vector512.Load(line + x), Vector512.Load(line + x + 8));
                foreach (var other in others)
                {
                    var theirs = (ulong*)other + (nint)y * _width + x;
                    a = Vector512.Min(a, Vector512.Load(theirs));
                    b = Vector512.Min(b, Vector512.Load(theirs + 8));
                }

                Vector512.Narrow(a, b).Store(colour + x);
                var far = Vector512.Narrow(a >>> 32, b >>> 32);
                var none = Vector512.Equals(far, Vector512<uint>.AllBitsSet).AsSingle();
                Vector512.ConditionalSelect(none, Vector512.Create(Nothing), far.AsSingle()).Store(depth + x);
            }

            for (; x < _width; x++)
            {
                var word = line[x];
                foreach (var other in others) word = Math.Min(word, ((ulong*)other)[(nint)y * _width + x]);
                colour[x] = (uint)word;
                depth[x] = word == Rasteriser.Empty ? Nothing : BitConverter.UInt32BitsToSingle((uint)(word >> 32));
            }
        }
    }

    private void Fill(int from, int to)
    {
        var front = Vector512.Create(0.985f);
        for (var y = from; y < to; y++)
        {
            for (var x = 0; x < _width; x += 16)
            {
                var at = Cell(y) + x;
                var own = Vector512.Load(_depth + at);
                var colour = Vector512.Load(_colour + at);
                var (nearest, its) = (own, colour);
                var limit = own * front;
                var count = Vector512<int>.Zero;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        if (dx == 0 && dy == 0) continue;
                        var place = at + dy * Stride + dx;
                        var depth = Vector512.Load(_depth + place);
                        count -= Vector512.LessThan(depth, limit).AsInt32();
                        var nearer = Vector512.LessThan(depth, nearest);
                        nearest = Vector512.ConditionalSelect(nearer, depth, nearest);
                        its = Vector512.ConditionalSelect(nearer.AsUInt32(), Vector512.Load(_colour + place), its);
                    }
                }

                // An empty pixel takes two; one with something in it must be nearly surrounded.
                var enough = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(own, Vector512.Create(Nothing)).AsInt32(), Vector512.Create(2), Vector512.Create(InFront));
                var fill = Vector512.GreaterThanOrEqual(count, enough);
                Vector512.ConditionalSelect(fill.AsSingle(), nearest, own).Store(_filledDepth + at);
                Vector512.ConditionalSelect(fill.AsUInt32(), its, colour).Store(_filledColour + at);
            }

            // What was written past the end of the row is margin again.
            new Span<float>(_filledDepth + Cell(y) + _width, Margin).Fill(Nothing);
        }
    }

    private void Light(uint* target, int from, int to)
    {
        var low = Vector512.Create(0x1fu);
        for (var y = from; y < to; y++)
        {
            var sky = Sky((y + 0.5f) / _height);
            var line = target + (nint)y * _width;
            for (var x = 0; x < _width; x += 16)
            {
                var at = Cell(y) + x;
                var depth = Vector512.Load(_filledDepth + at);
                var colour = Vector512.Load(_filledColour + at);
                var shade = Vector512<float>.One / Vector512.FusedMultiplyAdd(Vector512.Create(Look.EdgeStrength), Edges(at, depth), Vector512<float>.One);
                var haze = Vector512.Min(Vector512.Max((depth - Vector512.Create(Look.HazeFrom)) * (1 / Look.HazeOver), Vector512<float>.Zero), Vector512.Create(Look.HazeMost));
                var keep = shade * (Vector512<float>.One - haze);
                var red = Channel(colour >>> 11 & low, 255f / 31, Look.HazeRed);
                var green = Channel(colour >>> 5 & Vector512.Create(0x3fu), 255f / 63, Look.HazeGreen);
                var blue = Channel(colour & low, 255f / 31, Look.HazeBlue);
                var lit = Vector512.Create(0xff000000u) | red << 16 | green << 8 | blue;
                var none = Vector512.GreaterThanOrEqual(depth, Vector512.Create(Nothing)).AsUInt32();
                var result = Vector512.ConditionalSelect(none, Vector512.Create(sky), lit);
                if (x + 16 <= _width) result.Store(line + x);
                else for (var i = 0; x + i < _width; i++) line[x + i] = result.GetElement(i);

                Vector512<uint> Channel(Vector512<uint> level, float scale, float hazy)
                {
                    var value = Vector512.ConvertToSingle(level.AsInt32()) * scale * keep + Vector512.Create(255 * hazy) * haze;
                    return Vector512.ConvertToInt32Native(Vector512.Min(value + Vector512.Create(0.5f), Vector512.Create(255f))).AsUInt32();
                }
            }
        }
    }

    /// <summary>How far the four neighbours lie in front, in doublings of the distance. The bits of a float are nearly its logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Edges(int at, Vector512<float> depth)
    {
        var own = Logarithm(depth);
        return Behind(-1) + Behind(1) + Behind(-Stride) + Behind(Stride);

        Vector512<float> Behind(int step) =>
            Vector512.Min(Vector512.Max(own - Logarithm(Vector512.Load(_filledDepth + at + step)), Vector512<float>.Zero), Vector512.Create(Look.EdgeMost));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Logarithm(Vector512<float> value) => Vector512.ConvertToSingle(value.AsInt32()) * (1f / (1 << 23));

    private static uint Sky(float down)
    {
        var glow = Math.Clamp(1 - MathF.Abs(down - 0.18f) * 2.2f, 0, 1);
        glow *= glow;
        return 0xff000000 | Byte(Look.SkyRed, Look.GlowRed) << 16 | Byte(Look.SkyGreen, Look.GlowGreen) << 8 | Byte(Look.SkyBlue, Look.GlowBlue);

        uint Byte(float dark, float bright) => (uint)((dark + (bright - dark) * glow) * 255 + 0.5f);
    }

    /// <summary>Where a row begins: there is one above the first.</summary>
    private int Cell(int y) => (y + 1) * Stride + Margin;
}
