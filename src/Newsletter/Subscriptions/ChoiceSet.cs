using System.Diagnostics.CodeAnalysis;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// A set of slugs (cities, or topics). Stored as <c>|new-york|san-francisco|</c>, sorted, so that one LIKE finds a member on
/// every database; slugs contain neither bars nor LIKE's wildcards. The empty set means no choice was made: everything fits.
/// </summary>
public readonly struct ChoiceSet : IEquatable<ChoiceSet>
{
    private const int MaximumMembers = 40;
    private const int MaximumSlugLength = 60;
    private readonly string? _stored;

    private ChoiceSet(string stored) => _stored = stored;

    /// <summary>No choice: everything.</summary>
    public static ChoiceSet Everything => default;

    /// <summary>The stored form; empty for <see cref="Everything"/>.</summary>
    public string Stored => _stored ?? "";

    /// <summary>The members, sorted.</summary>
    public IReadOnlyList<string> Slugs => Stored.Split('|', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>True if no choice was made.</summary>
    public bool IsEverything => Stored.Length == 0;

    /// <summary>A set of these slugs. Throws if one is no slug: use <see cref="TryCreate"/> for what people send.</summary>
    public static ChoiceSet Of(params IEnumerable<string> slugs) =>
        TryCreate(slugs, out var set, out var reason) ? set : throw new ArgumentException(reason, nameof(slugs));

    /// <summary>A set of these slugs: lower-case letters, digits and hyphens, at most 60 characters each and 40 of them.</summary>
    public static bool TryCreate(
        IEnumerable<string>? slugs, out ChoiceSet set, [NotNullWhen(false)] out string? reason)
    {
        set = default;
        reason = null;
        var members = (slugs ?? []).Take(MaximumMembers + 1).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).ToArray();
        if (members.Length > MaximumMembers) reason = $"More than {MaximumMembers} choices were sent.";
        else if (!members.All(IsSlug)) reason = "A choice was sent that is none of the ones on the form.";
        if (reason is not null) return false;
        if (members.Length > 0) set = new ChoiceSet($"|{string.Join('|', members)}|");
        return true;
    }

    /// <summary>Reads the stored form back.</summary>
    public static ChoiceSet FromStored(string stored) => stored.Length == 0 ? default : new ChoiceSet(stored);

    /// <summary>True if the slug is a member.</summary>
    public bool Contains(string slug) => Stored.Contains($"|{slug}|", StringComparison.Ordinal);

    /// <summary>True if the two have a member in common, or either made no choice.</summary>
    public bool Meets(ChoiceSet other) => IsEverything || other.IsEverything || Slugs.Any(other.Contains);

    /// <inheritdoc/>
    public bool Equals(ChoiceSet other) => Stored == other.Stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChoiceSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Stored.GetHashCode(StringComparison.Ordinal);

    /// <summary>Equal members.</summary>
    public static bool operator ==(ChoiceSet left, ChoiceSet right) => left.Equals(right);

    /// <summary>Unequal members.</summary>
    public static bool operator !=(ChoiceSet left, ChoiceSet right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Slugs);

    private static bool IsSlug(string text) =>
        text.Length is > 0 and <= MaximumSlugLength
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
