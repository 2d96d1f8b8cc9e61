using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace BrowserTech.Newsletter.Links;

/// <summary>
/// Authority in a link. A token carries a subject (for example a subscriber's number) for one purpose, with or without an expiry,
/// encrypted and signed by ASP.NET Core Data Protection; who holds it may do that one thing, on any device, without a
/// session. Nothing about a token is stored. The payload is bytes, not JSON, because a token travels in mail and is
/// sometimes typed: four bytes of expiry and the subject.
/// </summary>
public sealed class SignedLinks(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int MaximumTokenLength = 1024;
    private const int ExpiryLength = 4;
    private readonly IDataProtector _links = protection.CreateProtector("BrowserTech.Links.1");

    /// <summary>A token for a URL path. The expiry is rounded up to a whole minute.</summary>
    /// <param name="purpose">The only purpose it can be read for.</param>
    /// <param name="subject">Whom or what it is about; kept short, it decides the length of the token.</param>
    /// <param name="expires">When it ends; null never.</param>
    public string Create(LinkPurpose purpose, string subject, DateTimeOffset? expires)
    {
        var payload = new byte[ExpiryLength + Encoding.UTF8.GetByteCount(subject)];
        BinaryPrimitives.WriteUInt32BigEndian(payload, expires is { } end ? Minutes(end) : 0);
        Encoding.UTF8.GetBytes(subject, payload.AsSpan(ExpiryLength));
        return WebEncoders.Base64UrlEncode(Protector(purpose).Protect(payload));
    }

    /// <summary>Reads a token of ours. Anything altered, expired, or made for another purpose is refused.</summary>
    public bool TryRead(LinkPurpose purpose, string? token, [NotNullWhen(true)] out string? subject) =>
        Read(purpose, token, out subject) == LinkState.Valid;

    /// <summary>As <see cref="TryRead"/>, saying why not: a page can offer a fresh link for one that expired.</summary>
    public LinkState Read(LinkPurpose purpose, string? token, out string? subject)
    {
        subject = null;
        if (token is not { Length: > 0 and <= MaximumTokenLength }) return LinkState.Invalid;
        byte[] payload;
        try
        {
            payload = Protector(purpose).Unprotect(WebEncoders.Base64UrlDecode(token));
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return LinkState.Invalid;
        }

        if (payload.Length < ExpiryLength) return LinkState.Invalid;
        var expires = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (expires != 0 && clock.GetUtcNow().ToUnixTimeSeconds() >= expires * 60L) return LinkState.Expired;
        subject = Encoding.UTF8.GetString(payload.AsSpan(ExpiryLength));
        return LinkState.Valid;
    }

    private IDataProtector Protector(LinkPurpose purpose) => _links.CreateProtector(purpose.Name);

    private static uint Minutes(DateTimeOffset time) => checked((uint)((time.ToUnixTimeSeconds() + 59) / 60));
}

/// <summary>What a link may be used for. Give each use its own name; a token for one is noise to all others.</summary>
public readonly record struct LinkPurpose(string Name);

/// <summary>What reading a token found.</summary>
public enum LinkState
{
    /// <summary>Altered, cut short, for another purpose, or not ours.</summary>
    Invalid,

    /// <summary>Ours, but its time is over.</summary>
    Expired,

    /// <summary>Ours and in time.</summary>
    Valid,
}
