using System.Buffers.Binary;
using BrowserTech.RemoteCanvas.Encoding;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class FlvReaderTests
{
    [Fact]
    public void However_the_stream_is_cut_into_pieces_the_same_pictures_come_out_each_as_soon_as_it_is_whole() =>
        Gen.Select(Gen.Byte.Array[1, 300].List[1, 12], Gen.Int[1, 400].List[1, 40]).Sample((pictures, pieces) =>
        {
            var (stream, ends) = Stream(pictures);
            var reader = new FlvReader();
            var units = new List<(bool IsKey, ReadOnlyMemory<byte> Unit)>();
            for (var (at, piece) = (0, 0); at < stream.Length; piece++)
            {
                var length = Math.Min(pieces[piece % pieces.Count], stream.Length - at);
                reader.Add(stream.AsSpan(at, length), units);
                at += length;
                Assert.Equal(ends.Count(end => end <= at), units.Count);
            }

            Assert.Equal(pictures, units.Select(unit => unit.Unit.ToArray()));
            Assert.Equal(pictures.Select((_, i) => i == 0), units.Select(unit => unit.IsKey));
            Assert.Equal([1, 2, 3, 4], reader.Description.ToArray());
        });

    [Fact]
    public void What_is_no_such_stream_is_refused() => Gen.Byte.Array[13, 200].Sample(bytes =>
    {
        bytes[0] = (byte)'X';
        Assert.Throws<EncoderException>(() => new FlvReader().Add(bytes, []));
    });

    /// <summary>A stream with a description and these pictures, and where each of them ends.</summary>
    private static (byte[] Bytes, List<int> Ends) Stream(List<byte[]> pictures)
    {
        var bytes = new List<byte>([.. "FLV"u8, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);
        var ends = new List<int>();
        Tag(18, [1, 2, 3]);
        Tag(9, [0x17, 0, 0, 0, 0, 1, 2, 3, 4]);
        foreach (var picture in pictures)
        {
            Tag(9, [(byte)(ends.Count == 0 ? 0x17 : 0x27), 1, 0, 0, 0, .. picture]);
            ends.Add(bytes.Count);
        }

        return ([.. bytes], ends);

        void Tag(byte type, byte[] content)
        {
            var size = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(size, 11 + content.Length);
            bytes.AddRange([type, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, 0, 0, 0, 0, 0, 0, 0, .. content, .. size]);
        }
    }
}
