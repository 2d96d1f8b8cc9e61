using System.Text;
using BrowserTech.Playground.Runtimes;
using CsCheck;

namespace BrowserTech.Playground.Tests;

public sealed class OutputRingTests
{
    [Fact]
    public void Lines_are_numbered_from_one_and_a_begun_line_is_one_only_at_the_end()
    {
        var ring = new OutputRing();
        Add(ring, "one\ntwo\nthr");
        Assert.Equal((1L, "one,two"), Read(ring, 0));
        Assert.Equal((2L, "two"), Read(ring, 1));
        Assert.Equal(["one", "two", "thr"], ring.Last(10));
        Add(ring, "ee");
        ring.Finish();
        Assert.Equal((3L, "three"), Read(ring, 2));
        Assert.Equal(3, ring.Count);
    }

    [Fact]
    public void A_number_nobody_reached_belongs_to_another_program_and_counts_as_none()
    {
        var ring = new OutputRing();
        Add(ring, "one\n");
        Assert.Equal((1L, "one"), Read(ring, 99));
        Assert.Equal((1L, "one"), Read(ring, -5));
    }

    [Fact]
    public async Task Who_follows_is_woken_by_a_line_and_by_the_end()
    {
        var ring = new OutputRing();
        var (_, more) = ring.After(0);
        Add(ring, "half");
        Assert.False(more.IsCompleted);
        Add(ring, " a line\n");
        await more.Soon();
        (_, more) = ring.After(1);
        ring.Finish();
        await more.Soon();
    }

    [Fact]
    public void Whatever_is_written_the_numbers_follow_each_other_and_only_the_oldest_lines_are_missing() =>
        Gen.Select(Gen.Int[0, 500], Gen.Int[0, 600]).Sample((written, after) =>
        {
            var ring = new OutputRing();
            for (var i = 1; i <= written; i++) Add(ring, $"{i}\n");
            var (lines, _) = ring.After(after);
            var from = after > written ? 0 : after;
            Assert.Equal(Math.Max(from + 1, written - Math.Min(written, OutputRing.MaxLines) + 1), lines.First);
            Assert.Equal(written, lines.Last);
            Assert.Equal(Enumerable.Range((int)lines.First, lines.Lines.Count).Select(each => $"{each}"), lines.Lines);
        });

    private static (long First, string Lines) Read(OutputRing ring, long after)
    {
        var (lines, _) = ring.After(after);
        return (lines.First, string.Join(',', lines.Lines));
    }

    private static void Add(OutputRing ring, string text) => ring.Add(Encoding.UTF8.GetBytes(text));
}
