using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace BrowserTech.Site.Analytics;

/// <summary>What the public dashboard shows of a span of days.</summary>
/// <param name="Days">One entry a day, without gaps, oldest first.</param>
public sealed record Overview(
    long Visitors,
    long Pageviews,
    IReadOnlyList<DayCount> Days,
    IReadOnlyList<Ranked> Pages,
    IReadOnlyList<Ranked> Sources);

public sealed record DayCount(DateOnly Day, long Visitors, long Pageviews);

/// <summary>A row of a top list.</summary>
public sealed record Ranked(string Name, long Visitors, long Pageviews);

/// <summary>Reads the dashboard's figures. Visitors of a span are the distinct visitors of its days, summed: numbers of different days cannot be compared, by design.</summary>
public sealed class OverviewQuery(HitStore store)
{
    private const int TopRows = 10;

    // A page with a query is not kept by the page cache, and each reading is three scans: within this time they share one.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly Lock _reading = new();
    private (string Domain, DateOnly Last, int Days, long At, Overview Overview)? _last;

    /// <summary>As <see cref="Read"/>, at most <see cref="Fresh"/> old.</summary>
    public Overview Recent(string domain, DateOnly last, int days)
    {
        lock (_reading)
        {
            if (_last is { } known && (known.Domain, known.Last, known.Days) == (domain, last, days) && Stopwatch.GetElapsedTime(known.At) < Fresh)
                return known.Overview;
            var overview = Read(domain, last, days);
            _last = (domain, last, days, Stopwatch.GetTimestamp(), overview);
            return overview;
        }
    }

    /// <param name="domain">The site.</param>
    /// <param name="last">The last day of the span, UTC.</param>
    /// <param name="days">1 to 366.</param>
    public Overview Read(string domain, DateOnly last, int days)
    {
        var first = last.AddDays(1 - days);
        using var connection = store.OpenReader();
        var byDay = Rows(connection, """
            SELECT strftime(time, '%Y-%m-%d') AS day, count(DISTINCT visitor), count(*) FROM hits
            WHERE name = 'pageview' AND domain = $domain AND time >= $from AND time < $to GROUP BY day
            """, domain, first, last).ToDictionary(r => DateOnly.ParseExact(r.Name, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var all = Enumerable.Range(0, days).Select(first.AddDays)
            .Select(day => byDay.TryGetValue(day, out var row) ? new DayCount(day, row.Visitors, row.Pageviews) : new DayCount(day, 0, 0))
            .ToList();
        return new Overview(
            all.Sum(d => d.Visitors),
            all.Sum(d => d.Pageviews),
            all,
            Rows(connection, $"""
                SELECT path, count(DISTINCT visitor) AS visitors, count(*) AS views FROM hits
                WHERE name = 'pageview' AND domain = $domain AND time >= $from AND time < $to
                GROUP BY path ORDER BY visitors DESC, views DESC, path LIMIT {TopRows}
                """, domain, first, last),
            Rows(connection, $"""
                SELECT source, count(DISTINCT visitor) AS visitors, count(*) AS views
                FROM (SELECT visitor, arg_min(source, time) AS source FROM hits
                      WHERE name = 'pageview' AND domain = $domain AND time >= $from AND time < $to GROUP BY visitor)
                GROUP BY source ORDER BY visitors DESC, source LIMIT {TopRows}
                """, domain, first, last));
    }

    private static List<Ranked> Rows(DuckDBConnection connection, string sql, string domain, DateOnly first, DateOnly last)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add(new DuckDBParameter("domain", domain));
        command.Parameters.Add(new DuckDBParameter("from", first.ToDateTime(TimeOnly.MinValue)));
        command.Parameters.Add(new DuckDBParameter("to", last.AddDays(1).ToDateTime(TimeOnly.MinValue)));
        using var reader = command.ExecuteReader();
        var rows = new List<Ranked>();
        while (reader.Read()) rows.Add(new Ranked(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        return rows;
    }
}
