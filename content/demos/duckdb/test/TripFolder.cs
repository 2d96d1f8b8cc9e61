using Apache.Arrow;
using Apache.Arrow.Ipc;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Native;
using BrowserTech.Demos.DuckDb.Queries;

namespace BrowserTech.Demos.DuckDb;

/// <summary>Two small parts, and an engine on them as a tab's process has it.</summary>
public sealed class TripFolder : IDisposable
{
    public const int Rows = 50_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trips-tests-");

    public TripFolder()
    {
        Preparation.Run(Path, 2, Rows);
        Store = new TripStore(Path, Limits);
    }

    public QueryLimits Limits => new() { MemoryMegabytes = 200, DiskMegabytes = 50, Threads = 2, ResidentMegabytes = 1 << 20, DiskFolder = System.IO.Path.Combine(_folder.FullName, "spilled") };

    public TripStore Store { get; }

    /// <summary>A connection as a tab has it, over all there are.</summary>
    public DuckConnection Connect()
    {
        var connection = Store.Connect();
        Store.Choose(connection, Store.Parts);
        return connection;
    }

    /// <summary>Asks as a tab does, and reads what would have been sent to it.</summary>
    public async Task<(QueryOutcome Outcome, List<RecordBatch> Batches)> AskAsync(string sql, QueryLimits? limits = null)
    {
        using var connection = Connect();
        return await AskAsync(new QueryRunner(connection, limits ?? Limits, TimeProvider.System), sql);
    }

    public static async Task<(QueryOutcome Outcome, List<RecordBatch> Batches)> AskAsync(QueryRunner runner, string sql)
    {
        using var sent = new MemoryStream();
        var outcome = await runner.RunAsync(sql, frame =>
        {
            sent.Write(frame.Span);
            return new(true);
        }, (_, _) => { }, TestContext.Current.CancellationToken);
        var batches = new List<RecordBatch>();
        sent.Position = 0;
        if (sent.Length == 0 || outcome.Failure is not null) return (outcome, batches);
        using var reader = new ArrowStreamReader(sent);
        while (await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken) is { } batch) batches.Add(batch);
        return (outcome, batches);
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "data");

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
