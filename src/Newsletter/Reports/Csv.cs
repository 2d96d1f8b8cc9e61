using System.Globalization;

namespace BrowserTech.Newsletter.Reports;

/// <summary>CSV as RFC 4180 has it, safe to open in a spreadsheet.</summary>
public static class Csv
{
    /// <summary>
    /// One line with its line break. A value that a spreadsheet would run as a formula is given an apostrophe in front: names and
    /// addresses are what strangers typed.
    /// </summary>
    public static string Line(params IEnumerable<string?> values) => string.Join(',', values.Select(Field)) + "\r\n";

    /// <summary>A time to the second in UTC; empty for none.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Field(string? value)
    {
        var text = value ?? "";
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) text = "'" + text;
        return text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
