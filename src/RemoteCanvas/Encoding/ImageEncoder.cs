using SkiaSharp;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>Each frame a picture of its own: JPEG while things move and, nearly without loss, for the still; PNG for viewers that want no loss at all.</summary>
internal sealed class ImageEncoder(Codec codec, Quality quality) : IFrameEncoder
{
    public ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, CancellationToken cancel) => new(Encode(picture, isStill));

    public unsafe EncodedFrame Encode(Picture picture, bool isStill)
    {
        fixed (byte* bytes = picture.Bytes)
        {
            using var pixels = new SKPixmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque), (nint)bytes, picture.Stride);
            using var data = codec == Codec.Png
                ? pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: 3))
                : pixels.Encode(new SKJpegEncoderOptions(
                    Level(isStill), isStill && quality != Quality.Low ? SKJpegEncoderDownsample.Downsample444 : SKJpegEncoderDownsample.Downsample420,
                    SKJpegEncoderAlphaOption.Ignore));
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
