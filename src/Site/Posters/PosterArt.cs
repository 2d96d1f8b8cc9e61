using System.Numerics;
using BrowserTech.Site.Posters.Motifs;
using SkiaSharp;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Draws the poster of a slug. The slug alone decides the motif, its numbers and its colours; the size decides only how much of
/// it is seen, so the card, the head of the page and the OpenGraph picture are recognisably one. Raise <see cref="Edition"/>
/// when any poster would come out different: it is part of every address and of the cache's folder.
/// </summary>
public static class PosterArt
{
    /// <summary>The edition of the drawing code.</summary>
    public const int Edition = 1;

    internal static readonly IPosterMotif[] Motifs =
    [
        new Contours(), new Solids(), new Terrain(), new Cells(), new Strands(), new Knot(), new Interference(), new Ribbons(),
        new Tiles(), new Attractor(),
    ];

    /// <summary>The poster as pixels. The caller disposes of it.</summary>
    /// <param name="slug">What the poster is of.</param>
    /// <param name="width">Pixels, from 64 to 4096.</param>
    /// <param name="height">Pixels, from 64 to 4096.</param>
    public static SKBitmap Render(string slug, int width, int height) =>
        Render(slug, width, height, MotifOf(slug));

    internal static IPosterMotif MotifOf(string slug) => Motifs[PosterRandom.For(slug, "motif").Whole(0, Motifs.Length - 1)];

    internal static SKBitmap Render(string slug, int width, int height, IPosterMotif motif)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(width, height), 64, nameof(width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), 4096, nameof(width));
        var field = new LightField(new PosterFrame(width, height));
        motif.Draw(field, PosterRandom.For(slug, "form"), new CosinePalette(PosterRandom.For(slug, "colour")));
        field.Bloom(.42f);
        return Developed(field);
    }

    /// <summary>The poster as a WebP file of about a byte for nine pixels (90 kB at 1280 × 640), if coarser coding can do it.</summary>
    public static byte[] RenderWebp(string slug, int width, int height)
    {
        using var bitmap = Render(slug, width, height);
        return EncodeWebp(bitmap);
    }

    internal static byte[] EncodeWebp(SKBitmap bitmap)
    {
        using var pixels = bitmap.PeekPixels();
        // Fields of points and threads are what coding likes least, and what shows its traces least.
        var wanted = bitmap.Width * bitmap.Height / 9f;
        var quality = 78f;
        while (true)
        {
            using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, quality))
                ?? throw new InvalidOperationException("Skia could not encode a poster.");
            if (data.Size <= wanted || quality <= 40)
                return data.ToArray();
            quality = MathF.Max(40, quality - Math.Clamp((data.Size / wanted - 1) * 60, 8, 38));
        }
    }

    private static SKBitmap Developed(LightField field)
    {
        var (width, height) = (field.Frame.Width, field.Frame.Height);
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Parallel.For(0, height, y =>
        {
            var row = bitmap.GetPixelSpan().Slice(y * width * 4, width * 4);
            for (var x = 0; x < width; x++)
            {
                var colour = field.Developed(x, y);
                // Grain follows the light: it breaks the bands of slow gradients and leaves the dark ground clean.
                var bright = MathF.Max(colour.X, MathF.Max(colour.Y, colour.Z));
                var tone = colour * 255 + new Vector3(Grain(x, y) * (.6f + 1.6f * bright) + .5f);
                row[x * 4] = (byte)Math.Clamp(tone.X, 0, 255);
                row[x * 4 + 1] = (byte)Math.Clamp(tone.Y, 0, 255);
                row[x * 4 + 2] = (byte)Math.Clamp(tone.Z, 0, 255);
                row[x * 4 + 3] = 255;
            }
        });
        return bitmap;
    }

    /// <summary>From −1 to 1, the same for a pixel's place in every picture.</summary>
    private static float Grain(int x, int y)
    {
        var h = (uint)x * 0x9E3779B1 ^ (uint)y * 0x85EBCA77;
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h ^= h >> 13;
        return (h & 0xFFFF) / 32768f - 1;
    }
}
