using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// The DuckDB file of hits. One connection writes, in batches, from one place (<see cref="HitWriter"/>); readers open
/// connections of their own on the same in-process database, so a dashboard never waits for a batch.
/// </summary>
public sealed class HitStore : IDisposable
{
    private readonly DuckDBConnection _writer;
    private readonly Lock _writing = new();

    /// <param name="file">Created, with its folder, when it does not exist.</param>
    public HitStore(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        ConnectionString = $"DataSource={file}";
        _writer = new DuckDBConnection(ConnectionString);
        _writer.Open();
        using var command = _writer.CreateCommand();
        // UTC in plain TIMESTAMPs: DuckDB's zoned type needs an extension that would be downloaded. Two threads are
        // plenty for this amount of data and leave the machine to the pages.
        command.CommandText = """
            SET threads = 2;
            SET memory_limit = '512MB';
            CREATE TABLE IF NOT EXISTS hits (
                time TIMESTAMP NOT NULL,
                name VARCHAR NOT NULL,
                domain VARCHAR NOT NULL,
                hostname VARCHAR NOT NULL,
                path VARCHAR NOT NULL,
                referrer VARCHAR NOT NULL,
                source VARCHAR NOT NULL,
                utm_source VARCHAR NOT NULL,
                utm_medium VARCHAR NOT NULL,
                utm_campaign VARCHAR NOT NULL,
                utm_content VARCHAR NOT NULL,
                utm_term VARCHAR NOT NULL,
                visitor UBIGINT NOT NULL,
                properties VARCHAR,
                interactive BOOLEAN NOT NULL,
                scroll_depth UTINYINT NOT NULL,
                engaged_ms UINTEGER NOT NULL)
            """;
        command.ExecuteNonQuery();
    }

    public string ConnectionString { get; }

    /// <summary>Adds a batch; all of it or, when it throws, none of it.</summary>
    public void Write(IReadOnlyCollection<Hit> hits)
    {
        if (hits.Count == 0) return;
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction();
            using (var appender = _writer.CreateAppender("hits"))
            {
                foreach (var hit in hits) Append(appender.CreateRow(), hit);
            }

            transaction.Commit();
        }
    }

    /// <summary>A reader's own connection; dispose it.</summary>
    public DuckDBConnection OpenReader()
    {
        var connection = new DuckDBConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    public static DateTime Utc(DateTimeOffset time) => DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified);

    public void Dispose() => _writer.Dispose();

    // One statement a value, each with the column's own type: a literal of another type is appended as that type's bits.
    private static void Append(IDuckDBAppenderRow row, Hit hit)
    {
        row.AppendValue((DateTime?)Utc(hit.Time));
        row.AppendValue(hit.Name);
        row.AppendValue(hit.Domain);
        row.AppendValue(hit.Hostname);
        row.AppendValue(hit.Path);
        row.AppendValue(hit.Referrer);
        row.AppendValue(hit.Source);
        row.AppendValue(hit.Campaign.Source);
        row.AppendValue(hit.Campaign.Medium);
        row.AppendValue(hit.Campaign.Name);
        row.AppendValue(hit.Campaign.Content);
        row.AppendValue(hit.Campaign.Term);
        row.AppendValue((ulong?)hit.Visitor);
        row.AppendValue(hit.Properties);
        row.AppendValue((bool?)hit.Interactive);
        row.AppendValue((byte?)hit.ScrollDepth);
        row.AppendValue((uint?)hit.EngagedMilliseconds);
        row.EndRow();
    }
}
