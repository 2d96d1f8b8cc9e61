using Apache.Arrow;
using BrowserTech.Demos.DuckDb.Queries;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What one query leaves for the next, and what it leaves for nobody else.</summary>
public sealed class TransactionTests(TripFolder trips) : IClassFixture<TripFolder>
{
    private const string Count = "SELECT count(*) FROM trips JOIN stations ON station = start_station JOIN weather ON day = started::DATE";

    [Theory]
    [InlineData("SELECT error('on purpose')")]
    [InlineData("SELECT no_such_column FROM trips")]
    [InlineData("CREATE TEMP TABLE mine AS SELECT 1 AS x; SELECT 1 // error('on purpose')::INT")]
    public async Task A_transaction_that_fails_is_undone_said_to_be_and_the_next_query_runs(string mistake)
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        await AsksAsync("BEGIN");
        trips.Store.Choose(connection, 1);
        var (failed, _) = await TripFolder.AskAsync(runner, mistake);
        Assert.Equal("query", failed.Failure);
        Assert.EndsWith("The transaction it was part of is undone.", failed.Message, StringComparison.Ordinal);
        trips.Store.Choose(connection, 2);
        await AsksAsync(Count);
        await AsksAsync("BEGIN; CREATE TEMP TABLE mine AS SELECT 42 AS x");
        trips.Store.Choose(connection, 2);
        await AsksAsync("INSERT INTO mine VALUES (43); COMMIT");
        Assert.Equal(2, await AsksAsync("SELECT count(*) FROM mine"));

        async Task<long?> AsksAsync(string sql)
        {
            var (outcome, batches) = await TripFolder.AskAsync(runner, sql);
            Assert.Null(outcome.Message);
            return batches is [var first, ..] && first.Column(0) is Int64Array numbers ? numbers.GetValue(0) : null;
        }
    }

    [Fact]
    public async Task What_somebody_makes_is_there_for_the_next_query_and_for_nobody_else()
    {
        using var mine = trips.Connect();
        using var other = trips.Connect();
        var (one, two) = (new QueryRunner(mine, trips.Limits, TimeProvider.System), new QueryRunner(other, trips.Limits, TimeProvider.System));
        Assert.Null((await TripFolder.AskAsync(one, "CREATE TEMP TABLE mine AS SELECT 42 AS x; CREATE TEMP MACRO twice(x) AS x * 2")).Outcome.Message);
        Assert.Null((await TripFolder.AskAsync(one, "SELECT twice(x) FROM mine")).Outcome.Message);
        Assert.Contains("mine does not exist", (await TripFolder.AskAsync(two, "SELECT x FROM mine")).Outcome.Message, StringComparison.Ordinal);
        var (_, seen) = await TripFolder.AskAsync(two, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mine'");
        Assert.Equal(0, ((Int64Array)seen[0].Column(0)).GetValue(0));
    }

    [Fact]
    public async Task Whoever_would_leave_a_table_for_others_is_told_how_to_have_one_alone()
    {
        var (outcome, _) = await trips.AskAsync("CREATE TABLE mine AS SELECT 42 AS x");
        Assert.Contains("CREATE TEMP TABLE makes one of your own", outcome.Message, StringComparison.Ordinal);
    }
}
