using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>
/// The server's part of RFC 6455, 4.2. The hash is written out here because the framework's loads OpenSSL, which takes longer than
/// everything else a small backend does before its first byte. The protocol fixes SHA-1; nothing secret depends on it.
/// </summary>
internal static class WebSocketHandshake
{
    /// <summary>Null where the request may open a WebSocket, else what is wrong with it.</summary>
    public static (int Status, string Message)? Refuse(RequestHead head)
    {
        if (head.Header("Sec-WebSocket-Version") != "13") return (426, "WebSocket version 13 is spoken here.");
        Span<byte> key = stackalloc byte[16];
        return Convert.TryFromBase64String(head.Header("Sec-WebSocket-Key") ?? "", key, out var length) && length == 16
            ? null
            : (400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    }

    public static string Accept(string key) =>
        Convert.ToBase64String(Sha1(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    internal static byte[] Sha1(ReadOnlySpan<byte> message)
    {
        var padded = new byte[(message.Length + 8) / 64 * 64 + 64];
        message.CopyTo(padded);
        padded[message.Length] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padded.AsSpan(padded.Length - 8), (long)message.Length * 8);

        Span<uint> hash = stackalloc uint[] { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
        for (var at = 0; at < padded.Length; at += 64) Block(hash, padded.AsSpan(at, 64));

        var result = new byte[20];
        for (var i = 0; i < 5; i++) BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(i * 4), hash[i]);
        return result;
    }

    private static void Block(Span<uint> hash, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        for (var i = 16; i < 80; i++) words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);

        var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4]);
        for (var i = 0; i < 80; i++)
        {
            var (mixed, constant) = i switch
            {
                < 20 => ((b & c) | (~b & d), 0x5a827999u),
                < 40 => (b ^ c ^ d, 0x6ed9eba1u),
                < 60 => ((b & c) | (b & d) | (c & d), 0x8f1bbcdcu),
                _ => (b ^ c ^ d, 0xca62c1d6u),
            };
            var next = BitOperations.RotateLeft(a, 5) + mixed + e + constant + words[i];
            (a, b, c, d, e) = (next, a, BitOperations.RotateLeft(b, 30), c, d);
        }

        hash[0] += a;
        hash[1] += b;
        hash[2] += c;
        hash[3] += d;
        hash[4] += e;
    }
}
