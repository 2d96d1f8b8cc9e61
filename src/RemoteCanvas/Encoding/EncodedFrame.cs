using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>A compressed picture.</summary>
/// <param name="Codec">How.</param>
/// <param name="IsKey">Whether it can be decoded without those before it.</param>
/// <param name="Description">What a decoder is to be told first; empty where nothing.</param>
/// <param name="Payload">As <see cref="FrameHeader"/> describes it.</param>
internal readonly record struct EncodedFrame(Codec Codec, bool IsKey, ReadOnlyMemory<byte> Description, ReadOnlyMemory<byte> Payload);

/// <summary>Compresses pictures, one after the other. Each result is independent of the caller's picture, and holds until the next call.</summary>
internal interface IFrameEncoder : IAsyncDisposable
{
    /// <exception cref="EncoderException">It cannot any more; make another.</exception>
    ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, CancellationToken cancel);
}

/// <summary>An encoder ended, or never began. The message is for the log.</summary>
public sealed class EncoderException : Exception
{
    /// <summary>Another try would end the same way.</summary>
    internal bool IsFinal { get; init; }

    public EncoderException()
    {
    }

    public EncoderException(string message) : base(message)
    {
    }

    public EncoderException(string message, Exception inner) : base(message, inner)
    {
    }
}
