using BrowserTech.RemoteCanvas.Wire;
using CsCheck;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class WireTests
{
    [Fact]
    public void A_frame_header_that_was_written_is_read_as_it_was() =>
        Gen.Select(Gen.Enum<Codec>(), Gen.Bool, Gen.Bool, Gen.UInt, Gen.UShort, Gen.Int[0, 65535]).Sample((codec, key, complete, number, side, tenths) =>
        {
            var header = new FrameHeader
            {
                Codec = codec, IsKey = key, IsComplete = complete, HasDescription = !key, Stream = (byte)number, Number = number, Input = ~number, Width = side, Height = 65535 - side,
                Begun = number / 7.0, Rendering = tenths / 10.0, Encoding = (65535 - tenths) / 10.0, Drawn = number ^ 77, AskedWidth = 65535 - side, AskedHeight = side,
            };
            var bytes = new byte[FrameHeader.Bytes];
            header.Write(bytes);
            Assert.True(FrameHeader.TryRead(bytes, out var read));
            Assert.Equal(header, read);
            Assert.False(FrameHeader.TryRead(bytes.AsSpan(0, FrameHeader.Bytes - 1), out _));
        });

    [Fact]
    public void Whatever_is_sent_is_read_or_refused_with_a_reason_and_never_breaks_anything() =>
        Gen.Byte.Array[0, 64].Sample(bytes => Assert.Equal(ClientMessage.TryRead(bytes, out _, out var why), why.Length == 0));

    [Theory]
    [InlineData(new byte[] { 1, 3, 0, 0, 0, 0, 208, 2 }, "has no 0 × 720 pixels")]
    [InlineData(new byte[] { 1, 1, 0, 0, 0, 5, 208, 2 }, "JPEG, WebP or PNG")]
    [InlineData(new byte[] { 1, 3, 9, 0, 0, 5, 208, 2 }, "no such quality")]
    [InlineData(new byte[] { 9 }, "No message is of kind 9")]
    [InlineData(new byte[] { 2, 0 }, "has 8 bytes, not 2")]
    [InlineData(new byte[] { 5, 1, 0, 0, 0, 0, 0, 0, 10 }, "letters and digits")]
    public void What_makes_no_sense_is_refused_in_words(byte[] bytes, string reason)
    {
        Assert.False(ClientMessage.TryRead(bytes, out _, out var why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pointer_that_is_no_number_is_refused()
    {
        var bytes = new byte[28];
        bytes[0] = 4;
        BitConverter.TryWriteBytes(bytes.AsSpan(12), float.NaN);
        Assert.False(ClientMessage.TryRead(bytes, out _, out _));
    }
}
