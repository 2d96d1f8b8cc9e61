using System.Buffers;

namespace BrowserTech.Playground.Proxy;

/// <summary>What a header may be made of (RFC 9110, 5.1 and 5.5), in both directions: read leniently, a name or a value is another one to somebody.</summary>
internal static class HeaderSyntax
{
    private const string Token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // All but the tab.
    private static readonly byte[] Controls = [.. Enumerable.Range(0, 32).Where(code => code != '\t').Append(127).Select(code => (byte)code)];

    public static readonly SearchValues<char> InName = SearchValues.Create(Token);

    public static readonly SearchValues<byte> BytesInName = SearchValues.Create([.. Token.Select(character => (byte)character)]);

    public static readonly SearchValues<char> NotInValue = SearchValues.Create([.. Controls.Select(code => (char)code)]);

    public static readonly SearchValues<byte> BytesNotInValue = SearchValues.Create(Controls);
}
