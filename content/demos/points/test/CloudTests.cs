using System.Buffers.Binary;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points;

/// <summary>A small cloud that the tests of this class share: the town, thinner.</summary>
public sealed class SmallCloud : IDisposable
{
    public const int Count = 320_000;

    internal PointCloud Cloud { get; } = PointCloud.Make(7, Count, 2);

    public void Dispose() => Cloud.Dispose();
}

public sealed unsafe class CloudTests(SmallCloud small) : IClassFixture<SmallCloud>
{
    private readonly PointCloud _cloud = small.Cloud;

    [Fact]
    public void The_same_seed_is_the_same_cloud_whatever_the_number_of_threads_and_another_is_another()
    {
        const int Points = 16_000;
        Assert.Equal(Bytes(3, 1), Bytes(3, 3));
        Assert.NotEqual(Bytes(3, 1), Bytes(4, 1));

        static byte[] Bytes(uint seed, int threads)
        {
            var bytes = new byte[CloudFormat.HeadBytes + Points * 8];
            CloudGenerator.Generate(seed, Points, bytes, threads);
            return bytes;
        }
    }

    [Fact]
    public void The_tiles_have_all_points_and_each_point_lies_within_the_heights_its_tile_tells()
    {
        Assert.Equal(SmallCloud.Count, _cloud.Tiles.Sum(tile => tile.Blocks) * CloudFormat.Block);
        foreach (var tile in _cloud.Tiles)
        {
            foreach (var point in PointsOf(tile, tile.Blocks)) Assert.InRange(point.Z, tile.MinZ, tile.MaxZ);
        }
    }

    [Fact]
    public void Any_beginning_of_a_tile_covers_it_evenly()
    {
        // Open country: what stands on the ground is not spread evenly, and need not be.
        var tile = _cloud.Tiles[0];
        foreach (var share in new[] { 0.25, 0.5, 1 })
        {
            var quarters = new int[4];
            var points = PointsOf(tile, (int)(tile.Blocks * share));
            foreach (var point in points) quarters[(point.X - tile.X < CloudFormat.TileSide / 2 ? 0 : 1) + (point.Y - tile.Y < CloudFormat.TileSide / 2 ? 0 : 2)]++;
            Assert.All(quarters, quarter => Assert.InRange(quarter, points.Count * 0.2, points.Count * 0.3));
        }
    }

    [Fact]
    public void What_is_streamed_to_the_browser_is_every_point_once()
    {
        var layers = Enumerable.Range(0, PointStream.Layers).Select(layer => PointStream.Layer(_cloud, layer)).ToList();
        Assert.Equal(SmallCloud.Count * 8, layers.Sum(layer => layer.Length));
        // The first point of the first tile that is in a layer at all.
        var (from, to) = PointStream.Blocks(_cloud.Tiles[0], PointStream.Layers - 1);
        Assert.True(to > from);
        var block = _cloud.Blocks + (nint)(_cloud.Tiles[0].FirstBlock + from) * CloudFormat.BlockWords;
        for (var part = 0; part < 4; part++)
            Assert.Equal(block[part * CloudFormat.Block], BinaryPrimitives.ReadUInt16LittleEndian(layers[^1].AsSpan(part * 2)));
    }

    [Fact]
    public void A_point_is_projected_where_geometry_puts_it()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var camera = new OrbitCamera(Next(-300, 300), Next(-300, 300), Next(0, 100), Next(-4, 4), Next(0.05, 1.5), Next(50, 900));
            var view = camera.Project(1280, 720);
            var (x, y, z) = (Next(-500, 500), Next(-500, 500), Next(0, 200));
            var depth = view.Depth.At(x, y, z);
            if (depth < 10) continue;

            // The textbook's way: from the target back to the eye, and a frame of three axes, in double precision.
            var (cp, sp, cy, sy) = (Math.Cos(camera.Pitch), Math.Sin(camera.Pitch), Math.Cos(camera.Yaw), Math.Sin(camera.Yaw));
            double[] eye = [camera.X + camera.Distance * cp * cy, camera.Y + camera.Distance * cp * sy, camera.Z + camera.Distance * sp];
            double[] forward = [-cp * cy, -cp * sy, -sp];
            double[] right = [forward[1], -forward[0], 0];
            var length = Math.Sqrt(right[0] * right[0] + right[1] * right[1]);
            right = [right[0] / length, right[1] / length, 0];
            double[] up = [right[1] * forward[2], -right[0] * forward[2], right[0] * forward[1] - right[1] * forward[0]];
            double[] to = [x - eye[0], y - eye[1], z - eye[2]];
            var focal = 360 / Math.Tan(Math.PI / 8);
            var distance = Dot(to, forward);
            Assert.Equal(640 + focal * Dot(to, right) / distance, view.Column.At(x, y, z) / depth, 0.2);
            Assert.Equal(360 - focal * Dot(to, up) / distance, view.Row.At(x, y, z) / depth, 0.2);
        }

        float Next(double from, double until) => (float)(from + random.NextDouble() * (until - from));
        static double Dot(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void In_each_pixel_is_the_nearest_of_the_points_that_fall_on_it(int threads)
    {
        const int Width = 320;
        const int Height = 180;
        var view = OrbitCamera.Start.Project(Width, Height);
        var list = new DrawList(_cloud);
        list.Choose(view, 1, long.MaxValue);
        using var rasteriser = new Rasteriser(_cloud, threads);
        Assert.True(rasteriser.Draw(list.Draws, view, TestContext.Current.CancellationToken));

        var nearest = new float[Width * Height];
        Array.Fill(nearest, float.PositiveInfinity);
        foreach (var draw in list.Draws)
        {
            foreach (var (x, y, z) in PointsOf(_cloud.Tiles[draw.Tile], draw.Blocks))
            {
                var depth = view.Depth.At(x, y, z);
                if (depth <= OrbitCamera.Near) continue;
                var half = draw.Splat * 0.5f - 0.5f;
                var (left, top) = ((int)MathF.Floor(view.Column.At(x, y, z) / depth - half), (int)MathF.Floor(view.Row.At(x, y, z) / depth - half));
                for (var row = Math.Max(top, 0); row < Math.Min(top + draw.Splat, Height); row++)
                    for (var column = Math.Max(left, 0); column < Math.Min(left + draw.Splat, Width); column++) nearest[row * Width + column] = MathF.Min(nearest[row * Width + column], depth);
            }
        }

        var wrong = 0;
        for (var pixel = 0; pixel < nearest.Length; pixel++)
        {
            var word = rasteriser.Pixels[pixel];
            foreach (var other in rasteriser.Others) word = Math.Min(word, ((ulong*)other)[pixel]);
            var depth = word == Rasteriser.Empty ? float.PositiveInfinity : BitConverter.UInt32BitsToSingle((uint)(word >> 32));
            if (depth != nearest[pixel] && !(MathF.Abs(depth - nearest[pixel]) < 0.01f * depth)) wrong++;
        }

        // Points on the very edge of a pixel may fall to either side of it.
        Assert.InRange(wrong, 0, nearest.Length / 100);
    }

    [Fact]
    public void A_budget_is_kept_to_and_what_fits_is_drawn_whole()
    {
        var view = OrbitCamera.Start.Project(1280, 720);
        var list = new DrawList(_cloud);
        list.Choose(view, 1, long.MaxValue);
        var all = list.Points;
        Assert.Equal(list.Wanted, all);
        foreach (var budget in new[] { all / 2, all / 10 })
        {
            list.Choose(view, 1, budget);
            Assert.InRange(list.Points, budget * 0.8, budget);
        }
    }

    [Fact]
    public void More_effort_never_makes_a_picture_of_less()
    {
        using var renderer = new SoftwareRenderer(_cloud, 2);
        var scene = new PointScene(_cloud, renderer);
        var picture = new Picture();
        picture.Resize(320, 180);
        var little = scene.Render(new FrameRequest(320, 180, 0.01, IsStill: false), picture, TestContext.Current.CancellationToken);
        var everything = scene.Render(new FrameRequest(320, 180, 1, IsStill: true), picture, TestContext.Current.CancellationToken);
        Assert.True(little < everything);
        // Not one colour: there is a sky, and something under it.
        Assert.True(picture.Bytes.ToArray().Chunk(4).Select(pixel => BitConverter.ToUInt32(pixel)).Distinct().Count() > 1000);
    }

    [Theory]
    [InlineData(float.NaN, 0.4f, 500f)]
    [InlineData(0f, 7f, 500f)]
    [InlineData(0f, 0.4f, -1f)]
    [InlineData(float.PositiveInfinity, 0.4f, 500f)]
    public void A_camera_that_looks_at_nothing_is_refused(float x, float pitch, float distance)
    {
        using var renderer = new SoftwareRenderer(_cloud, 1);
        var scene = new PointScene(_cloud, renderer);
        var state = new byte[28];
        foreach (var (value, i) in new[] { x, 0, 0, 0, pitch, distance }.Select((value, i) => (value, i))) BinaryPrimitives.WriteSingleLittleEndian(state.AsSpan(i * 4), value);
        Assert.Throws<RefusedInputException>(() => scene.OnInput(new CanvasInput { Kind = InputKind.State, Sequence = 1, State = state }));
        Assert.Throws<RefusedInputException>(() => scene.OnInput(new CanvasInput { Kind = InputKind.State, Sequence = 1, State = state.AsMemory(1) }));
    }

    private List<(float X, float Y, float Z)> PointsOf(Tile tile, int blocks)
    {
        var result = new List<(float, float, float)>();
        for (var block = 0; block < blocks; block++)
        {
            var at = _cloud.Blocks + (nint)(tile.FirstBlock + block) * CloudFormat.BlockWords;
            for (var i = 0; i < CloudFormat.Block; i++)
                result.Add((tile.X + (at[i] + 0.5f) * CloudFormat.TileSide / 65536, tile.Y + (at[16 + i] + 0.5f) * CloudFormat.TileSide / 65536, (at[32 + i] + 0.5f) * CloudFormat.Height / 65536));
        }

        return result;
    }
}
