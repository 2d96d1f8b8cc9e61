using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// Tells visitors of one day apart without keeping anything about them: a keyed hash of address, browser and site,
/// whose key is thrown away. Equal visitors give equal numbers within a day; across days, sites or root domains
/// the numbers have nothing to do with each other.
/// </summary>
public static class VisitorHash
{
    /// <param name="salt">The day's 16 random bytes.</param>
    /// <param name="root">The registrable domain of the page's host, so that sub-domains share a visitor.</param>
    public static ulong Of(ReadOnlySpan<byte> salt, string userAgent, string address, string domain, string root)
    {
        // Fields are length-prefixed: without that, moving a character from one to the next would collide.
        var text = Encoding.UTF8.GetBytes($"{userAgent.Length}:{userAgent}{address.Length}:{address}{domain.Length}:{domain}{root}");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, text, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
