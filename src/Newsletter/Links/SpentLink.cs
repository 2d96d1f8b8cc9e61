using System.Security.Cryptography;
using System.Text;
using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BrowserTech.Newsletter.Links;

/// <summary>A single-use link that was used, as the SHA-256 of its token: the table is of no use to who reads it.</summary>
public sealed class SpentLink
{
    /// <summary>The row.</summary>
    public long Id { get; set; }

    /// <summary>SHA-256 of the token, 64 hexadecimal digits.</summary>
    public required string TokenHash { get; set; }

    /// <summary>When it was used.</summary>
    public DateTimeOffset SpentAt { get; set; }

    internal static void Configure(EntityTypeBuilder<SpentLink> link)
    {
        link.Property(row => row.TokenHash).HasMaxLength(64);
        link.HasIndex(row => row.TokenHash).IsUnique();
        link.HasIndex(row => row.SpentAt);
    }
}

/// <summary>Using a link up.</summary>
public static class SpentLinkExtensions
{
    /// <summary>
    /// Marks a token as used, inside the caller's change. False if it was used before: then do nothing.
    /// Check the token with <see cref="SignedLinks"/> first.
    /// </summary>
    public static async Task<bool> SpendAsync(
        this NewsletterDb db, string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        var spentAt = now.ToUnixTimeMilliseconds();

        // The unique index decides, also between two machines: no read comes before it that could be out of date.
        var added = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO spent_links (token_hash, spent_at) VALUES ({hash}, {spentAt}) ON CONFLICT DO NOTHING",
            cancellationToken);
        return added == 1;
    }

    /// <summary>Whether a token was used up before.</summary>
    public static Task<bool> IsSpentAsync(this NewsletterDb db, string token, CancellationToken cancellationToken)
    {
        var hash = Hash(token);
        return db.SpentLinks.AnyAsync(link => link.TokenHash == hash, cancellationToken);
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
