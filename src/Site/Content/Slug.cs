using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace BrowserTech.Site.Content;

/// <summary>
/// The name of one document in the address bar and in <c>content/</c>: 1 to 80 lowercase letters, digits and single
/// hyphens. The type parameter says what it names, so that an event's slug cannot be handed to something that wants
/// a talk's.
/// </summary>
public readonly partial record struct Slug<T> : IParsable<Slug<T>>
{
    private readonly string? _value;

    private Slug(string value) => _value = value;

    public string Value => _value ?? "";

    /// <exception cref="FormatException"><paramref name="text"/> is not a slug.</exception>
    public static Slug<T> Parse(string text) =>
        TryParse(text, null, out var slug)
            ? slug
            : throw new FormatException($"'{text}' is not a slug: use lowercase letters, digits and single hyphens, at most 80");

    public static Slug<T> Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse([NotNullWhen(true)] string? text, out Slug<T> slug) => TryParse(text, null, out slug);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Slug<T> result)
    {
        if (s is { Length: > 0 and <= 80 } && SlugPattern.Regex().IsMatch(s))
        {
            result = new Slug<T>(s);
            return true;
        }

        result = default;
        return false;
    }

    public override string ToString() => Value;
}

internal static partial class SlugPattern
{
    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    internal static partial Regex Regex();
}
