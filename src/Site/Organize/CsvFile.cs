using System.Text;

namespace BrowserTech.Site.Organize;

/// <summary>
/// Rows as CSV (RFC 4180) that spreadsheets open rightly: UTF-8 with a mark, and no cell that they would take for a
/// formula, since names are typed by strangers.
/// </summary>
internal static class CsvFile
{
    public static IResult Result(string fileName, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        return Results.File([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", fileName);
    }

    internal static string Cell(string value)
    {
        if (value is [var first, ..] && first is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }
}
