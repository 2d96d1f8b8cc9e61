using BrowserTech.Site.Posters;
using SkiaSharp;

namespace BrowserTech.Site.Tests.Posters;

public class OpenGraphPosterTests
{
    [Fact]
    public void The_picture_has_the_size_readers_expect()
    {
        using var picture = SKBitmap.Decode(OpenGraphPoster.Render("og-0", "GPU night: interfaces without the DOM", "New York"));
        Assert.Equal((1200, 630), (picture.Width, picture.Height));
    }

    [Fact]
    public void Another_title_gives_another_picture() =>
        Assert.NotEqual(OpenGraphPoster.Render("og-0", "One", null), OpenGraphPoster.Render("og-0", "Two", null));

    [Fact]
    public void A_short_title_is_set_large_on_one_line()
    {
        var (size, lines) = OpenGraphPoster.Fit("Playground");
        Assert.Equal(96, size);
        Assert.Equal(["Playground"], lines);
    }

    [Fact]
    public void A_longer_title_keeps_all_its_words_on_at_most_three_lines()
    {
        const string Title = "Ten million points on the screen: is it your graphics card that draws them, or ours?";
        var (_, lines) = OpenGraphPoster.Fit(Title);
        Assert.InRange(lines.Count, 2, 3);
        Assert.Equal(Title, string.Join(' ', lines));
    }

    [Fact]
    public void A_title_that_is_too_long_ends_in_an_ellipsis()
    {
        var (_, lines) = OpenGraphPoster.Fit(string.Join(' ', Enumerable.Repeat("unreasonable", 40)));
        Assert.Equal(3, lines.Count);
        Assert.EndsWith("…", lines[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft")]
    [InlineData("東京 🎛️ 👩‍🚀 \u202eabc")]
    public void Titles_nobody_expected_are_set_too(string title) => Assert.NotEmpty(OpenGraphPoster.Render("og-0", title, title));
}
