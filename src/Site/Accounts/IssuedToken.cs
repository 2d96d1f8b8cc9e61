using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Catalog;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BrowserTech.Site.Accounts;

/// <summary>What is kept of a token: enough to recognise it, to name it and to take it back, never the token.</summary>
public sealed class IssuedToken
{
    /// <summary>An <see cref="AccountTokenId"/>.</summary>
    public required string Id { get; set; }

    /// <summary>An <see cref="AccountName"/>.</summary>
    public required string Account { get; set; }

    /// <summary>What it is for, in the words of whoever made it; may be empty.</summary>
    public required string Label { get; set; }

    /// <summary>SHA-256 of the whole token, in hexadecimal.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset Created { get; set; }

    /// <summary>Null: it does not end by itself.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>The hour it was last used in: enough to see that nothing needs it any more, and no diary of its holder.</summary>
    public DateTimeOffset? LastUsed { get; set; }

    /// <summary>Null: it was not taken back.</summary>
    public DateTimeOffset? Revoked { get; set; }

    public bool Works(DateTimeOffset now) => Revoked is null && (Expires is null || now < Expires);

    internal static void Configure(EntityTypeBuilder<IssuedToken> token)
    {
        token.HasKey(row => row.Id);
        token.Property(row => row.Id).HasMaxLength(AccountTokenId.Length);
        token.Property(row => row.Account).HasMaxLength(45);
        token.Property(row => row.Label).HasMaxLength(AccountTokens.MaxLabel);
        token.Property(row => row.Hash).HasMaxLength(64);
    }
}
