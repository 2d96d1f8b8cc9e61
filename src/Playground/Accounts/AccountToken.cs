using System.Security.Cryptography;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Accounts;

/// <summary>
/// Names one token of an account: <c>at-</c> and twelve characters. It is the part of an <see cref="AccountToken"/> that is no
/// secret, so a token can be listed, found in one look-up and revoked without anybody seeing it again.
/// </summary>
public readonly record struct AccountTokenId
{
    /// <summary>Characters of a written id.</summary>
    public const int Length = 15;

    private const string Prefix = "at-";

    private AccountTokenId(string value) => Value = value;

    public string Value { get; }

    public static AccountTokenId New() => new(Prefix + RandomNumberGenerator.GetString(Naming.Alphabet, Length - Prefix.Length));

    public static bool TryParse(string? text, out AccountTokenId id)
    {
        id = default;
        if (text is null || text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (text.AsSpan(Prefix.Length).ContainsAnyExcept(Naming.AlphabetSet)) return false;
        id = new AccountTokenId(text);
        return true;
    }

    public override string ToString() => Value;
}

/// <summary>
/// Whoever holds it acts for one account: <c>{id}.{secret}</c>, the secret being 260 random bits. It is shown once; what is kept
/// is its hash, which is enough because a random secret cannot be guessed from it. The full stop is what Jamsocket's
/// command line takes a token by.
/// </summary>
public readonly record struct AccountToken
{
    private const int SecretCharacters = 52;
    private const int WholeLength = AccountTokenId.Length + 1 + SecretCharacters;

    private AccountToken(AccountTokenId id, string value) => (Id, Value) = (id, value);

    public AccountTokenId Id { get; }

    public string Value { get; }

    public static AccountToken New()
    {
        var id = AccountTokenId.New();
        return new AccountToken(id, $"{id}.{RandomNumberGenerator.GetString(Naming.Alphabet, SecretCharacters)}");
    }

    public static bool TryParse(string? text, out AccountToken token)
    {
        token = default;
        if (text is null || text.Length != WholeLength || text[AccountTokenId.Length] != '.') return false;
        if (!AccountTokenId.TryParse(text[..AccountTokenId.Length], out var id)) return false;
        if (text.AsSpan(AccountTokenId.Length + 1).ContainsAnyExcept(Naming.AlphabetSet)) return false;
        token = new AccountToken(id, text);
        return true;
    }

    /// <summary>What is stored and compared instead of the token.</summary>
    public string Hash() => Naming.Hash(Value);

    /// <summary>Never the secret: this is what ends up in logs.</summary>
    public override string ToString() => $"{Id}.…";
}
