using System.Globalization;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>
/// The first lines of a request, parsed without I/O. Strict where two readers could disagree about where a request ends (folded
/// lines, a length said twice, a length beside chunks): such a request is refused and the connection closed.
/// </summary>
internal sealed class RequestHead
{
    public required string Method { get; init; }

    public required string Target { get; init; }

    /// <summary>Names without regard to case; values of a name that came more than once are joined by a comma.</summary>
    public required Dictionary<string, string> Headers { get; init; }

    public bool IsHttp10 { get; init; }

    /// <summary>In bytes; null where there is no body, or where it comes in chunks.</summary>
    public long? ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    public bool IsHead => Method == "HEAD";

    public bool WantsClose => IsHttp10 || Has("Connection", "close");

    public bool IsWebSocket => Method == "GET" && Has("Upgrade", "websocket") && Has("Connection", "upgrade");

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Whether a header that is a list has an element.</summary>
    public bool Has(string name, string element)
    {
        if (!Headers.TryGetValue(name, out var list)) return false;
        if (list.Equals(element, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var part in list.Split(','))
            if (part.Trim().Equals(element, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <param name="bytes">Up to and without the empty line.</param>
    /// <exception cref="RequestRefusedException">It is not a request this server will answer.</exception>
    public static RequestHead Parse(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        var line = end < 0 ? bytes : bytes[..end];
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || !IsName(line[..first])) throw Bad("The request line is malformed.");
        var target = line[(first + 1)..last];
        if (!IsVisible(target)) throw Bad("The request's target has characters that must be encoded.");
        var version = line[(last + 1)..];
        var old = version.SequenceEqual("HTTP/1.0"u8);
        if (!old && !version.SequenceEqual("HTTP/1.1"u8)) throw new RequestRefusedException(505, "This server speaks HTTP/1.1.");

        var head = new RequestHead
        {
            Method = Encoding.ASCII.GetString(line[..first]),
            Target = Encoding.ASCII.GetString(target),
            IsHttp10 = old,
            Headers = ParseHeaders(end < 0 ? [] : bytes[(end + 2)..]),
        };
        head.ReadLength();
        return head;
    }

    private static Dictionary<string, string> ParseHeaders(ReadOnlySpan<byte> bytes)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf("\r\n"u8);
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            // A space before the colon, or a line that continues the last one, is read differently by different servers.
            if (colon <= 0 || !IsName(line[..colon])) throw Bad("A header line is malformed.");
            var value = line[(colon + 1)..];
            if (value.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) >= 0) throw Bad("A header has a line break in it.");
            var name = Encoding.ASCII.GetString(line[..colon]);
            var text = Encoding.Latin1.GetString(value).Trim(' ').Trim('\t').Trim(' ');
            headers[name] = headers.TryGetValue(name, out var before) ? before + ", " + text : text;
        }

        return headers;
    }

    private void ReadLength()
    {
        var coding = Header("Transfer-Encoding");
        var length = Header("Content-Length");
        if (coding is not null)
        {
            if (length is not null || IsHttp10) throw Bad("A body has either a length or chunks.");
            if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
                throw new RequestRefusedException(501, "The only transfer coding understood is chunked.");
            IsChunked = true;
        }
        else if (length is not null)
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) throw Bad("The length is not a number.");
            ContentLength = bytes;
        }
    }

    // Plain loops: the framework's vectorised searches are compiled anew in every process, which takes longer than these ever run.
    private static bool IsName(ReadOnlySpan<byte> text)
    {
        foreach (var each in text)
            if (!char.IsAsciiLetterOrDigit((char)each) && "!#$%&'*+-.^_`|~".IndexOf((char)each, StringComparison.Ordinal) < 0) return false;
        return true;
    }

    private static bool IsVisible(ReadOnlySpan<byte> text)
    {
        foreach (var each in text)
            if (each is < 0x21 or > 0x7e) return false;
        return true;
    }

    private static RequestRefusedException Bad(string message) => new(400, message);
}
