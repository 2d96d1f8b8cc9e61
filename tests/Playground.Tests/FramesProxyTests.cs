using System.Buffers.Binary;
using System.Text;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Proxy;
using CsCheck;

namespace BrowserTech.Playground.Tests;

/// <summary>What the proxy understands of a stream of bytes, wherever it is cut.</summary>
public sealed class FramesProxyTests
{
    private static readonly Gen<(byte Opcode, int Length, bool Masked)> Frame =
        from control in Gen.Bool
        from opcode in control ? Gen.Byte[8, 10] : Gen.Byte[0, 2]
        from length in control ? Gen.Int[0, 125] : Gen.OneOf(Gen.Int[0, 300], Gen.Int[65_500, 65_600])
        from masked in Gen.Bool
        select (opcode, length, masked);

    [Fact]
    public void Frames_are_found_wherever_the_stream_is_cut() =>
        Gen.Select(Frame.Array[1, 6], Gen.Int[1, 70_000].Array[1, 40]).Sample((frames, cuts) =>
        {
            var bytes = frames.SelectMany(Bytes).ToArray();
            var ends = frames.Select((_, i) => frames[..(i + 1)].Sum(frame => Bytes(frame).Length)).ToList();
            var tracker = new FrameTracker();
            var (at, found) = (0, new List<(int At, byte Opcode)>());
            for (var cut = 0; at < bytes.Length; cut++)
            {
                var piece = bytes.AsSpan(at, Math.Min(cuts[cut % cuts.Length], bytes.Length - at));
                while (!piece.IsEmpty)
                {
                    var taken = tracker.Take(piece);
                    Assert.InRange(taken, 1, piece.Length);
                    at += taken;
                    piece = piece[taken..];
                    if (tracker.AtBoundary) found.Add((at, tracker.Opcode));
                }
            }

            Assert.Equal(ends.Zip(frames, (end, frame) => (end, frame.Opcode)), found);
            Assert.False(tracker.Lost);
        }, iter: 200);

    [Theory]
    [InlineData("89 7E 00 80")]
    [InlineData("8A FE 00 7D 01 02 03 04")] // 125 bytes, in a field for more
    [InlineData("88 7F 00 00 00 00 00 00 00 02")]
    [InlineData("82 7F 80 00 00 00 00 00 00 01")]
    public void A_frame_that_breaks_the_rules_of_lengths_has_no_boundary_after_it(string hex)
    {
        var tracker = new FrameTracker();
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(bytes.Length, tracker.Take(bytes));
        Assert.True(tracker.Lost);
        Assert.Equal(3, tracker.Take([0x81, 1, 2]));
        Assert.False(tracker.AtBoundary);
    }

    [Fact]
    public void Only_the_very_answer_to_a_ping_of_the_hub_is_taken_for_one()
    {
        var ping = ControlFrames.Ping();
        Assert.Equal(10, ping.Length);
        byte[] mask = [1, 2, 3, 4];
        byte[] pong = [0x8A, 0x88, .. mask, .. ping[2..].Select((octet, i) => (byte)(octet ^ mask[i & 3]))];
        Assert.True(ControlFrames.Answers(pong, ping));
        Assert.False(ControlFrames.Answers(pong, ControlFrames.Ping()));
        Assert.False(ControlFrames.Answers(pong, []));
        pong[^1] ^= 1;
        Assert.False(ControlFrames.Answers(pong, ping));
        Assert.Equal([0x88, 9, 0x11, 0x33, .. "revoked"u8], ControlFrames.Close(Cut.Revoked));
    }

    [Fact]
    public void Chunks_give_the_same_body_wherever_the_stream_is_cut() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 300].Array[0, 8], Gen.Int[1, 50].Array[1, 20], Gen.Bool).Sample((chunks, cuts, trailers) =>
        {
            var text = string.Concat(chunks.Select((chunk, i) => $"{chunk.Length:X}{(i % 2 == 0 ? "" : ";a=b")}\r\n{chunk}\r\n"))
                + "0\r\n" + (trailers ? "X-Late: 1\r\nY: 2\r\n" : "") + "\r\n";
            var bytes = Encoding.ASCII.GetBytes(text + "HTTP/1.1");
            var reader = new ChunkedReader();
            var body = new List<byte>();
            var at = 0;
            for (var cut = 0; !reader.Over; cut++)
            {
                var piece = bytes.AsSpan(at, Math.Min(cuts[cut % cuts.Length], bytes.Length - at));
                while (!piece.IsEmpty && !reader.Over)
                {
                    var read = reader.Next(piece, out var data);
                    body.AddRange(data);
                    at += read;
                    piece = piece[read..];
                }
            }

            Assert.Equal(string.Concat(chunks), Encoding.ASCII.GetString([.. body]));
            Assert.Equal(text.Length, at);
        });

    [Theory]
    [InlineData("\r\n")]
    [InlineData("g\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloX\n0\r\n\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("11111111111111111\r\n")]
    [InlineData("0\r\nX: \u0001\r\n\r\n")]
    public void What_could_be_read_as_other_chunks_is_refused(string body) =>
        Assert.Throws<NotHttpException>(() =>
        {
            var reader = new ChunkedReader();
            for (ReadOnlySpan<byte> left = Encoding.ASCII.GetBytes(body); !left.IsEmpty && !reader.Over;) left = left[reader.Next(left, out _)..];
        });

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA : b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nSet-Cookie: c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    public void A_head_that_two_readers_could_read_differently_is_refused(string head) =>
        Assert.Throws<NotHttpException>(() => ResponseHead.Read(Encoding.Latin1.GetBytes(head), new Microsoft.AspNetCore.Http.HeaderDictionary()));

    private static byte[] Bytes((byte Opcode, int Length, bool Masked) frame)
    {
        var mask = (byte)(frame.Masked ? 0x80 : 0);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, frame.Length);
        byte[] size = frame.Length switch
        {
            < 126 => [(byte)(mask | frame.Length)],
            < 65_536 => [(byte)(mask | 126), .. length[6..]],
            _ => [(byte)(mask | 127), .. length],
        };
        return [(byte)(0x80 | frame.Opcode), .. size, .. new byte[frame.Masked ? 4 : 0], .. new byte[frame.Length]];
    }
}
