using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Tests.Storage;
using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Newsletter.Tests.Links;

public sealed class SignedLinksTests
{
    private static readonly LinkPurpose Confirm = new("confirm");
    private static readonly LinkPurpose Unsubscribe = new("unsubscribe");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 5, 0, 30, TimeSpan.Zero));
    private readonly SignedLinks _links;

    public SignedLinksTests() => _links = new SignedLinks(new EphemeralDataProtectionProvider(), _clock);

    [Fact]
    public void A_token_is_read_for_its_purpose_and_for_no_other()
    {
        var token = _links.Create(Confirm, "42.1", null);

        Assert.True(_links.TryRead(Confirm, token, out var subject));
        Assert.Equal("42.1", subject);
        Assert.False(_links.TryRead(Unsubscribe, token, out _));
    }

    [Fact]
    public void A_token_expires_and_says_so()
    {
        var token = _links.Create(Confirm, "42", _clock.GetUtcNow().AddHours(1));

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(LinkState.Valid, _links.Read(Confirm, token, out _));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(LinkState.Expired, _links.Read(Confirm, token, out var subject));
        Assert.Null(subject);
    }

    [Fact]
    public void No_altered_token_is_read()
    {
        var token = _links.Create(Confirm, "42", null);
        Gen.Select(Gen.Int[0, token.Length - 1], Gen.Char["ABCxyz012-_"]).Sample(change =>
        {
            var (position, letter) = change;
            if (token[position] == letter) return true;
            var altered = token[..position] + letter + token[(position + 1)..];

            // The last letter of base64 carries bits that no byte uses: changing only those is the same token.
            return !_links.TryRead(Confirm, altered, out var subject) || (position == token.Length - 1 && subject == "42");
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("!!!")]
    [InlineData("AAAA")]
    [InlineData("CfDJ8")]
    public void Noise_is_not_a_token(string? noise) => Assert.False(_links.TryRead(Confirm, noise, out _));

    [Fact]
    public void A_huge_token_is_refused_before_it_is_decoded() =>
        Assert.False(_links.TryRead(Confirm, new string('A', 1_000_000), out _));

    [Fact]
    public void Tokens_of_another_key_ring_are_refused() =>
        Assert.False(_links.TryRead(Confirm,
            new SignedLinks(new EphemeralDataProtectionProvider(), _clock).Create(Confirm, "42", null), out _));

    [Fact]
    public void A_token_is_short_enough_for_one_line_of_a_mail() =>
        Assert.InRange(_links.Create(Unsubscribe, "1234567", null).Length, 1, 150);

    [Theory, OnBothDatabases]
    public async Task A_single_use_link_is_spent_once_however_many_try_at_the_same_time(Database kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var token = _links.Create(Confirm, "42", null);

        var spent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
            database.Store.ChangeAsync((db, cancel) => db.SpendAsync(token, _clock.GetUtcNow(), cancel)))));

        Assert.Equal(1, spent.Count(first => first));
        var row = await database.Store.ReadAsync((db, cancel) => db.SpentLinks.SingleAsync(cancel));
        Assert.DoesNotContain(token, row.TokenHash, StringComparison.Ordinal);
        Assert.Equal(_clock.GetUtcNow(), row.SpentAt);
    }
}
