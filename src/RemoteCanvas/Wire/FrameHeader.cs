using System.Buffers.Binary;

namespace BrowserTech.RemoteCanvas.Wire;

/// <summary>
/// What stands before the picture in every message with a frame. Little-endian, <see cref="Bytes"/> long; <c>remote-canvas.js</c> reads the same.
/// <code>
///  0 u8  kind: 1
///  1 u8  codec
///  2 u8  flags: 1 key frame, 2 complete, 4 a description comes first
///  3 u8  stream: an encoder of its own; a decoder begins anew with each
///  4 u32 frame number, from 1
///  8 u32 newest input it answers
/// 12 u16 width, u16 height of the picture that is sent
/// 16 f64 when it was begun, milliseconds since the viewer came
/// 24 u16 rendering, u16 encoding, in tenths of a millisecond
/// 28 u32 how much was drawn, see <see cref="IRemoteScene.Render"/>
/// 32 u16 width, u16 height of what the viewer asked for
/// </code>
/// Then, with flag 4, a description of the stream (u32 length, then an <c>avcC</c> box's content); then the picture. Of H.264 these are one or more
/// access units, each after its u32 length, all to be decoded and the last one to be shown.
/// </summary>
public readonly record struct FrameHeader
{
    public const int Bytes = 36;
    public const byte Kind = 1;

    public Codec Codec { get; init; }

    public bool IsKey { get; init; }

    /// <summary>Everything is in it, and nothing better follows until something changes.</summary>
    public bool IsComplete { get; init; }

    public bool HasDescription { get; init; }

    public byte Stream { get; init; }

    public uint Number { get; init; }

    public uint Input { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Milliseconds.</summary>
    public double Begun { get; init; }

    /// <summary>Milliseconds; up to 6553.5.</summary>
    public double Rendering { get; init; }

    /// <summary>Milliseconds; up to 6553.5.</summary>
    public double Encoding { get; init; }

    public uint Drawn { get; init; }

    public int AskedWidth { get; init; }

    public int AskedHeight { get; init; }

    public void Write(Span<byte> to)
    {
        to[0] = Kind;
        to[1] = (byte)Codec;
        to[2] = (byte)((IsKey ? 1 : 0) | (IsComplete ? 2 : 0) | (HasDescription ? 4 : 0));
        to[3] = Stream;
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Number);
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Input);
        BinaryPrimitives.WriteUInt16LittleEndian(to[12..], checked((ushort)Width));
        BinaryPrimitives.WriteUInt16LittleEndian(to[14..], checked((ushort)Height));
        BinaryPrimitives.WriteDoubleLittleEndian(to[16..], Begun);
        BinaryPrimitives.WriteUInt16LittleEndian(to[24..], Tenths(Rendering));
        BinaryPrimitives.WriteUInt16LittleEndian(to[26..], Tenths(Encoding));
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Drawn);
        BinaryPrimitives.WriteUInt16LittleEndian(to[32..], checked((ushort)AskedWidth));
        BinaryPrimitives.WriteUInt16LittleEndian(to[34..], checked((ushort)AskedHeight));
    }

    /// <summary>False where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out FrameHeader header)
    {
        header = default;
        if (from.Length < Bytes || from[0] != Kind || !Enum.IsDefined((Codec)from[1]) || from[2] > 7) return false;
        header = new FrameHeader
        {
            Codec = (Codec)from[1],
            IsKey = (from[2] & 1) != 0,
            IsComplete = (from[2] & 2) != 0,
            HasDescription = (from[2] & 4) != 0,
            Stream = from[3],
            Number = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
            Input = BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
            Width = BinaryPrimitives.ReadUInt16LittleEndian(from[12..]),
            Height = BinaryPrimitives.ReadUInt16LittleEndian(from[14..]),
            Begun = BinaryPrimitives.ReadDoubleLittleEndian(from[16..]),
            Rendering = BinaryPrimitives.ReadUInt16LittleEndian(from[24..]) / 10.0,
            Encoding = BinaryPrimitives.ReadUInt16LittleEndian(from[26..]) / 10.0,
            Drawn = BinaryPrimitives.ReadUInt32LittleEndian(from[28..]),
            AskedWidth = BinaryPrimitives.ReadUInt16LittleEndian(from[32..]),
            AskedHeight = BinaryPrimitives.ReadUInt16LittleEndian(from[34..]),
        };
        return true;
    }

    private static ushort Tenths(double milliseconds) => (ushort)Math.Clamp(Math.Round(milliseconds * 10), 0, ushort.MaxValue);
}
