using SkiaSharp;

namespace BrowserTech.Site.Posters;

/// <summary>
/// The picture that a link to a page unfolds into: the page's poster, its lower left made darker still, and the title there
/// in the site's own wide face. Words are broken by what they measure; a title too long for three lines is set smaller, and
/// one too long for that ends in an ellipsis.
/// </summary>
public static class OpenGraphPoster
{
    /// <summary>Pixels across, as OpenGraph readers expect.</summary>
    public const int Width = 1200;

    /// <summary>Pixels down.</summary>
    public const int Height = 630;

    private const float Margin = 72;
    private const int Lines = 3;
    private static readonly Lazy<SKTypeface> Face = new(Load);

    /// <summary>The picture as a JPEG file; WebP is not read by everything that unfolds links.</summary>
    /// <param name="slug">What the poster is of.</param>
    /// <param name="title">The page's title, in any length.</param>
    /// <param name="eyebrow">A short line above it, or nothing.</param>
    public static byte[] Render(string slug, string title, string? eyebrow)
    {
        using var bitmap = PosterArt.Render(slug, Width, Height);
        using var canvas = new SKCanvas(bitmap);
        Darken(canvas);

        var (size, lines) = Fit(title);
        using var font = Font(size);
        using var ink = new SKPaint { Color = new SKColor(0xF6, 0xF6, 0xF4), IsAntialias = true };
        var leading = size * 1.03f;
        var baseline = Height - Margin - 10;
        for (var i = lines.Count - 1; i >= 0; i--, baseline -= leading)
            Set(canvas, lines[i], Margin - size * .045f, baseline, font, ink);

        using var small = Font(27);
        using var soft = new SKPaint { Color = new SKColor(0xC9, 0xCC, 0xD2), IsAntialias = true };
        if (!string.IsNullOrWhiteSpace(eyebrow))
            Set(canvas, Shortened(eyebrow.Trim(), small, Width - 2 * Margin), Margin, baseline - size * .12f, small, soft);
        Sign(canvas, small, ink);

        canvas.Flush();
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKJpegEncoderOptions(86)) ?? throw new InvalidOperationException("Skia could not encode an OpenGraph picture.");
        return data.ToArray();
    }

    /// <summary>The largest size at which the title has few enough lines, and those lines.</summary>
    internal static (float Size, List<string> Lines) Fit(string title)
    {
        var words = title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (var size in (ReadOnlySpan<float>)[96, 84, 72, 62, 54])
        {
            using var font = Font(size);
            var lines = Broken(words, font, Width - 2 * Margin);
            if (lines.Count <= Lines && lines.TrueForAll(line => Measure(line, font) <= Width - 2 * Margin))
                return (size, lines);
        }
        using var smallest = Font(54);
        var cut = Broken(words, smallest, Width - 2 * Margin);
        var kept = cut.Take(Lines).ToList();
        if (cut.Count > Lines)
            kept[^1] += "…";
        return (54, kept.ConvertAll(line => Shortened(line, smallest, Width - 2 * Margin)));
    }

    private static List<string> Broken(string[] words, SKFont font, float room)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in words)
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Measure(longer, font) > room)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }
        if (line.Length > 0)
            lines.Add(line);
        return lines;
    }

    private static string Shortened(string text, SKFont font, float room)
    {
        if (Measure(text, font) <= room)
            return text;
        var keep = text.TrimEnd('…');
        while (keep.Length > 1 && Measure(keep + "…", font) > room)
            keep = keep[..(char.IsLowSurrogate(keep[^1]) ? ^2 : ^1)];
        return keep.TrimEnd() + "…";
    }

    private static void Darken(SKCanvas canvas)
    {
        SKColor[] shades = [new(0x0B, 0x0C, 0x0E, 0xF0), new(0x0B, 0x0C, 0x0E, 0xC4), new(0x0B, 0x0C, 0x0E, 0)];
        using var upwards = SKShader.CreateLinearGradient(new SKPoint(0, Height), new SKPoint(Width * .16f, Height * .12f), shades, [0, .42f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = upwards, IsDither = true };
        canvas.DrawRect(0, 0, Width, Height, paint);
    }

    /// <summary>The site's mark and name, top left.</summary>
    private static void Sign(SKCanvas canvas, SKFont font, SKPaint ink)
    {
        const float Size = 30;
        var box = new SKRect(Margin, Margin - 8, Margin + Size, Margin - 8 + Size);
        using var shape = new SKRoundRect(box, 7.5f);
        canvas.Save();
        canvas.ClipRoundRect(shape, SKClipOperation.Intersect, antialias: true);
        using var below = SKShader.CreateLinearGradient(new SKPoint(box.Left, 0), new SKPoint(box.Right, 0), [new SKColor(0xFF, 0x5D, 0x6C), new SKColor(0x9A, 0x5C, 0xFF)], SKShaderTileMode.Clamp);
        using var above = SKShader.CreateLinearGradient(new SKPoint(box.Left, 0), new SKPoint(box.Right, 0), [new SKColor(0x9B, 0xF5, 0x6B), new SKColor(0x2F, 0xC4, 0xFF)], SKShaderTileMode.Clamp);
        using var fade = SKShader.CreateLinearGradient(new SKPoint(0, box.Top), new SKPoint(0, box.Bottom), [SKColors.White, SKColors.Transparent], SKShaderTileMode.Clamp);
        using var faded = SKShader.CreateCompose(fade, above, SKBlendMode.SrcIn);
        using (var paint = new SKPaint { Shader = below })
            canvas.DrawRect(box, paint);
        using (var paint = new SKPaint { Shader = faded })
            canvas.DrawRect(box, paint);
        canvas.Restore();
        Set(canvas, "BrowserTech", box.Right + 14, box.Bottom - 5.5f, font, ink);
    }

    private static float Tracking(SKFont font) => font.Size * (font.Size > 40 ? -.034f : -.012f);

    private static float Measure(string text, SKFont font) => font.MeasureText(text) + text.Length * Tracking(font);

    /// <summary>Draws glyph by glyph, because wide headlines are set tighter than the face is drawn.</summary>
    private static void Set(SKCanvas canvas, string text, float x, float y, SKFont font, SKPaint paint)
    {
        var glyphs = font.GetGlyphs(text);
        var widths = font.GetGlyphWidths(text);
        var places = new SKPoint[glyphs.Length];
        for (var i = 0; i < glyphs.Length; i++)
        {
            places[i] = new SKPoint(x, y);
            x += widths[i] + Tracking(font);
        }
        using var builder = new SKTextBlobBuilder();
        builder.AddPositionedRun(glyphs, font, places);
        using var blob = builder.Build();
        if (blob is not null)
            canvas.DrawText(blob, 0, 0, paint);
    }

    private static SKFont Font(float size) => new(Face.Value, size) { Subpixel = true, Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };

    private static SKTypeface Load()
    {
        // Built where there was no Node to cut it: in whatever the system has, and where that is nothing, without words.
        using var stream = typeof(OpenGraphPoster).Assembly.GetManifestResourceStream("title.ttf");
        if (stream is null) return SKTypeface.Default;
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException("Skia does not read the title face.");
    }
}
