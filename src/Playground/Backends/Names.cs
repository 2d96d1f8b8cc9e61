using System.Security.Cryptography;

namespace BrowserTech.Playground.Backends;

/// <summary>
/// The name of one session backend, <c>be-</c> and sixteen characters. It is lower case and at most 63 characters
/// because it is also a DNS label (<c>{id}.play.localhost</c>). It carries 80 random bits, but it is a name and not a
/// secret: a connection also needs its <see cref="ConnectionToken"/>.
/// </summary>
[GenerateSerializer, Immutable]
public readonly record struct BackendId
{
    private const string Prefix = "be-";
    private const int RandomCharacters = 16;

    private BackendId(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static BackendId New() => new(Prefix + RandomNumberGenerator.GetString(Naming.Alphabet, RandomCharacters));

    public static bool TryParse(string? text, out BackendId id)
    {
        id = default;
        if (text is null || text.Length != Prefix.Length + RandomCharacters) return false;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (text.AsSpan(Prefix.Length).ContainsAnyExcept(Naming.AlphabetSet)) return false;
        id = new BackendId(text);
        return true;
    }

    /// <exception cref="FormatException">The text is not a backend id.</exception>
    public static BackendId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a backend id.");

    public override string ToString() => Value;
}

/// <summary>
/// Whoever holds it may talk to one backend. 256 random bits, handed out once by <c>connect</c>; the hub keeps only its
/// hash, so a dump of the hub's memory or log gives nobody a way in.
/// </summary>
public readonly record struct ConnectionToken
{
    private const string Prefix = "ct-";
    private const int RandomCharacters = 52;

    private ConnectionToken(string value) => Value = value;

    public string Value { get; }

    public static ConnectionToken New() =>
        new(Prefix + RandomNumberGenerator.GetString(Naming.Alphabet, RandomCharacters));

    public static bool TryParse(string? text, out ConnectionToken token)
    {
        token = default;
        if (text is null || text.Length != Prefix.Length + RandomCharacters) return false;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (text.AsSpan(Prefix.Length).ContainsAnyExcept(Naming.AlphabetSet)) return false;
        token = new ConnectionToken(text);
        return true;
    }

    /// <summary>What is stored and compared instead of the token.</summary>
    public string Hash() => Naming.Hash(Value);

    /// <summary>Never the token itself: this is what ends up in logs.</summary>
    public override string ToString() => Prefix + "…";
}

/// <summary>
/// The name under which tabs share one backend of a service. 1 to 128 characters, no control characters; it reaches
/// the backend as an environment variable and is never part of a path.
/// </summary>
[GenerateSerializer, Immutable]
public readonly record struct BackendKey
{
    public const int MaxLength = 128;

    private BackendKey(string value) => Value = value;

    [Id(0)]
    public string Value { get; }

    public static bool TryParse(string? text, out BackendKey key)
    {
        key = default;
        if (text is null || text.Length is 0 or > MaxLength || text.Any(char.IsControl)) return false;
        key = new BackendKey(text);
        return true;
    }

    public override string ToString() => Value;
}

/// <summary>
/// A number that grows with every backend ever started from one data folder. A resource that remembers the highest
/// number it has seen can refuse a backend that has been replaced but does not know it yet.
/// </summary>
[GenerateSerializer, Immutable]
public readonly record struct FencingToken([property: Id(0)] long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The alphabet of generated names: no vowels that make words, nothing that is read for something else.</summary>
internal static class Naming
{
    public const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static readonly System.Buffers.SearchValues<char> AlphabetSet = System.Buffers.SearchValues.Create(Alphabet);

    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));
}
