using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// Blue, green, red to the three planes video has: brightness for each pixel, two colour differences for each four. BT.709 with headroom
/// (16 to 235), in whole numbers of 1/256. Sixty-four pixels at a time: less than the copy of them costs that ffmpeg would make for the same.
/// </summary>
internal static class PlanarYuv
{
    public static int Size(int width, int height) => width * height * 3 / 2;

    /// <param name="bgra">Four bytes for each pixel.</param>
    /// <param name="width">Even.</param>
    /// <param name="height">Even.</param>
    /// <param name="planes">Y, then U, then V; <see cref="Size"/> bytes.</param>
    public static void FromBgra(ReadOnlySpan<byte> bgra, int width, int height, Span<byte> planes)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(bgra[..(width * height * 4)]);
        var luma = planes[..(width * height)];
        var blueness = planes.Slice(width * height, width * height / 4);
        var redness = planes.Slice(width * height * 5 / 4, width * height / 4);
        for (var y = 0; y < height; y += 2)
        {
            var top = pixels.Slice(y * width, width);
            var bottom = pixels.Slice((y + 1) * width, width);
            Luma(top, luma.Slice(y * width, width));
            Luma(bottom, luma.Slice((y + 1) * width, width));
            Chroma(top, bottom, blueness.Slice(y / 2 * (width / 2), width / 2), redness.Slice(y / 2 * (width / 2), width / 2));
        }
    }

    private static void Luma(ReadOnlySpan<uint> row, Span<byte> to)
    {
        var x = 0;
        for (; x <= row.Length - 64; x += 64)
        {
            var low = Vector512.Narrow(Brightness(Vector512.Create(row[x..])), Brightness(Vector512.Create(row[(x + 16)..])));
            var high = Vector512.Narrow(Brightness(Vector512.Create(row[(x + 32)..])), Brightness(Vector512.Create(row[(x + 48)..])));
            Vector512.Narrow(low, high).CopyTo(to[x..]);
        }

        for (; x < row.Length; x++)
        {
            var (b, g, r) = (row[x] & 0xff, row[x] >> 8 & 0xff, row[x] >> 16 & 0xff);
            to[x] = (byte)((r * 47 + g * 157 + b * 16 + 4224) >> 8);
        }
    }

    private static Vector512<uint> Brightness(Vector512<uint> pixels)
    {
        var low = Vector512.Create(0xffu);
        return (((pixels >>> 16) & low) * 47u + ((pixels >>> 8) & low) * 157u + (pixels & low) * 16u + Vector512.Create(4224u)) >>> 8;
    }

    private static void Chroma(ReadOnlySpan<uint> top, ReadOnlySpan<uint> bottom, Span<byte> blueness, Span<byte> redness)
    {
        var x = 0;
        for (; x <= top.Length - 128; x += 128)
        {
            var (u, v) = (Half(top, bottom, x), Half(top, bottom, x + 64));
            Vector512.Narrow(u.Blue, v.Blue).CopyTo(blueness[(x / 2)..]);
            Vector512.Narrow(u.Red, v.Red).CopyTo(redness[(x / 2)..]);
        }

        for (; x < top.Length; x += 2)
        {
            var (a, b, c, d) = (top[x], top[x + 1], bottom[x], bottom[x + 1]);
            var blue = (int)((a & 0xff) + (b & 0xff) + (c & 0xff) + (d & 0xff));
            var green = (int)((a >> 8 & 0xff) + (b >> 8 & 0xff) + (c >> 8 & 0xff) + (d >> 8 & 0xff));
            var red = (int)((a >> 16 & 0xff) + (b >> 16 & 0xff) + (c >> 16 & 0xff) + (d >> 16 & 0xff));
            blueness[x / 2] = (byte)((blue * 112 - green * 86 - red * 26 + Middle) >> 10);
            redness[x / 2] = (byte)((red * 112 - green * 102 - blue * 10 + Middle) >> 10);
        }
    }

    /// <summary>128, and half of what is cut off, in 1/1024.</summary>
    private const int Middle = (128 << 10) + 512;

    /// <summary>Both differences of 64 × 2 pixels: 32 of each.</summary>
    private static (Vector512<ushort> Blue, Vector512<ushort> Red) Half(ReadOnlySpan<uint> top, ReadOnlySpan<uint> bottom, int x)
    {
        var a = Quarter(top, bottom, x);
        var b = Quarter(top, bottom, x + 32);
        return (Vector512.Narrow(a.Blue, b.Blue), Vector512.Narrow(a.Red, b.Red));
    }

    private static (Vector512<uint> Blue, Vector512<uint> Red) Quarter(ReadOnlySpan<uint> top, ReadOnlySpan<uint> bottom, int x)
    {
        var (a, b) = (Vector512.Create(top[x..]), Vector512.Create(top[(x + 16)..]));
        var (c, d) = (Vector512.Create(bottom[x..]), Vector512.Create(bottom[(x + 16)..]));
        var blue = Sum(a, b, c, d, 0);
        var green = Sum(a, b, c, d, 8);
        var red = Sum(a, b, c, d, 16);
        var middle = Vector512.Create(Middle);
        return (((blue * 112 - green * 86 - red * 26 + middle) >>> 10).AsUInt32(), ((red * 112 - green * 102 - blue * 10 + middle) >>> 10).AsUInt32());
    }

    /// <summary>One colour of 2 × 2 pixels each, added up.</summary>
    private static Vector512<int> Sum(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, int shift)
    {
        var mask = Vector512.Create(0xffu);
        var left = (((a >>> shift) & mask) + ((c >>> shift) & mask)).AsUInt64();
        var right = (((b >>> shift) & mask) + ((d >>> shift) & mask)).AsUInt64();
        return Vector512.Narrow(left + (left >>> 32), right + (right >>> 32)).AsInt32();
    }
}
