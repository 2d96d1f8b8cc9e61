using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// What a backend's answer says of itself. Read strictly (RFC 9112), because a lenient reader in the middle is how one answer becomes two:
/// lines end in CRLF, names are tokens with the colon right behind them, no folding, one length and of one kind.
/// </summary>
internal readonly struct ResponseHead
{
    /// <summary>Of a backend's answer, in bytes. As much as the hub takes from a client.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>
    /// Not for the client: what concerns our connection to the backend, cookies, and what tells a browser something about the whole
    /// origin (or its host and ports), which in the path form is the site's own and in the host form not a backend's to decide either.
    /// </summary>
    private static readonly FrozenSet<string> NotPassedOn = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate, HeaderNames.TE,
        HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.ContentLength, HeaderNames.Upgrade,
        HeaderNames.SetCookie, "Set-Cookie2", "NEL", "Report-To", "Reporting-Endpoints", "Clear-Site-Data",
        HeaderNames.StrictTransportSecurity, HeaderNames.AltSvc, "Service-Worker-Allowed",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private const int MaxKnownName = 40;

    /// <summary>Names that come again and again are not made again and again.</summary>
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Names =
        typeof(HeaderNames).GetFields().Select(field => (string)field.GetValue(null)!).Distinct(StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private ResponseHead(int status, long? length, bool chunked, bool kept) => (Status, Length, Chunked, Kept) = (status, length, chunked, kept);

    public int Status { get; }

    /// <summary>Null where the head does not say.</summary>
    public long? Length { get; }

    public bool Chunked { get; }

    /// <summary>The connection may carry another request.</summary>
    public bool Kept { get; }

    /// <summary>100 and its like: the answer is still to come.</summary>
    public bool Interim => Status is >= 100 and < 200 and not 101;

    /// <summary>Whether what came so far can become a head: a program that speaks something else is not waited for.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(bytes.Length, 7)].SequenceEqual("HTTP/1."u8[..Math.Min(bytes.Length, 7)]);

    /// <summary>Reads a head and puts what is for the client among its headers.</summary>
    /// <param name="head">With the empty line that ends it.</param>
    /// <param name="headers">Those of an answer that has not begun.</param>
    /// <exception cref="NotHttpException">It is none.</exception>
    public static ResponseHead Read(ReadOnlySpan<byte> head, IHeaderDictionary headers)
    {
        var (status, kept) = StatusLine(Line(ref head));
        var interim = status is >= 100 and < 200 and not 101;
        var (length, chunked) = ((long?)null, false);
        while (Line(ref head) is { IsEmpty: false } line)
        {
            var raw = Split(line, out var name);
            if (interim) continue;
            if (NotPassedOn.Contains(name))
            {
                if (name == HeaderNames.ContentLength) length = TheOne(length, raw);
                else if (name == HeaderNames.Connection) kept &= !Says(raw, "close"u8);
                else if (name == HeaderNames.TransferEncoding) chunked = !chunked && Ascii.EqualsIgnoreCase(raw, "chunked"u8) ? true : throw new NotHttpException("Its body is encoded in a way nobody asked for.");
                continue;
            }

            headers.Append(name, Encoding.Latin1.GetString(raw));
        }

        if (chunked && length is not null) throw new NotHttpException("It gives two lengths for one body.");
        return new ResponseHead(status, length, chunked, kept);
    }

    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf("\r\n"u8);
        if (end < 0) throw new NotHttpException("A line of its head does not end.");
        var line = head[..end];
        head = head[(end + 2)..];
        return line;
    }

    private static (int Status, bool Kept) StatusLine(ReadOnlySpan<byte> line)
    {
        var modern = line.StartsWith("HTTP/1.1 "u8);
        if ((!modern && !line.StartsWith("HTTP/1.0 "u8)) || line.Length < 12 || (line.Length > 12 && line[12] != ' ') || line.ContainsAny(HeaderSyntax.BytesNotInValue))
            throw new NotHttpException("It does not begin as an answer does.");
        var status = 0;
        foreach (var digit in line[9..12])
            status = digit is >= (byte)'0' and <= (byte)'9' ? (status * 10) + digit - '0' : throw new NotHttpException("Its status is no number.");
        return status >= 100 ? (status, modern) : throw new NotHttpException("Its status is no status.");
    }

    private static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> line, out string name)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(HeaderSyntax.BytesInName)) throw new NotHttpException("One of its headers has no name.");
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAny(HeaderSyntax.BytesNotInValue)) throw new NotHttpException("One of its headers has a control character in it.");
        Span<char> letters = stackalloc char[MaxKnownName];
        if (colon > letters.Length || !Encoding.Latin1.TryGetChars(line[..colon], letters, out _)
            || !Names.TryGetValue(letters[..colon], out name!))
        {
            name = Encoding.Latin1.GetString(line[..colon]);
        }

        return value;
    }

    private static long TheOne(long? before, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > 18 || text.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            throw new NotHttpException("The length of its body is no number.");
        var length = long.Parse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
        return before is null || before == length ? length : throw new NotHttpException("It gives two lengths for one body.");
    }

    private static bool Says(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word)
    {
        foreach (var range in value.Split((byte)','))
            if (Ascii.EqualsIgnoreCase(value[range].Trim(" \t"u8), word)) return true;
        return false;
    }
}
