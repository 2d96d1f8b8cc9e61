using System.Text;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using CsCheck;

namespace BrowserTech.Playground.Tests;

public sealed class NamesTests
{
    [Fact]
    public void A_backend_id_is_a_dns_label_and_is_read_back()
    {
        var id = BackendId.New();
        Assert.Matches("^be-[a-z0-9]{16}$", id.Value);
        Assert.Equal(id, BackendId.Parse(id.Value));
        Assert.NotEqual(id, BackendId.New());
    }

    [Theory]
    [InlineData("")]
    [InlineData("be-")]
    [InlineData("be-ABCDEFGHJKMNPQRS")]
    [InlineData("be-0123456789abcde/")]
    [InlineData("ct-0123456789abcdef")]
    [InlineData("be-0123456789abcdef0")]
    public void What_is_not_a_backend_id_is_refused(string text)
    {
        Assert.False(BackendId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => BackendId.Parse(text));
    }

    [Fact]
    public void No_text_at_all_breaks_the_parsers() =>
        Gen.String.Sample(text =>
        {
            Assert.False(BackendId.TryParse(text, out _));
            Assert.False(ConnectionToken.TryParse(text, out _));
            if (BackendKey.TryParse(text, out var key)) Assert.Equal(text, key.Value);
            if (ServiceName.TryParse(text, out var name)) Assert.Equal(text, name.Value);
        });

    [Fact]
    public void A_token_does_not_show_itself_when_it_is_printed()
    {
        var token = ConnectionToken.New();
        Assert.True(ConnectionToken.TryParse(token.Value, out var read) && read == token);
        Assert.DoesNotContain(token.Value[5..], $"{token}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("point-cloud", true)]
    [InlineData("a", true)]
    [InlineData("-a", false)]
    [InlineData("a--b", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("../x", false)]
    public void Service_names_are_slugs(string text, bool valid)
    {
        Assert.Equal(valid, ServiceName.TryParse(text, out _));
        Assert.Equal(valid, AccountName.TryParse(text, out _));
    }

    [Fact]
    public void The_output_ring_keeps_the_last_lines_and_is_bounded_whatever_comes()
    {
        var ring = new OutputRing();
        ring.Add("first\nsec"u8);
        ring.Add("ond\r\nthi\u001b[31mrd"u8);
        Assert.Equal(["first", "second", "thi\uFFFD[31mrd"], ring.Last(10));
        Assert.Equal(["thi\uFFFD[31mrd"], ring.Last(1));
        for (var i = 0; i < 10; i++) ring.Add(Encoding.UTF8.GetBytes(new string('x', 100_000)));
        Assert.True(ring.Last(int.MaxValue).Sum(line => line.Length) < OutputRing.MaxLines * OutputRing.MaxLineLength);
        for (var i = 0; i < 10_000; i++) ring.Add("y\n"u8);
        Assert.Equal(OutputRing.MaxLines, ring.Last(int.MaxValue).Count);
    }

    [Fact]
    public void A_character_split_between_two_reads_is_whole_again()
    {
        var ring = new OutputRing();
        var bytes = Encoding.UTF8.GetBytes("für\n");
        ring.Add(bytes.AsSpan(0, 2));
        ring.Add(bytes.AsSpan(2));
        Assert.Equal(["für"], ring.Last(1));
    }
}
