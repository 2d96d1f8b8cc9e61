using System.Buffers.Binary;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// Takes H.264 out of the container ffmpeg writes it in. In a bare H.264 stream a picture ends where the next one begins, so each would be held
/// back for the next; FLV is the simplest container that says beforehand how long each is, and what it holds is already what a browser's decoder
/// takes: NAL units after their lengths, and an <c>avcC</c> description first.
/// </summary>
internal sealed class FlvReader
{
    private const int HeadBytes = 9 + 4;
    private const int TagHead = 11;
    private const int VideoTag = 9;
    private const int Avc = 7;

    /// <summary>Bytes of one tag. FLV itself could say twice that.</summary>
    private const int MaxTag = 8 * 1024 * 1024;

    private byte[] _buffer = new byte[256 * 1024];
    private int _length;
    private bool _begun;

    /// <summary>What a decoder is to be told first; empty before it came.</summary>
    public ReadOnlyMemory<byte> Description { get; private set; }

    /// <summary>Adds bytes as they come, in whatever pieces, and gives the pictures that are whole.</summary>
    /// <param name="bytes">The next ones.</param>
    /// <param name="into">Pictures are added here, each with whether it is a key frame.</param>
    /// <exception cref="EncoderException">This is no FLV with H.264 in it.</exception>
    public void Add(ReadOnlySpan<byte> bytes, List<(bool IsKey, ReadOnlyMemory<byte> Unit)> into)
    {
        if (_buffer.Length - _length < bytes.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        var at = 0;
        while (Tag(_buffer.AsSpan(at, _length - at), into) is > 0 and var taken) at += taken;
        if (at == 0) return;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer);
        _length -= at;
    }

    /// <summary>How many bytes were taken; 0: there are too few yet.</summary>
    private int Tag(ReadOnlySpan<byte> from, List<(bool IsKey, ReadOnlyMemory<byte> Unit)> into)
    {
        if (!_begun)
        {
            if (from.Length < HeadBytes) return 0;
            if (!from.StartsWith("FLV\x01"u8)) throw new EncoderException("The encoder did not write FLV.");
            _begun = true;
            return HeadBytes;
        }

        if (from.Length < TagHead) return 0;
        var length = from[1] << 16 | from[2] << 8 | from[3];
        if (length > MaxTag) throw new EncoderException($"The encoder made a frame of {length} bytes.");
        var whole = TagHead + length + 4;
        if (from.Length < whole) return 0;
        if (BinaryPrimitives.ReadUInt32BigEndian(from[(whole - 4)..]) != TagHead + length) throw new EncoderException("What the encoder wrote is damaged.");
        if ((from[0] & 0x1f) == VideoTag && length > 5) Video(from.Slice(TagHead, length), into);
        return whole;
    }

    private void Video(ReadOnlySpan<byte> tag, List<(bool IsKey, ReadOnlyMemory<byte> Unit)> into)
    {
        if ((tag[0] & 0x0f) != Avc) throw new EncoderException("The encoder did not write H.264.");
        if (tag[1] == 0) Description = tag[5..].ToArray();
        else if (tag[1] == 1) into.Add((tag[0] >> 4 == 1, tag[5..].ToArray()));
    }
}
