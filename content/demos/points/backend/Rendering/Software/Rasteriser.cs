using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>
/// Draws points into a buffer of 64-bit words, depth above colour: the nearer of two points is the smaller word, so a depth test and a write
/// are one comparison and one store. Sixteen points are projected at a time; what falls into the picture is written one by one, because no two
/// of them may be at the same pixel at once.
/// <para>
/// Each thread draws tiles into a buffer of its own, and the smaller word of all wins afterwards: nothing is locked, and the picture is the same
/// whoever drew what.
/// </para>
/// </summary>
internal sealed unsafe class Rasteriser(PointCloud cloud, int threads) : IDisposable
{
    /// <summary>Nothing was drawn here.</summary>
    public const ulong Empty = ulong.MaxValue;

    private nint[] _layers = [];
    private nuint _capacity;

    /// <summary>The picture after <see cref="Draw"/>: depth as the bits of a positive float, then the colour in 5-6-5.</summary>
    public ulong* Pixels => (ulong*)_layers[0];

    public int Threads => threads;

    /// <summary>What it holds, once it has drawn a picture of this many pixels.</summary>
    public nuint Bytes => _capacity * sizeof(ulong) * (nuint)threads;

    /// <summary>Other threads' buffers, to be merged into <see cref="Pixels"/> by who reads them.</summary>
    public ReadOnlySpan<nint> Others => _layers.AsSpan(1);

    /// <summary>False: it was abandoned on the way.</summary>
    public bool Draw(IReadOnlyList<Draw> draws, Projection view, CancellationToken abandoned)
    {
        Reserve((nuint)(view.Width * view.Height));
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            var layer = (ulong*)_layers[thread];
            new Span<ulong>(layer, view.Width * view.Height).Fill(Empty);
            for (int at; (at = Interlocked.Increment(ref next)) < draws.Count && !abandoned.IsCancellationRequested;) DrawTile(draws[at], view, layer);
        });
        return !abandoned.IsCancellationRequested;
    }

    public void Dispose()
    {
        foreach (var layer in _layers) NativeMemory.AlignedFree((void*)layer);
        _layers = [];
        _capacity = 0;
    }

    private void Reserve(nuint pixels)
    {
        if (_capacity >= pixels && _layers.Length == threads) return;
        Dispose();
        _layers = new nint[threads];
        for (var layer = 0; layer < threads; layer++) _layers[layer] = (nint)NativeMemory.AlignedAlloc(pixels * sizeof(ulong), 64);
        _capacity = pixels;
    }

    private void DrawTile(Draw draw, in Projection view, ulong* layer)
    {
        ref readonly var tile = ref cloud.Tiles[draw.Tile];
        var at = cloud.Blocks + (nint)tile.FirstBlock * CloudFormat.BlockWords;
        var column = Scaled(view.Column, tile);
        var row = Scaled(view.Row, tile);
        var depth = Scaled(view.Depth, tile);
        var (width, height) = (Vector512.Create((float)view.Width), Vector512.Create((float)view.Height));
        var near = Vector512.Create(OrbitCamera.Near);
        var stride = Vector512.Create(view.Width);
        var places = stackalloc int[CloudFormat.Block];
        var depths = stackalloc uint[CloudFormat.Block];
        for (var block = 0; block < draw.Blocks; block++, at += CloudFormat.BlockWords)
        {
            var (x, y, z) = (Load(at), Load(at + CloudFormat.Block), Load(at + 2 * CloudFormat.Block));
            var far = depth.At(x, y, z);
            var reciprocal = Vector512<float>.One / far;
            var (left, top) = (column.At(x, y, z) * reciprocal, row.At(x, y, z) * reciprocal);
            var inside = Vector512.GreaterThan(far, near) & Vector512.GreaterThanOrEqual(left, Vector512<float>.Zero) & Vector512.LessThan(left, width)
                & Vector512.GreaterThanOrEqual(top, Vector512<float>.Zero) & Vector512.LessThan(top, height);
            var bits = inside.ExtractMostSignificantBits();
            if (bits == 0) continue;
            var (pixelX, pixelY) = (Vector512.ConvertToInt32Native(left), Vector512.ConvertToInt32Native(top));
            (pixelY * stride + pixelX).Store(places);
            far.AsUInt32().Store(depths);
            var colours = at + 3 * CloudFormat.Block;
            if (draw.Splat == 1)
            {
                for (; bits != 0; bits &= bits - 1)
                {
                    var i = BitOperations.TrailingZeroCount(bits);
                    var word = (ulong)depths[i] << 32 | colours[i];
                    var pixel = layer + places[i];
                    if (word < *pixel) *pixel = word;
                }
            }
            else
            {
                for (; bits != 0; bits &= bits - 1)
                {
                    var i = BitOperations.TrailingZeroCount(bits);
                    Splat(layer, (ulong)depths[i] << 32 | colours[i], left.GetElement(i), top.GetElement(i), draw.Splat, view.Width, view.Height);
                }
            }
        }
    }

    /// <summary>A square around the point, as a graphics card draws one of that size.</summary>
    private static void Splat(ulong* layer, ulong word, float left, float top, int size, int width, int height)
    {
        var half = size * 0.5f - 0.5f;
        var (fromX, fromY) = ((int)MathF.Floor(left - half), (int)MathF.Floor(top - half));
        var (toX, toY) = (Math.Min(fromX + size, width), Math.Min(fromY + size, height));
        (fromX, fromY) = (Math.Max(fromX, 0), Math.Max(fromY, 0));
        for (var y = fromY; y < toY; y++)
        {
            var line = layer + (nint)y * width;
            for (var x = fromX; x < toX; x++)
            {
                if (word < line[x]) line[x] = word;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ushort* from)
    {
        var words = Vector256.LoadAligned(from);
        if (Avx512F.IsSupported) return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(words));
        var (low, high) = Vector256.Widen(words);
        return Vector512.ConvertToSingle(Vector512.Create(low, high).AsInt32());
    }

    /// <summary>From the numbers of a tile to what a row makes of the place they stand for.</summary>
    private static WideRow Scaled(PlaneRow row, in Tile tile)
    {
        const float Across = CloudFormat.TileSide / 65536;
        const float Up = CloudFormat.Height / 65536;
        // Each number stands for the middle of its step.
        var origin = row.At(tile.X + Across / 2, tile.Y + Across / 2, Up / 2);
        return new WideRow(Vector512.Create(row.X * Across), Vector512.Create(row.Y * Across), Vector512.Create(row.Z * Up), Vector512.Create(origin));
    }

    private readonly struct WideRow(Vector512<float> x, Vector512<float> y, Vector512<float> z, Vector512<float> w)
    {
        private readonly Vector512<float> _x = x;
        private readonly Vector512<float> _y = y;
        private readonly Vector512<float> _z = z;
        private readonly Vector512<float> _w = w;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> At(Vector512<float> x, Vector512<float> y, Vector512<float> z) =>
            Vector512.FusedMultiplyAdd(_x, x, Vector512.FusedMultiplyAdd(_y, y, Vector512.FusedMultiplyAdd(_z, z, _w)));
    }
}
