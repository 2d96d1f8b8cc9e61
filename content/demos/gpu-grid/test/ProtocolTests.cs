using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What a page may say, what it may not, and what it is told.</summary>
public sealed class ProtocolTests
{
    private static readonly EventLog Log = new(20_000);

    [Fact]
    public void Whatever_bytes_come_they_are_a_request_within_bounds_or_none() =>
        Gen.Select(Gen.Byte[0, 7], Gen.Byte.Array[0, 400]).Sample((first, rest) =>
        {
            byte[] message = [first, .. rest];
            switch (Request.Read(message, out var why))
            {
                case null: Assert.NotEqual("", why); break;
                case Want want: Assert.InRange(want.Pages.Length, 0, Request.MaxPages); break;
                case Show show: Assert.InRange(Encoding.UTF8.GetByteCount(show.Filter), 0, 4 * Filter.MaxLength); break;
                case Bins bins:
                    Assert.InRange(bins.Count, 1, Request.MaxBins);
                    Assert.True(bins.From < bins.To && bins.Strip < 2);
                    break;
                case Locate locate: Assert.True(double.IsFinite(locate.Time)); break;
                case Copy copy: Assert.InRange(copy.Ranges.Length, 0, 2 * Request.MaxRanges); break;
            }
        }, iter: 20_000);

    [Fact]
    public void A_message_that_is_cut_or_has_more_is_none()
    {
        byte[][] good = [Want(1, 2, 3, 4), Bins(0, 10, 0, 100), Locate(5), Copy(0, 4, 6, 9)];
        foreach (var message in good)
        {
            Assert.NotNull(Request.Read(message, out _));
            Assert.Null(Request.Read([.. message, 0], out _));
            for (var length = 0; length < message.Length; length++) Assert.Null(Request.Read(message.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void What_has_no_sense_is_refused()
    {
        Assert.Null(Request.Read(Bins(0, 0, 0, 100), out _));
        Assert.Null(Request.Read(Bins(0, Request.MaxBins + 1, 0, 100), out _));
        Assert.Null(Request.Read(Bins(2, 10, 0, 100), out _));
        Assert.Null(Request.Read(Bins(0, 10, 100, 100), out _));
        Assert.Null(Request.Read(Bins(0, 10, double.NaN, 100), out _));
        Assert.Null(Request.Read(Locate(double.PositiveInfinity), out _));
        Assert.Null(Request.Read(Copy(4, 0), out _));
        Assert.Null(Request.Read(Copy(0, 5, 5, 9), out _));
        Assert.Null(Request.Read(Copy(0, uint.MaxValue), out _));
        Assert.Null(Request.Read([2, 0, 0, 0, 1, 0, 0, 0, 0xC3, 0x28], out _));
        Assert.Null(Request.Read([], out _));
    }

    [Fact]
    public void A_page_has_its_rows_column_by_column()
    {
        var (view, buffer) = (new View(Log, 3, null), new byte[Replies.PageHead + Request.PageRows * Replies.RowBytes]);
        var length = Replies.Page(Log, view, view.Id, 2, number: 9, buffer);
        Assert.Equal(Replies.PageHead + 256 * 34, length);
        Assert.Equal(256, BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(2)));
        var zero = BinaryPrimitives.ReadDoubleLittleEndian(buffer.AsSpan(16));
        for (var i = 0; i < 256; i++)
        {
            var row = Log.Row(512 + i);
            Assert.Equal((uint)row.Id, BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(32 + 4 * i)));
            Assert.Equal(row.Time, zero + BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(32 + 4 * 256 + 4 * i)));
            Assert.Equal(row.Micros, BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(32 + 8 * 256 + 4 * i)));
            Assert.Equal(row.Kind, buffer[32 + 20 * 256 + i]);
            Assert.Equal(row.Station, buffer[32 + 21 * 256 + i]);
        }
    }

    [Fact]
    public void The_last_page_has_what_is_left_and_those_behind_it_nothing()
    {
        var (view, buffer) = (new View(Log, 0, null), new byte[Replies.PageHead + Request.PageRows * Replies.RowBytes]);
        Assert.Equal(Replies.PageHead + 20_000 % 256 * Replies.RowBytes, Replies.Page(Log, view, 0, 20_000 / 256, 1, buffer));
        Assert.Equal(Replies.PageHead, Replies.Page(Log, view, 0, 20_000 / 256 + 1, 2, buffer));
        Assert.Equal(Replies.PageHead, Replies.Page(Log, view, 0, uint.MaxValue, 3, buffer));
        Assert.Equal(Replies.PageHead, Replies.Page(Log, null, 0, 0, 4, buffer));
    }

    [Fact]
    public void Of_pages_the_newest_wish_counts_and_no_more_than_a_window_is_under_way()
    {
        var outbox = new Outbox();
        outbox.Put(new Want(0, 0, [1, 2, 3]));
        Assert.Equal(1u, outbox.TakePage()!.Value.Page);
        outbox.Put(new Want(0, 0, [50, 1, 51]));
        // What was scrolled past is never sent, and what is on its way not twice.
        Assert.Equal(50u, outbox.TakePage()!.Value.Page);
        Assert.Equal(51u, outbox.TakePage()!.Value.Page);
        Assert.Null(outbox.TakePage());

        outbox.Put(new Want(0, 3, [.. Enumerable.Range(100, 20).Select(page => (uint)page)]));
        for (var i = 0; i < Outbox.Window; i++) Assert.Equal(4u + (uint)i, outbox.TakePage()!.Value.Number);
        Assert.Null(outbox.TakePage());
        // Claiming to have received what was never sent opens nothing for later.
        outbox.Put(new Want(0, uint.MaxValue, [200]));
        Assert.Equal(200u, outbox.TakePage()!.Value.Page);
    }

    [Fact]
    public void Of_everything_else_too_only_the_newest_is_kept()
    {
        var outbox = new Outbox();
        for (uint i = 0; i < 10_000; i++)
        {
            outbox.Put(new Locate(0, i, i));
            outbox.Put(new Bins(1, 10, 0, i, i + 1));
            outbox.PutWrong(i, "no");
        }

        Assert.Equal(9999u, outbox.TakeLocate()!.Token);
        Assert.Null(outbox.TakeLocate());
        Assert.Equal(9999, outbox.TakeBins(1)!.From);
        Assert.Null(outbox.TakeBins(0));
        Assert.Equal(9999u, outbox.TakeWrong()!.Value.View);
        outbox.Put(new Want(0, 0, [1]));
        outbox.Clear();
        Assert.Null(outbox.TakePage());
    }

    internal static byte[] Want(uint view, uint received, params uint[] pages) => [1, (byte)pages.Length, 0, 0, .. Numbers([view, received, .. pages])];

    internal static byte[] Show(uint view, string filter) => [2, 0, 0, 0, .. Numbers([view]), .. Encoding.UTF8.GetBytes(filter)];

    internal static byte[] Bins(byte strip, int count, double from, double to)
    {
        var message = new byte[24];
        (message[0], message[1]) = (3, strip);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), (ushort)count);
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(8), from);
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(16), to);
        return message;
    }

    internal static byte[] Locate(double time)
    {
        var message = new byte[20];
        message[0] = 4;
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(12), time);
        return message;
    }

    internal static byte[] Copy(params uint[] ranges) => [5, (byte)(ranges.Length / 2), 0, 0, .. Numbers([0, 7, .. ranges])];

    private static byte[] Numbers(uint[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), numbers[i]);
        return bytes;
    }
}
