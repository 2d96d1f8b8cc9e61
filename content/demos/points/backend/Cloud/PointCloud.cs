using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace BrowserTech.Demos.Points.Cloud;

/// <summary>A part of the world that is drawn or left out as a whole.</summary>
/// <param name="X">West edge in metres.</param>
/// <param name="Y">South edge in metres.</param>
/// <param name="MinZ">Lowest point in metres.</param>
/// <param name="MaxZ">Highest point in metres.</param>
/// <param name="FirstBlock">Where its points begin, in blocks of <see cref="CloudFormat.Block"/>.</param>
/// <param name="Blocks">How many blocks it has.</param>
internal readonly record struct Tile(float X, float Y, float MinZ, float MaxZ, int FirstBlock, int Blocks);

/// <summary>
/// The points, read-only. From a file they are mapped: as many backends as there are share one copy, which the system may drop and read
/// again, and starting costs nothing. Without a file they are made, in memory of this process's own.
/// </summary>
internal sealed unsafe class PointCloud : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly ushort* _own;

    private PointCloud(byte* start, MemoryMappedFile? file, MemoryMappedViewAccessor? view)
    {
        (_file, _view) = (file, view);
        if (file is null) _own = (ushort*)start;
        var head = new ReadOnlySpan<uint>(start, CloudFormat.HeadBytes / sizeof(uint));
        Seed = head[2];
        Count = (int)head[3];
        Spacing = MathF.Sqrt(BitConverter.UInt32BitsToSingle(head[4]));
        Blocks = (ushort*)(start + CloudFormat.HeadBytes);
        Head = new ReadOnlySpan<byte>(start, (CloudFormat.HeadWords + CloudFormat.TileCount * CloudFormat.TileWords) * sizeof(uint)).ToArray();
        Tiles = new Tile[CloudFormat.TileCount];
        for (var tile = 0; tile < Tiles.Length; tile++)
        {
            var at = head.Slice(CloudFormat.HeadWords + tile * CloudFormat.TileWords, CloudFormat.TileWords);
            var (x, y) = CloudFormat.Corner(tile);
            Tiles[tile] = new Tile(x, y, at[2] * (CloudFormat.Height / 65536), (at[3] + 1) * (CloudFormat.Height / 65536), (int)at[0], (int)at[1]);
        }
    }

    public uint Seed { get; }

    /// <summary>Points in all; a multiple of <see cref="CloudFormat.Block"/>.</summary>
    public int Count { get; }

    /// <summary>Metres from one point to the next, on whatever surface.</summary>
    public float Spacing { get; }

    public Tile[] Tiles { get; }

    /// <summary>The head as it lies in the file: what a browser needs to know before the points.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    public ushort* Blocks { get; }

    public static PointCloud Make(uint seed, int points, int threads)
    {
        var bytes = CloudFormat.HeadBytes + (nuint)points * 4 * sizeof(ushort);
        var memory = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
        CloudGenerator.Generate(seed, points, new Span<byte>(memory, checked((int)bytes)), threads);
        return new PointCloud(memory, null, null);
    }

    /// <exception cref="InvalidDataException">It is no cloud, or one of another version, or cut off.</exception>
    public static PointCloud Open(string path)
    {
        var length = new FileInfo(path).Length;
        if (length < CloudFormat.HeadBytes) throw NoCloud();
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        var head = (uint*)start;
        if (head[0] != CloudFormat.Magic || head[1] != CloudFormat.Version
            || length != CloudFormat.HeadBytes + (long)head[3] * 4 * sizeof(ushort))
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
            throw NoCloud();
        }

        return new PointCloud(start, file, view);

        InvalidDataException NoCloud() => new($"{path} is not a point cloud of version {CloudFormat.Version}.");
    }

    /// <summary>Whether this very cloud lies there.</summary>
    public static bool IsAt(string path, uint seed, int points)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using var there = Open(path);
            return there.Seed == seed && there.Count == points;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Writes one to a file. A reader never sees half of it.</summary>
    public static void Write(string path, uint seed, int points, int threads)
    {
        var bytes = new byte[CloudFormat.HeadBytes + points * 4 * sizeof(ushort)];
        CloudGenerator.Generate(seed, points, bytes, threads);
        File.WriteAllBytes(path + ".new", bytes);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose()
    {
        if (_own is not null) NativeMemory.AlignedFree(_own);
        if (_view is null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file!.Dispose();
    }
}
