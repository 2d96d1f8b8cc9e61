using System.Text;
using BrowserTech.Newsletter.Writing;

namespace BrowserTech.Newsletter.Tests.Writing;

public sealed class MailWriterTests
{
    private static readonly Uri Web = new("https://browsertech.example/digest/12");

    private static MailContent Digest => Samples.Writer.Write(Samples.Issue, Web,
        new Uri("https://browsertech.example/digest/unsubscribe/TOKEN"), new Uri("https://browsertech.example/digest/manage/TOKEN"));

    [Fact]
    public async Task Samples_are_written_for_looking_at()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "mail-samples"));
        foreach (var (name, mail) in new[] { ("digest", Digest), ("rsvp", Samples.Writer.Write(Samples.Rsvp)) })
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name + ".html"), mail.Html);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, name + ".txt"), mail.Text);
            Assert.InRange(Encoding.UTF8.GetByteCount(mail.Html), 1000, 20_000);
        }
    }

    [Fact]
    public void Both_wrappers_say_language_and_direction_and_layout_tables_are_presentation()
    {
        var html = Digest.Html;

        Assert.Contains("<html lang=\"en\" dir=\"ltr\">", html, StringComparison.Ordinal);
        Assert.Contains("<div class=\"g\" lang=\"en\" dir=\"ltr\"", html, StringComparison.Ordinal);
        Assert.Equal(4, html.Split("<table").Length - 1);
        Assert.Equal(3, html.Split("<table role=\"presentation\"").Length - 1);
        Assert.Single(html.Split("<h1")[1..]);
        Assert.DoesNotContain("<h4", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_out_is_near_the_top_and_at_the_foot_of_both_parts()
    {
        const string leave = "https://browsertech.example/digest/unsubscribe/TOKEN";
        var (html, text) = (Digest.Html, Digest.Text);

        Assert.True(html.IndexOf(leave, StringComparison.Ordinal) < html.IndexOf("<h1", StringComparison.Ordinal));
        Assert.Equal(2, html.Split(leave).Length - 1);
        Assert.Equal(2, text.Split(leave).Length - 1);
        Assert.DoesNotContain('\u0001', html + text);
    }

    [Fact]
    public void Markup_and_dangerous_links_in_an_issue_are_only_text()
    {
        var html = Digest.Html;

        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Single(html.Split("a trap")[1..]);
    }

    [Fact]
    public void Relative_links_start_at_the_site_and_ours_say_newsletter_for_everybody_alike()
    {
        var html = Digest.Html;

        Assert.Contains("\"https://browsertech.example/playground?utm_source=newsletter\"", html, StringComparison.Ordinal);
        Assert.Contains("\"https://browsertech.example/posters/point-cloud.png\"", html, StringComparison.Ordinal);
        Assert.Contains("\"https://example.com/gpu?a=1&amp;b=2\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_part_reads_as_text()
    {
        var text = Digest.Text;

        Assert.Contains("What to read\n------------\n", text, StringComparison.Ordinal);
        Assert.Contains("go straight to the playground (https://browsertech.example/playground?utm_source=newsletter)",
            text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("- Scaling DuckDB in the browser\n", text, StringComparison.Ordinal);
        Assert.Contains("in the tab | 10,000,000 | 840 ms", text, StringComparison.Ordinal);
        Assert.Contains("> The fastest frame", text, StringComparison.Ordinal);
        Assert.Contains("    const socket", text, StringComparison.Ordinal);
        Assert.Contains("[A terrain of points, coloured by height]", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n').Where(line => !line.Contains("https:", StringComparison.Ordinal) && !line.StartsWith("    ", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 72));
    }

    [Fact]
    public void What_people_typed_is_encoded_in_the_html_and_plain_in_the_text()
    {
        var mail = Samples.Writer.Write(Samples.Rsvp);

        Assert.Contains("Grace &lt;grace@example.org&gt; &amp; co", mail.Html, StringComparison.Ordinal);
        Assert.Contains("Grace <grace@example.org> & co", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Change or cancel:\nhttps://browsertech.example/rsvp/abc", mail.Text, StringComparison.Ordinal);
    }
}
