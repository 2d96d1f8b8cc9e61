using BrowserTech.Site.Content;
using BrowserTech.Site.Content.Markdown;

namespace BrowserTech.Site.Tests.Content;

public sealed class MarkdownTests
{
    private readonly MarkdownRenderer _markdown = new();

    [Fact]
    public void A_demo_directive_stands_between_the_prose_around_it_with_its_caption()
    {
        var prose = Render("Before.\n\n:::demo session-backend\nYour *own* process.\n:::\n\nAfter.");
        Assert.Collection(prose.Parts,
            part => Assert.Equal("<p>Before.</p>", Html(part)),
            part =>
            {
                var demo = Assert.IsType<DemoPart>(part);
                Assert.Equal("session-backend", demo.Demo.Value);
                Assert.Equal("<p>Your <em>own</em> process.</p>", demo.CaptionHtml.Trim());
            },
            part => Assert.Equal("<p>After.</p>", Html(part)));
    }

    [Fact]
    public void A_demo_directive_without_a_name_is_reported_at_its_line()
    {
        var problems = new List<ContentProblem>();
        _markdown.Render("Text.\n\n:::demo\n:::\n", "talks/t.md", 6, problems);
        Assert.Equal(9, Assert.Single(problems).Line);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("<a href=\"data:text/html,x\">x</a>")]
    [InlineData("<p style=\"position:fixed\">x</p>")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>")]
    [InlineData("<form action=\"https://evil.example\"><input name=a></form>")]
    public void Nothing_that_could_act_gets_through(string markdown)
    {
        var html = string.Concat(Render(markdown).Parts.OfType<HtmlPart>().Select(p => p.Html));
        foreach (var banned in (string[])["<script", "onerror", "javascript:", "data:", "style=", "<iframe", "<form", "<input"])
            Assert.DoesNotContain(banned, html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Code_is_coloured_on_the_server_and_reachable_by_keyboard()
    {
        var html = Html(Render("```csharp\npublic int Answer = 42; // why\n```").Parts[0]);
        Assert.Contains("<span class=\"tok-k\">public int </span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tok-n\">42</span>", html, StringComparison.Ordinal);
        Assert.Contains("tok-c", html, StringComparison.Ordinal);
        Assert.Contains("tabindex=\"0\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_in_an_unknown_language_is_shown_as_it_is() =>
        Assert.Contains("a &lt; b", Html(Render("```klingon\na < b\n```").Parts[0]), StringComparison.Ordinal);

    [Fact]
    public void A_body_that_uses_the_first_heading_level_starts_one_lower() =>
        Assert.Contains("<h2 id=\"title\">Title</h2>", Html(Render("# Title").Parts[0]), StringComparison.Ordinal);

    private Prose Render(string markdown)
    {
        var problems = new List<ContentProblem>();
        var prose = _markdown.Render(markdown, "x.md", 0, problems);
        Assert.Empty(problems);
        return prose;
    }

    private static string Html(ProsePart part) => Assert.IsType<HtmlPart>(part).Html.Trim();
}
