using Apache.Arrow;
using Apache.Arrow.Ipc;
using BrowserTech.Demos.DuckDb.Native;
using BrowserTech.Demos.DuckDb.Queries;
using CsCheck;

namespace BrowserTech.Demos.DuckDb;

public sealed class QueryTests(TripFolder trips) : IClassFixture<TripFolder>
{
    /// <summary>Pairs of trips: never done, and needs no memory.</summary>
    private const string Endless = "SELECT count(*) FROM trips a JOIN trips b ON a.metres + b.metres < a.seconds::INT * b.seconds % 977";

    [Fact]
    public async Task An_answer_is_a_whole_arrow_stream()
    {
        var (outcome, batches) = await AskAsync("SELECT rider, count(*) AS n, avg(metres) AS m, max(started) AS t FROM trips GROUP BY rider ORDER BY rider");
        Assert.Null(outcome.Failure);
        Assert.Equal(["rider", "n", "m", "t"], batches[0].Schema.FieldsList.Select(field => field.Name));
        Assert.Equal(["casual", "member"], Enumerable.Range(0, 2).Select(row => ((StringArray)batches[0].Column(0)).GetString(row)));
        Assert.Equal(TripFolder.Rows * 2, ((Int64Array)batches[0].Column(1)).Sum(n => n!.Value));
        Assert.True(outcome.First > TimeSpan.Zero && outcome.First <= outcome.Elapsed);
    }

    [Fact]
    public Task Numbers_come_through_as_they_are() => Gen.Select(Gen.Long, Gen.Double.Where(double.IsFinite), Gen.String[Gen.Char['ä', '漢'], 0, 40]).SampleAsync(async (whole, real, text) =>
    {
        var (outcome, batches) = await AskAsync($"SELECT {whole - (whole == long.MinValue ? -1 : 0)}::BIGINT AS a, {real:R}::DOUBLE AS b, '{text.Replace("'", "''", StringComparison.Ordinal)}' AS c");
        Assert.Null(outcome.Message);
        Assert.Equal(whole + (whole == long.MinValue ? 1 : 0), ((Int64Array)batches[0].Column(0)).GetValue(0));
        Assert.Equal(real, ((DoubleArray)batches[0].Column(1)).GetValue(0)!.Value, Math.Abs(real) * 1e-15);
        Assert.Equal(text, ((StringArray)batches[0].Column(2)).GetString(0));
    }, iter: 30);

    [Fact]
    public async Task No_rows_are_an_answer_with_columns()
    {
        var (outcome, batches) = await AskAsync("SELECT started, bike FROM trips WHERE metres < 0");
        Assert.Null(outcome.Failure);
        Assert.Equal(0, outcome.Rows);
        Assert.True(outcome.Bytes > 0);
        Assert.Empty(batches);
    }

    [Fact]
    public async Task Of_several_statements_the_last_is_answered()
    {
        var (outcome, batches) = await AskAsync("CREATE OR REPLACE TEMP TABLE mine AS SELECT 42 AS x; SELECT x + 1 AS y FROM mine");
        Assert.Null(outcome.Message);
        Assert.Equal(43, ((Int32Array)batches[0].Column(0)).GetValue(0));
    }

    [Fact]
    public async Task What_is_too_long_to_look_through_is_cut_and_said_to_be()
    {
        var (outcome, batches) = await AskAsync("SELECT * FROM trips", trips.Limits with { Rows = 5000 });
        Assert.Equal(("rows", 5000, 5000), (outcome.Cut, (int)outcome.Rows, batches.Sum(batch => batch.Length)));
        // Bytes are counted by whole vectors of 2048 rows.
        var (wide, _) = await AskAsync("SELECT repeat('x', 1000) FROM trips", trips.Limits with { Bytes = 1_000_000 });
        Assert.Equal("bytes", wide.Cut);
        Assert.InRange(wide.Bytes, 1_000_000, 4_000_000);
    }

    [Fact]
    public async Task A_query_that_never_ends_meets_its_time_and_the_next_one_runs()
    {
        using var connection = Connect();
        var runner = new QueryRunner(connection, trips.Limits with { Time = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        var (outcome, _) = await AskAsync(runner, Endless);
        Assert.Equal("time", outcome.Failure);
        Assert.InRange(outcome.Elapsed, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(10));
        Assert.Null((await AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public async Task A_query_is_stopped_in_its_middle_and_the_next_one_runs()
    {
        using var connection = Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        // When it was looked at once it runs.
        var running = runner.RunAsync(Endless, _ => new(true), (_, _) => cancel.Cancel(), cancel.Token);
        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", outcome.Failure);
        Assert.Null((await AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public Task What_needs_more_memory_than_there_is_is_told_so_and_the_next_one_runs() =>
        MeetsAsync(trips.Store, trips.Limits, "SELECT list(a.started) FROM trips a, range(1000)", "memory", "200 MB of memory at once");

    private static async Task MeetsAsync(TripStore store, QueryLimits limits, string sql, string failure, string words)
    {
        using var connection = store.Connect();
        store.Choose(connection, 2);
        var runner = new QueryRunner(connection, limits, TimeProvider.System);
        var (outcome, _) = await AskAsync(runner, sql);
        Assert.True(outcome.Failure == failure, $"{outcome.Failure}: {outcome.Message}");
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
        Assert.Null((await AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public async Task Nobody_reads_any_more_and_the_query_ends()
    {
        using var connection = Connect();
        var outcome = await new QueryRunner(connection, trips.Limits, TimeProvider.System).RunAsync("SELECT * FROM trips", _ => new(false), (_, _) => { }, CancellationToken.None);
        Assert.Equal("cancelled", outcome.Failure);
    }

    [Theory]
    [InlineData("SELEC 1")]
    [InlineData("")]
    [InlineData("-- nothing")]
    [InlineData("SELECT * FROM no_such_table")]
    [InlineData("SELECT 1; SELEC 2")]
    [InlineData("SELECT error('on purpose') FROM trips")]
    public async Task A_mistake_is_told_in_the_engines_words(string sql)
    {
        var (outcome, _) = await AskAsync(sql);
        Assert.Equal("query", outcome.Failure);
        Assert.NotEmpty(outcome.Message!);
    }

    [Fact]
    public async Task The_first_million_are_all_that_is_asked_over_when_the_first_million_are_chosen()
    {
        using var connection = trips.Store.Connect();
        trips.Store.Choose(connection, 1);
        var (_, batches) = await AskAsync(new QueryRunner(connection, trips.Limits, TimeProvider.System), "SELECT count(*) FROM trips");
        Assert.Equal(TripFolder.Rows, ((Int64Array)batches[0].Column(0)).GetValue(0));
    }

    [Theory]
    [InlineData("CREATE TEMP VIEW trips AS SELECT 1", "DROP VIEW stations")]
    [InlineData("DROP VIEW trips; CREATE TEMP TABLE trips AS SELECT 1 AS x", "CREATE OR REPLACE VIEW weather AS SELECT 1")]
    public async Task Whoever_takes_a_name_of_the_trips_has_it_until_the_next_query(string first, string second)
    {
        using var connection = Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        await AskAsync(runner, first);
        await AskAsync(runner, second);
        trips.Store.Choose(connection, 2);
        var (outcome, _) = await AskAsync(runner, "SELECT count(*) FROM trips JOIN stations ON station = start_station JOIN weather ON day = started::DATE");
        Assert.Null(outcome.Message);
    }

    internal Task<(QueryOutcome Outcome, List<RecordBatch> Batches)> AskAsync(string sql, QueryLimits? limits = null) => AskAsync(trips, sql, limits);

    internal static async Task<(QueryOutcome Outcome, List<RecordBatch> Batches)> AskAsync(TripFolder trips, string sql, QueryLimits? limits = null)
    {
        using var connection = trips.Store.Connect();
        trips.Store.Choose(connection, trips.Store.Parts);
        return await AskAsync(new QueryRunner(connection, limits ?? trips.Limits, TimeProvider.System), sql);
    }

    private static async Task<(QueryOutcome Outcome, List<RecordBatch> Batches)> AskAsync(QueryRunner runner, string sql)
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

    private DuckConnection Connect()
    {
        var connection = trips.Store.Connect();
        trips.Store.Choose(connection, trips.Store.Parts);
        return connection;
    }
}
