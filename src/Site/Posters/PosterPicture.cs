using SkiaSharp;

namespace BrowserTech.Site.Posters;

/// <summary>A picture somebody took, in a size of ours: scaled to fill it, what sticks out cut off on both sides alike.</summary>
public static class PosterPicture
{
    /// <exception cref="InvalidDataException">The file is no picture.</exception>
    public static byte[] Scale(string path, PosterSize size)
    {
        using var picture = SKBitmap.Decode(path) ?? throw new InvalidDataException($"{path} is no picture.");
        var scale = Math.Max((float)size.Width / picture.Width, (float)size.Height / picture.Height);
        var (width, height) = (size.Width / scale, size.Height / scale);
        var (left, top) = ((picture.Width - width) / 2, (picture.Height - height) / 2);
        using var scaled = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(scaled))
        using (var image = SKImage.FromBitmap(picture))
            canvas.DrawImage(image, new SKRect(left, top, left + width, top + height), new SKRect(0, 0, size.Width, size.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return PosterArt.EncodeWebp(scaled);
    }
}
