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
        Render(slug, width, height, Motifs[PosterRandom.For(slug, "motif").Whole(0, Motifs.Length - 1)]);

    internal static SKBitmap Render(string slug, int width, int height, IPosterMotif motif)
    {
        ArgumentException.ThrowIfNullOrEmpty(slug);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(width, height), 64, nameof(width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), 4096, nameof(width));
        var field = new LightField(new PosterFrame(width, height));
        motif.Draw(field, PosterRandom.For(slug, "form"), new CosinePalette(PosterRandom.For(slug, "colour")));
        return Developed(field);
    }

    /// <summary>The poster as a WebP file.</summary>
    public static byte[] RenderWebp(string slug, int width, int height)
    {
        using var bitmap = Render(slug, width, height);
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, 80));
        return data!.ToArray();
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
                var tone = colour * 255 + new Vector3(Grain(x, y) * (.7f + 3.2f * bright) + .5f);
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
