using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace BrowserTech.Playground.Proxy;

/// <summary>The kinds of WebSocket frames (RFC 6455, 5.2) the hub tells apart.</summary>
internal static class Opcode
{
    public const byte Close = 8, Ping = 9, Pong = 10;

    /// <summary>Close, ping, pong and what may come to be beside them: they speak of the connection, not for anybody.</summary>
    public static bool IsControl(byte opcode) => opcode >= Close;
}

/// <summary>
/// Knows where in a stream of WebSocket frames it is, given the stream in pieces that are cut anywhere. It decodes nothing: what is
/// inside a frame, compressed or not, is between the two ends. A stream that breaks the rule of lengths is
/// <see cref="Lost"/>: it may go on, and has no boundaries any more.
/// </summary>
internal struct FrameTracker
{
    private const int MaxHead = 14;
    private const int MaxControl = 125;

    private HeadBytes _head;
    private byte _have;
    private byte _needed;
    private ulong _left;

    [InlineArray(MaxHead)]
    private struct HeadBytes
    {
        private byte _first;
    }

    /// <summary>No frame has begun that has not ended. True at the start.</summary>
    public readonly bool AtBoundary => _have == 0 && !Lost;

    public bool Lost { get; private set; }

    /// <summary>Of the frame the last bytes belonged to.</summary>
    public byte Opcode { get; private set; }

    /// <summary>
    /// Takes bytes up to the end of the frame they belong to, at most, and says how many those were: at least one of what is not
    /// empty. After it, <see cref="AtBoundary"/> tells whether the frame has ended.
    /// </summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        if (Lost) return bytes.Length;
        var taken = 0;
        while (taken < bytes.Length && (_needed == 0 || _have < _needed))
        {
            _head[_have++] = bytes[taken++];
            if (_have == 1) Opcode = (byte)(_head[0] & 0x0F);
            if (_have == 2)
            {
                _needed = HeadLength(_head[1]);
                // By what its length is written with, not by what that says: a short length in a long field is forbidden too (RFC 6455, 5.5).
                if (Proxy.Opcode.IsControl(Opcode) && (_head[1] & 0x7F) > MaxControl) return Lose(bytes);
            }

            if (_have != _needed) continue;
            _left = PayloadLength();
            if (_left > long.MaxValue) return Lose(bytes);
        }

        if (_needed == 0 || _have < _needed) return taken;
        var more = (int)Math.Min(_left, (ulong)(bytes.Length - taken));
        _left -= (ulong)more;
        if (_left == 0) _have = _needed = 0;
        return taken + more;
    }

    private int Lose(ReadOnlySpan<byte> bytes)
    {
        Lost = true;
        return bytes.Length;
    }

    private static byte HeadLength(byte second) => (byte)(2 + (second & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 } + (second >= 0x80 ? 4 : 0));

    private readonly ulong PayloadLength()
    {
        ReadOnlySpan<byte> head = _head;
        return (head[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(head[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(head[2..]),
            var length => (ulong)length,
        };
    }
}
