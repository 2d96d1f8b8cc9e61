using BrowserTech.Newsletter.Subscriptions;
using CsCheck;
using MimeKit;

namespace BrowserTech.Newsletter.Tests.Subscriptions;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.org", "ada@example.org")]
    [InlineData("  ada@example.org ", "ada@example.org")]
    [InlineData("Ada.Lovelace+news@EXAMPLE.Org", "Ada.Lovelace+news@example.org")]
    [InlineData("o'brien@example.co.uk", "o'brien@example.co.uk")]
    [InlineData("ada@bücher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah")]
    public void A_plain_address_is_taken_with_its_domain_as_servers_use_it(string typed, string expected)
    {
        Assert.True(EmailAddress.TryParse(typed, out var address, out var reason), reason);
        Assert.Equal(expected, address.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ada")]
    [InlineData("@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("ada@example..org")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@example.123")]
    [InlineData("ada@[127.0.0.1]")]
    [InlineData("ada@127.0.0.1")]
    [InlineData("a da@example.org")]
    [InlineData(".ada@example.org")]
    [InlineData("ada.@example.org")]
    [InlineData("a..da@example.org")]
    [InlineData("\"ada\"@example.org")]
    [InlineData("ada@example.org, bob@example.org")]
    [InlineData("ada@example.org;bob@example.org")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org\r\nBcc: all@example.org")]
    [InlineData("ada\n@example.org")]
    [InlineData("ada@example.org\0")]
    [InlineData("ada@exam\tple.org")]
    [InlineData("adå@example.org")]
    [InlineData("ada@exa_mple.org")]
    [InlineData("ada@bob@example.org")]
    public void Everything_else_is_refused_in_words(string? typed)
    {
        Assert.False(EmailAddress.TryParse(typed, out _, out var reason));
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_has_at_most_254_characters_and_64_before_the_at()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 61), 3)) + ".org";
        Assert.True(EmailAddress.TryParse(new string('a', 254 - domain.Length - 1) + "@" + domain, out _, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 64) + "@" + domain + "x", out _, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 65) + "@example.org", out _, out _));
        Assert.False(EmailAddress.TryParse(new string('a', 1_000_000) + "@example.org", out _, out _));
    }

    [Fact]
    public void What_is_taken_can_stand_in_a_header_and_a_command_as_it_is_and_is_taken_again() =>
        Gen.String[Gen.Char["abAB01.+-_@ \r\n<>\"',;:()[]\\éü\u202e"], 1, 30].Sample(typed =>
        {
            if (!EmailAddress.TryParse(typed, out var address, out _)) return true;
            return address.Value.All(letter => letter is > ' ' and < '\u007f' and not ('<' or '>' or '"' or ',' or ';' or ':'))
                && EmailAddress.Parse(address.Value) == address
                && MailboxAddress.Parse(address.Value).Address == address.Value
                && !address.Normalized.Any(char.IsUpper);
        }, iter: 20_000);

    [Fact]
    public void A_spelling_in_other_case_is_the_same_address_but_dots_and_plus_signs_are_not_touched()
    {
        Assert.Equal(EmailAddress.Parse("ADA@example.org").Normalized, EmailAddress.Parse("ada@EXAMPLE.org").Normalized);
        Assert.NotEqual(EmailAddress.Parse("a.da@example.org").Normalized, EmailAddress.Parse("ada@example.org").Normalized);
        Assert.NotEqual(EmailAddress.Parse("ada+x@example.org").Normalized, EmailAddress.Parse("ada@example.org").Normalized);
    }

    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Ada \t Lovelace ", "Ada Lovelace")]
    [InlineData("Ada\r\nBcc: all@example.org", "Ada Bcc: all@example.org")]
    [InlineData("Ada\u202Egnp.exe", "Adagnp.exe")]
    [InlineData("\0\a", null)]
    [InlineData("山田 太郎", "山田 太郎")]
    [InlineData("👩🏽‍💻", "👩🏽‍💻")]
    [InlineData("", null)]
    public void A_name_is_one_line_without_control_characters(string typed, string? expected) =>
        Assert.Equal(expected, PersonName.Clean(typed));

    [Fact]
    public void A_name_is_cut_between_letters_and_not_inside_one() =>
        Assert.Equal(string.Concat(Enumerable.Repeat("👩", 50)), PersonName.Clean(string.Concat(Enumerable.Repeat("👩", 80))));
}
