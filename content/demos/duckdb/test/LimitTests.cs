using System.Diagnostics;
using BrowserTech.Demos.DuckDb.Native;
using BrowserTech.Demos.DuckDb.Queries;
using CsCheck;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What a query may take, and that the next one runs after it took more.</summary>
public sealed class LimitTests(TripFolder trips) : IClassFixture<TripFolder>
{
    [Fact]
    public async Task What_is_too_long_to_look_through_is_cut_and_said_to_be()
    {
        var (outcome, batches) = await trips.AskAsync("SELECT * FROM trips", trips.Limits with { Rows = 5000 });
        Assert.Equal(("rows", 5000, 5000), (outcome.Cut, (int)outcome.Rows, batches.Sum(batch => batch.Length)));
        var (whole, _) = await trips.AskAsync("SELECT * FROM trips LIMIT 5000", trips.Limits with { Rows = 5000 });
        Assert.Null(whole.Cut);
    }

    // Two thousand of these come from the engine at once: 400 MB, where 8 MB may be sent.
    [Theory]
    [InlineData("SELECT i, repeat('x', 200000) AS wide FROM range(100000) t(i)", 41)]
    [InlineData("SELECT i, repeat('x', 200000)::BLOB AS wide FROM range(100000) t(i)", 41)]
    [InlineData("SELECT i, [repeat('x', 100000), NULL, repeat('y', 100000)] AS wide FROM range(3000) t(i)", 41)]
    [InlineData("SELECT i, {'a': i, 'b': {'c': repeat('x', 200000)}} AS wide FROM range(3000) t(i)", 41)]
    [InlineData("SELECT i, MAP {i: repeat('x', 200000)} AS wide FROM range(3000) t(i)", 41)]
    [InlineData("SELECT i, [repeat('x', 100000), repeat('x', 100000)]::VARCHAR[2] AS wide FROM range(3000) t(i)", 41)]
    [InlineData("SELECT i, union_value(u := repeat('x', 200000)) AS wide FROM range(3000) t(i)", 41)]
    [InlineData("SELECT i, CASE WHEN i < 3000 THEN NULL ELSE repeat('x', 200000) END AS wide FROM range(100000) t(i)", 3041)]
    [InlineData("SELECT i, repeat('x', 9000000) AS wide FROM range(30) t(i)", 0)]
    public async Task Wide_rows_are_cut_before_they_are_more_than_may_be_sent(string sql, int rows)
    {
        using var connection = trips.Connect();
        var (largest, runner) = (0, new QueryRunner(connection, trips.Limits, TimeProvider.System));
        var outcome = await runner.RunAsync(sql, frame =>
        {
            largest = Math.Max(largest, frame.Length);
            return new(true);
        }, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Message);
        Assert.Equal("bytes", outcome.Cut);
        Assert.InRange(outcome.Rows, rows, rows);
        Assert.InRange(outcome.Bytes, 1, trips.Limits.Bytes);
        Assert.InRange(largest, 1, 1 << 20);
        Assert.Null((await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public Task However_wide_rows_are_they_come_whole_and_in_order() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 90_000], Gen.Int[1, 7]).SampleAsync(async (rows, width, every) =>
        {
            var (outcome, batches) = await trips.AskAsync(
                $"SELECT i, [repeat('ab', (i % {every})::INT * {width})] AS wide, CASE WHEN i % {every} = 0 THEN NULL ELSE repeat('c', {width}) END AS other FROM range({rows}) t(i)");
            var sent = batches.SelectMany(batch => Enumerable.Range(0, batch.Length).Select(row => (
                ((Apache.Arrow.Int64Array)batch.Column(0)).GetValue(row),
                ((Apache.Arrow.StringArray)((Apache.Arrow.ListArray)batch.Column(1)).GetSlicedValues(row)).GetString(0).Length,
                ((Apache.Arrow.StringArray)batch.Column(2)).GetString(row)?.Length))).ToList();
            Assert.Equal(outcome.Rows, sent.Count);
            Assert.True(outcome.Cut is null ? sent.Count == rows : sent.Count < rows);
            Assert.All(sent, (row, i) => Assert.Equal(((long?)i, i % every * width * 2, i % every == 0 ? null : width), row));
        }, iter: 20);

    [Fact]
    public async Task A_query_that_never_ends_meets_its_time_and_the_next_one_runs()
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits with { Time = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        var (outcome, _) = await TripFolder.AskAsync(runner, Tab.Endless);
        Assert.Equal("time", outcome.Failure);
        Assert.Equal("It ran for 0 seconds, which is the limit here. It was stopped; the process goes on.", outcome.Message);
        Assert.True(outcome.Elapsed >= TimeSpan.FromMilliseconds(300));
        Assert.Null((await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public async Task A_query_is_stopped_in_its_middle_and_the_next_one_runs()
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        // When it was looked at once it runs.
        var running = runner.RunAsync(Tab.Endless, _ => new(true), (_, _) => cancel.Cancel(), cancel.Token);
        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal("cancelled", outcome.Failure);
        Assert.Null((await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Theory]
    [InlineData("SELECT list(a.started) FROM trips a, range(1000)", "memory", "more than 200 MB of memory at once")]
    [InlineData("SELECT md5(range::VARCHAR) AS h FROM range(12000000) ORDER BY h", "disk", "more than 200 MB of memory and 50 MB of disk")]
    public async Task What_needs_more_than_there_is_is_told_so_and_the_next_one_runs(string sql, string failure, string words)
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        var (outcome, _) = await TripFolder.AskAsync(runner, sql);
        Assert.True(outcome.Failure == failure, $"{outcome.Failure}: {outcome.Message}");
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
        Assert.Null((await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
        Assert.True(!Directory.Exists(trips.Limits.DiskFolder) || Directory.GetFiles(trips.Limits.DiskFolder).Length == 0, "what was spilled is still there");
    }

    [Fact]
    public async Task Nobody_reads_any_more_and_the_query_ends()
    {
        using var connection = trips.Connect();
        var outcome = await new QueryRunner(connection, trips.Limits, TimeProvider.System).RunAsync("SELECT * FROM trips", _ => new(false), (_, _) => { }, CancellationToken.None);
        Assert.Equal("cancelled", outcome.Failure);
    }

    [Fact]
    public async Task Whatever_is_thrown_on_the_way_is_an_answer_and_the_next_one_runs()
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        var outcome = await runner.RunAsync("SELECT * FROM trips", _ => throw new UnreachableException("on purpose"), (_, _) => { }, CancellationToken.None);
        Assert.Equal("query", outcome.Failure);
        Assert.Contains("on purpose", outcome.Message, StringComparison.Ordinal);
        Assert.Null((await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips")).Outcome.Failure);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_let_go_of()
    {
        using var own = new TripFolder();
        for (var i = 0; i < 3; i++)
        {
            var (outcome, _) = await own.AskAsync("SELECT 1::VARIANT AS v FROM trips");
            Assert.Equal("query", outcome.Failure);
        }

        Assert.NotEmpty(Open());
        own.Store.Dispose();
        // A result that nobody let go of would keep the database, and with it its files, open.
        Assert.Empty(Open());

        IEnumerable<string> Open() => Directory.GetFileSystemEntries("/proc/self/fd")
            .Select(TargetOf).Where(file => file.StartsWith(own.Path, StringComparison.Ordinal));

        static string TargetOf(string file)
        {
            try
            {
                return File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName ?? "";
            }
            catch (IOException)
            {
                return ""; // Others of this process close theirs meanwhile.
            }
        }
    }
}
