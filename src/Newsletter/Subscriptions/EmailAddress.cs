using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BrowserTech.Newsletter.Subscriptions;

/// <summary>
/// An address mail can be sent to. Only the plain form is taken, no display name, comment or quoted part: everything that gets
/// through can be written into a header or an SMTP command as it is. The domain is kept in lower case and in the ASCII form
/// that DNS uses. Two spellings that differ in case only are one address; dots and plus signs are left alone, because what
/// they mean is the mailbox owner's business.
/// </summary>
public readonly record struct EmailAddress
{
    private const int MaximumLength = 254; // RFC 5321: a path has 256 octets, two of them are the brackets
    private const int MaximumLocalLength = 64;
    private const string LocalMarks = "!#$%&'*+-/=?^_`{|}~.";

    private EmailAddress(string value) => Value = value;

    /// <summary>The address to send to.</summary>
    public string Value { get; }

    /// <summary>For comparing: all in lower case.</summary>
    public string Normalized => Value.ToLowerInvariant();

    /// <summary>The part after the at sign.</summary>
    public string Domain => Value[(Value.LastIndexOf('@') + 1)..];

    /// <summary>Reads what a person typed; if it cannot be an address, says why in words for the page.</summary>
    public static bool TryParse(
        string? typed, out EmailAddress address, [NotNullWhen(false)] out string? reason)
    {
        address = default;
        reason = Check(typed?.Trim(' ') ?? "", out var value);
        if (reason is not null) return false;
        address = new EmailAddress(value);
        return true;
    }

    /// <summary>Reads an address that was checked before; throws <see cref="FormatException"/> otherwise.</summary>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address, out var reason) ? address : throw new FormatException(reason);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string? Check(string typed, out string value)
    {
        value = "";
        if (typed.Length == 0) return "Enter your e-mail address.";
        if (typed.Length > 1000) return "That is too long for an e-mail address.";
        if (typed.Any(char.IsControl)) return "An e-mail address is one line, without tabs or other control characters.";
        if (typed.Contains('<', StringComparison.Ordinal))
            return "Enter only the address, like name@example.org, without a name or brackets.";

        var at = typed.LastIndexOf('@');
        if (at < 0) return "An e-mail address has an @ in it, like name@example.org.";
        var local = typed[..at];
        if (LocalProblem(local) is { } localProblem) return localProblem;
        if (AsciiDomain(typed[(at + 1)..]) is not { } domain || !IsDomain(domain))
            return "The part after the @ is not a domain name, like example.org.";
        value = $"{local}@{domain}";
        return value.Length > MaximumLength ? $"An e-mail address has at most {MaximumLength} characters." : null;
    }

    private static string? LocalProblem(string local)
    {
        if (local.Length == 0) return "Something is missing before the @.";
        if (local.Length > MaximumLocalLength)
            return $"The part before the @ has at most {MaximumLocalLength} characters.";
        if (!local.All(char.IsAscii))
            return "The part before the @ has letters that many mail servers cannot carry. Use an address without them.";
        if (!local.All(mark => char.IsAsciiLetterOrDigit(mark) || LocalMarks.Contains(mark)))
            return "The part before the @ has a character that an e-mail address cannot have.";
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return "The part before the @ cannot begin or end with a dot, or have two in a row.";
        return null;
    }

    private static string? AsciiDomain(string typed)
    {
        try
        {
            return new IdnMapping { UseStd3AsciiRules = true }.GetAscii(typed.ToLowerInvariant()).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsDomain(string domain)
    {
        var labels = domain.Split('.');
        return domain.Length <= 253 && labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(mark => char.IsAsciiLetterOrDigit(mark) || mark == '-');
}
