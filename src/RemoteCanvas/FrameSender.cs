using System.Buffers.Binary;
using BrowserTech.RemoteCanvas.Encoding;
using BrowserTech.RemoteCanvas.Flow;
using BrowserTech.RemoteCanvas.Wire;
using BrowserTech.SessionBackend;

namespace BrowserTech.RemoteCanvas;

/// <summary>Encodes pictures and sends them, one after the other, while the next is drawn. The encoders are its own.</summary>
internal sealed class FrameSender(BackendSocket socket, ViewerState state, EncoderChoice encoders)
{
    /// <param name="header">Of the frame, without what encoding adds.</param>
    /// <param name="picture">Not drawn on until this has ended.</param>
    /// <param name="wish">What the viewer is best sent while things move.</param>
    /// <param name="ending">The viewer has left.</param>
    public async Task SendAsync(FrameHeader header, Picture picture, VideoWish wish, CancellationToken ending)
    {
        var begun = state.Now;
        var encoded = await encoders.EncodeAsync(picture, header.IsComplete, wish, state.TakeLoss(), ending).ConfigureAwait(false);
        header = header with
        {
            Codec = encoded.Codec, IsKey = encoded.IsKey, HasDescription = encoded.Description.Length > 0, Stream = encoders.Stream, Encoding = (state.Now - begun).TotalMilliseconds,
        };
        if (!header.IsComplete) state.Cost(header);
        await socket.SendAsync(Message(header, encoded), isText: false, ending).ConfigureAwait(false);
    }

    private static byte[] Message(in FrameHeader header, in EncodedFrame encoded)
    {
        var description = header.HasDescription ? 4 + encoded.Description.Length : 0;
        var message = new byte[FrameHeader.Bytes + description + encoded.Payload.Length];
        header.Write(message);
        if (description > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(FrameHeader.Bytes), encoded.Description.Length);
            encoded.Description.Span.CopyTo(message.AsSpan(FrameHeader.Bytes + 4));
        }

        encoded.Payload.Span.CopyTo(message.AsSpan(FrameHeader.Bytes + description));
        return message;
    }
}
