using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>The frames the hub says itself, from a server's side: whole, short, without a mask.</summary>
internal static class ControlFrames
{
    private const byte Final = 0x80;
    private const byte Masked = 0x80;
    private const int PingLength = 8;

    /// <summary>Head, mask and payload of the longest control frame.</summary>
    public const int MaxLength = 2 + 4 + 125;

    /// <summary>A ping nobody else can have sent: its answer is told from the answers a backend waits for.</summary>
    public static byte[] Ping()
    {
        var frame = new byte[2 + PingLength];
        (frame[0], frame[1]) = (Final | Opcode.Ping, PingLength);
        RandomNumberGenerator.Fill(frame.AsSpan(2));
        return frame;
    }

    public static byte[] Close(Cut why)
    {
        var frame = new byte[4 + Encoding.UTF8.GetByteCount(why.Word)];
        (frame[0], frame[1]) = (Final | Opcode.Close, (byte)(frame.Length - 2));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), why.Code);
        Encoding.UTF8.GetBytes(why.Word, frame.AsSpan(4));
        return frame;
    }

    /// <summary>Whether what begins so can be the answer to a ping of ours. Who says that of all it says costs no more than who says anything.</summary>
    public static bool MayAnswer(ReadOnlySpan<byte> pong) => pong[0] == (Final | Opcode.Pong) && (pong.Length == 1 || pong[1] == (Masked | PingLength));

    /// <summary>Whether a whole frame of a client is the answer to a ping of ours.</summary>
    public static bool Answers(ReadOnlySpan<byte> pong, ReadOnlySpan<byte> ping)
    {
        if (ping.IsEmpty || pong.Length != 2 + 4 + PingLength || pong[0] != (Final | Opcode.Pong) || pong[1] != (Masked | PingLength)) return false;
        for (var i = 0; i < PingLength; i++)
            if ((pong[6 + i] ^ pong[2 + (i & 3)]) != ping[2 + i]) return false;
        return true;
    }
}
