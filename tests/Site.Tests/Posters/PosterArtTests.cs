using BrowserTech.Site.Posters;
using CsCheck;
using SkiaSharp;

namespace BrowserTech.Site.Tests.Posters;

public class PosterArtTests
{
    public static TheoryData<int> EveryMotif => [.. Enumerable.Range(0, PosterArt.Motifs.Length)];

    [Fact]
    public void The_same_slug_gives_the_same_bytes()
    {
        Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-"], 1, 30].Sample(
            slug => PosterArt.RenderWebp(slug, 160, 80).AsSpan().SequenceEqual(PosterArt.RenderWebp(slug, 160, 80)), iter: 8);
    }

    [Fact]
    public void Different_slugs_give_different_posters()
    {
        var posters = Enumerable.Range(0, 24).Select(i => Convert.ToHexString(PosterArt.RenderWebp($"event-{i}", 160, 80))).ToList();
        Assert.Equal(posters.Count, posters.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Slugs_are_spread_over_every_motif()
    {
        var drawn = Enumerable.Range(0, 300).Select(i => PosterArt.MotifOf($"event-{i}").GetType()).Distinct().Count();
        Assert.Equal(PosterArt.Motifs.Length, drawn);
    }

    [Theory, MemberData(nameof(EveryMotif))]
    public void Every_motif_fills_every_size_that_is_served(int motif)
    {
        foreach (var size in PosterSize.All)
        {
            using var poster = PosterArt.Render("every-size", size.Width, size.Height, PosterArt.Motifs[motif]);
            Assert.Equal((size.Width, size.Height), (poster.Width, poster.Height));
            Assert.True(Brightness(poster, 0, 0, 1, 1).Highest > 90, $"{PosterArt.Motifs[motif].GetType().Name} at {size} is dark all over");
        }
    }

    [Theory, MemberData(nameof(EveryMotif))]
    public void The_corner_where_titles_go_is_calm_in_every_motif(int motif)
    {
        for (var i = 0; i < 4; i++)
        {
            using var poster = PosterArt.Render($"calm-{i}", 640, 320, PosterArt.Motifs[motif]);
            var corner = Brightness(poster, 0, .66f, .3f, 1);
            var rest = Brightness(poster, .4f, 0, 1, .7f);
            Assert.True(corner.Mean < 48, $"{PosterArt.Motifs[motif].GetType().Name}, calm-{i}: {corner.Mean} on average");
            Assert.True(corner.Deviation < 26, $"{PosterArt.Motifs[motif].GetType().Name}, calm-{i}: varies by {corner.Deviation}");
            Assert.True(corner.Mean < rest.Mean, $"{PosterArt.Motifs[motif].GetType().Name}, calm-{i}: brighter than the rest");
        }
    }

    [Fact]
    public void A_poster_weighs_no_more_than_a_photograph_would()
    {
        for (var i = 0; i < 4; i++)
            Assert.InRange(PosterArt.RenderWebp($"weight-{i}", 640, 320).Length, 2_000, 48_000);
    }

    [Theory]
    [InlineData(63, 320)]
    [InlineData(640, 0)]
    [InlineData(4097, 320)]
    public void Sizes_out_of_range_are_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PosterArt.Render("x", width, height));

    /// <summary>Luma from 0 to 255 of a part of the picture, in fractions of its sides.</summary>
    private static (double Mean, double Deviation, double Highest) Brightness(SKBitmap bitmap, float left, float top, float right, float bottom)
    {
        var values = new List<double>();
        for (var y = (int)(top * bitmap.Height); y < (int)(bottom * bitmap.Height); y += 2)
            for (var x = (int)(left * bitmap.Width); x < (int)(right * bitmap.Width); x += 2)
            {
                var c = bitmap.GetPixel(x, y);
                values.Add(.2126 * c.Red + .7152 * c.Green + .0722 * c.Blue);
            }
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), values.Max());
    }
}
