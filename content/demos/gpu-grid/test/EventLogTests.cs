using CsCheck;

namespace BrowserTech.Demos.GpuGrid;

public sealed class EventLogTests
{
    private static readonly EventLog Log = new(300_000);

    [Theory]
    [InlineData("{t} and a very long story that goes on and on, about nothing in particular, with nobody in it, until whoever reads it has forgotten how it began and why it was told at all")]
    [InlineData("{n:0-9} {n:0-9} {n:0-9} {n:0-9}")]
    public void A_text_that_could_become_longer_than_there_is_room_for_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => new Template(Catalogue.Systems[0], default, 1, 1, 1, default, text));

    [Fact]
    public void A_row_is_the_same_whenever_it_is_asked_for()
    {
        var again = new EventLog(300_000);
        Gen.Int[0, Log.Rows - 1].Sample(row => Log.Row(row) == again.Row(row) && Log.Key(row) == again.Key(row));
        Assert.NotEqual(Log.Row(5).Bits, new EventLog(300_000, seed: 7).Row(5).Bits);
    }

    [Fact]
    public void Time_never_goes_back()
    {
        for (var row = 1; row < Log.Rows; row++) Assert.True(Log.Times.TimeOf(row) >= Log.Times.TimeOf(row - 1), $"at row {row}");
        Assert.InRange(Log.Times.TimeOf(0), Log.Times.Start, Log.Times.End);
        Assert.InRange(Log.Times.TimeOf(Log.Rows - 1), Log.Times.Start, Log.Times.End - 1);
    }

    [Fact]
    public void The_row_at_a_time_is_the_first_that_is_not_before_it() =>
        Gen.Double[Log.Times.Start - 1e6, Log.Times.End + 1e6].Sample(time =>
        {
            var row = Log.Times.RowAt(time);
            return (row == Log.Rows || Log.Times.TimeOf(row) >= time) && (row == 0 || Log.Times.TimeOf(row - 1) < time);
        });

    [Fact]
    public void Ten_million_rows_are_in_order_too_and_every_kind_of_them_occurs()
    {
        var log = new EventLog();
        Assert.Equal(10_000_000, log.Rows);
        var kinds = new int[Catalogue.Templates.Length];
        for (var row = 0; row < log.Rows; row += 61)
        {
            kinds[log.Key(row).Kind]++;
            if (row > 0) Assert.True(log.Times.TimeOf(row) >= log.Times.TimeOf(row - 1));
        }

        Assert.DoesNotContain(0, kinds);
    }

    [Fact]
    public void Every_text_fits_into_the_room_that_is_made_for_it_and_every_value_into_what_it_travels_in()
    {
        var message = new char[Template.MaxText];
        foreach (var template in Catalogue.Templates)
        {
            Assert.InRange(template.Slots.Length, 0, Template.MaxSlots);
            foreach (var extreme in new Func<Slot, int>[] { slot => slot.Low, slot => slot.High })
            {
                var values = template.Slots.Select(extreme).ToArray();
                Assert.InRange(template.Write(values, message), 1, Template.MaxText);
                foreach (var (slot, value) in template.Slots.Zip(values))
                {
                    // Sixteen bits: with a sign, except where they are shown as bits.
                    Assert.InRange(value, slot.Kind == 'x' ? 0 : short.MinValue, slot.Kind == 'x' ? ushort.MaxValue : short.MaxValue);
                    Assert.InRange(slot.Fill(0), slot.Low, slot.High);
                    Assert.Equal(slot.High, slot.Fill(0xFFFF));
                }
            }
        }
    }

    [Fact]
    public void The_serious_rows_are_marked()
    {
        for (var row = 0; row < Log.Rows; row++)
        {
            var level = Log.Row(row).Template.Level;
            Assert.Equal(level == Level.Warn, Log.Warnings.Has(row));
            Assert.Equal(level == Level.Error, Log.Errors.Has(row));
        }
    }

    [Fact]
    public void Among_some_rows_the_kth_is_found_and_counted_as_in_a_list() =>
        Gen.Select(Gen.Int[1, 20_000], Gen.Int[0, 40]).Select((rows, every) => (rows, every)).Sample(given =>
        {
            var (bits, list) = (new RowBits(given.rows), new List<int>());
            for (var row = 0; row < given.rows; row++)
            {
                if (given.every == 0 || Hash.Of(9, (ulong)row) % (ulong)given.every != 0) continue;
                bits.Set(row);
                list.Add(row);
            }

            for (var block = 0; block < bits.Blocks; block++) bits.Publish();
            Assert.Equal(list.Count, bits.Count);
            for (var i = 0; i < list.Count; i++) Assert.Equal(list[i], bits.Select(i));
            foreach (var row in new[] { 0, given.rows / 3, given.rows - 1, given.rows })
            {
                Assert.Equal(list.Count(each => each < row), bits.Rank(row));
                Assert.Equal(list.Count(each => each >= row / 2 && each < row), bits.CountBetween(row / 2, row));
            }
        }, iter: 60);
}
