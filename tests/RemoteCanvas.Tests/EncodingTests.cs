using System.Diagnostics;
using SkiaSharp;
using BrowserTech.RemoteCanvas.Encoding;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class EncodingTests
{
    private const int Width = 320;
    private const int Height = 240;

    [Fact]
    public async Task Video_by_ffmpeg_is_the_picture_again_each_before_the_next_goes_in()
    {
        var ffmpeg = Need.Program("ffmpeg", "ffmpeg");
        await using var encoder = await new Ffmpeg(ffmpeg).StartAsync(Width, Height, Quality.High, TestContext.Current.CancellationToken);
        var annexB = new List<byte>();
        for (var frame = 0; frame < 6; frame++)
        {
            var encoded = await encoder.EncodeAsync(Painted(frame), isStill: false, TestContext.Current.CancellationToken);
            Assert.Equal(frame == 0, encoded.IsKey);
            Assert.Equal(frame == 0, encoded.Description.Length > 0);
            if (frame == 0) annexB.AddRange(ParameterSets(encoded.Description.Span));
            annexB.AddRange(StartCodes(encoded.Payload.Span));
        }

        // The first was grey, and nobody's.
        var pictures = await DecodeAsync(ffmpeg, [.. annexB]);
        Assert.Equal(7 * Width * Height * 4, pictures.Length);
        for (var frame = 0; frame < 6; frame++)
            Assert.InRange(Difference(Painted(frame).Bytes, pictures.AsSpan((frame + 1) * Width * Height * 4, Width * Height * 4)), 0, 6);
    }

    [Fact]
    public async Task An_encoder_that_is_no_encoder_says_so_instead_of_waiting()
    {
        var error = await Assert.ThrowsAsync<EncoderException>(() => new Ffmpeg("/bin/false").StartAsync(Width, Height, Quality.Auto, TestContext.Current.CancellationToken));
        Assert.Contains("ended", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EncoderException>(() => new Ffmpeg("/nowhere/ffmpeg").StartAsync(Width, Height, Quality.Auto, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData((byte)Codec.Jpeg, 3)]
    [InlineData((byte)Codec.WebP, 3)]
    [InlineData((byte)Codec.Png, 0)]
    public void A_still_is_nearly_or_exactly_the_picture_again(byte codec, double most)
    {
        var picture = Painted(3);
        var encoded = new ImageEncoder((Codec)codec, Quality.Auto).Encode(picture, isStill: true);
        using var image = SKBitmap.Decode(encoded.Payload.Span, new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Assert.InRange(Difference(picture.Bytes, image.Bytes), 0, most);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(130, 6)]
    [InlineData(1280, 4)]
    [InlineData(958, 10)]
    public void Whatever_the_width_the_planes_are_those_that_the_definition_gives(int width, int height)
    {
        var bgra = new byte[width * height * 4];
        new Random(width).NextBytes(bgra);
        var planes = new byte[PlanarYuv.Size(width, height)];
        PlanarYuv.FromBgra(bgra, width, height, planes);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (b, g, r) = Pixel(x, y);
                Assert.InRange(planes[y * width + x] - (16 + (0.2126 * r + 0.7152 * g + 0.0722 * b) * 219 / 255), -1.6, 1.6);
                if (x % 2 != 0 || y % 2 != 0) continue;
                var four = new[] { Pixel(x, y), Pixel(x + 1, y), Pixel(x, y + 1), Pixel(x + 1, y + 1) };
                var (mb, mg, mr) = (four.Average(p => p.B), four.Average(p => p.G), four.Average(p => p.R));
                var luma = 0.2126 * mr + 0.7152 * mg + 0.0722 * mb;
                var at = width * height + y / 2 * (width / 2) + x / 2;
                Assert.InRange(planes[at] - (128 + (mb - luma) / 1.8556 * 224 / 255), -1.6, 1.6);
                Assert.InRange(planes[at + width * height / 4] - (128 + (mr - luma) / 1.5748 * 224 / 255), -1.6, 1.6);
            }
        }

        (double B, double G, double R) Pixel(int x, int y) => (bgra[(y * width + x) * 4], bgra[(y * width + x) * 4 + 1], bgra[(y * width + x) * 4 + 2]);
    }

    private static Picture Painted(int frame)
    {
        var picture = new Picture();
        picture.Resize(Width, Height);
        for (var i = 0; i < Width * Height; i++)
        {
            var (x, y) = (i % Width, i / Width);
            picture.Bytes[i * 4] = (byte)(x * 255 / Width);
            picture.Bytes[i * 4 + 1] = (byte)(y * 255 / Height);
            picture.Bytes[i * 4 + 2] = (byte)(40 + frame * 30);
            picture.Bytes[i * 4 + 3] = 255;
        }

        return picture;
    }

    private static double Difference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        Assert.Equal(a.Length, b.Length);
        var sum = 0L;
        for (var i = 0; i < a.Length; i++) sum += i % 4 == 3 ? 0 : Math.Abs(a[i] - b[i]);
        return sum / (a.Length * 0.75);
    }

    private static async Task<byte[]> DecodeAsync(string ffmpeg, byte[] stream)
    {
        using var process = Process.Start(new ProcessStartInfo(
            ffmpeg, ["-loglevel", "error", "-f", "h264", "-i", "pipe:0", "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "bgra", "pipe:1"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(stream, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await reading;
        return output.ToArray();
    }

    /// <summary>The two sets of an avcC box, with start codes.</summary>
    private static List<byte> ParameterSets(ReadOnlySpan<byte> box)
    {
        var result = new List<byte>();
        var at = 6;
        for (var set = 0; set < 2; set++)
        {
            var length = box[at] << 8 | box[at + 1];
            result.AddRange([0, 0, 0, 1, .. box.Slice(at + 2, length)]);
            at += 2 + length + 1; // after the first come one byte and the second
        }

        return result;
    }

    /// <summary>All access units, with start codes in place of the lengths.</summary>
    private static List<byte> StartCodes(ReadOnlySpan<byte> payload)
    {
        var result = new List<byte>();
        while (payload.Length > 0)
        {
            var unit = payload.Slice(4, BitConverter.ToInt32(payload));
            payload = payload[(4 + unit.Length)..];
            while (unit.Length > 0)
            {
                var length = unit[0] << 24 | unit[1] << 16 | unit[2] << 8 | unit[3];
                result.AddRange([0, 0, 0, 1, .. unit.Slice(4, length)]);
                unit = unit[(4 + length)..];
            }
        }

        return result;
    }
}
