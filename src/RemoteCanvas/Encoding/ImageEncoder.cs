using SkiaSharp;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// Each frame a picture of its own. JPEG is the quickest by far; WebP takes half the bytes and some times the work; PNG loses nothing. A viewer says what it
/// takes, and of that it is sent the quickest.
/// </summary>
internal sealed class ImageEncoder(Codec codec, Quality quality) : IFrameEncoder
{
    public ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, CancellationToken cancel) => new(Encode(picture, isStill));

    /// <summary>Of what a viewer can show.</summary>
    public static Codec Best(Codecs codecs) => codecs.HasFlag(Codecs.Jpeg) ? Codec.Jpeg : codecs.HasFlag(Codecs.WebP) ? Codec.WebP : Codec.Png;

    /// <summary>Pixels of one side, even: WebP counts them in fourteen bits.</summary>
    public static int MaxSide(Codec codec) => codec == Codec.WebP ? 16382 : 16384;

    public unsafe EncodedFrame Encode(Picture picture, bool isStill)
    {
        fixed (byte* bytes = picture.Bytes)
        {
            using var pixels = new SKPixmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)bytes, picture.Stride);
            using var data = codec switch
            {
                Codec.Png => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: 3)),
                Codec.WebP => pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, Level(isStill))),
                _ => pixels.Encode(new SKJpegEncoderOptions(
                    Level(isStill), isStill && quality != Quality.Low ? SKJpegEncoderDownsample.Downsample444 : SKJpegEncoderDownsample.Downsample420,
                    SKJpegEncoderAlphaOption.Ignore)),
            };
            if (data is null) throw new EncoderException($"A picture of {picture.Width} × {picture.Height} could not be made a {codec}.");
            return new EncodedFrame(codec, IsKey: true, default, data.ToArray());
        }
    }

    public ValueTask DisposeAsync() => default;

    private int Level(bool isStill) => quality switch
    {
        Quality.Low => isStill ? 85 : 45,
        Quality.High => isStill ? 97 : 86,
        _ => isStill ? 95 : 68,
    };
}
