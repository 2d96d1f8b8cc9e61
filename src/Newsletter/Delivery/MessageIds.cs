using System.Security.Cryptography;
using System.Text;
using BrowserTech.Newsletter.Outbox;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// A Message-ID that depends on the row alone: the same at every attempt, so that a mail that arrives twice after a kill can be
/// recognised as one (RFC 5322: same identifier, same message). It tells nothing about the recipient.
/// </summary>
public static class MessageIds
{
    /// <summary>The identifier without its brackets.</summary>
    public static string For(OutboxMail mail, string domain)
    {
        // The time and address keep it apart from a row with this number in another database, for example one begun anew.
        var row = $"{mail.Kind}\n{mail.Id}\n{mail.Created.ToUnixTimeMilliseconds()}\n{mail.RecipientAddress}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(row));
        var what = mail.IssueNumber is { } issue ? $"digest-{issue}" : mail.Kind;
        return $"{what}.{Convert.ToHexStringLower(hash.AsSpan(0, 12))}@{domain}";
    }
}
