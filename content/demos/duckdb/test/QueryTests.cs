using Apache.Arrow;
using BrowserTech.Demos.DuckDb.Queries;
using CsCheck;

namespace BrowserTech.Demos.DuckDb;

public sealed class QueryTests(TripFolder trips) : IClassFixture<TripFolder>
{
    [Fact]
    public async Task An_answer_is_a_whole_arrow_stream()
    {
        var (outcome, batches) = await trips.AskAsync("SELECT rider, count(*) AS n, avg(metres) AS m, max(started) AS t FROM trips GROUP BY rider ORDER BY rider");
        Assert.Null(outcome.Failure);
        Assert.Equal(["rider", "n", "m", "t"], batches[0].Schema.FieldsList.Select(field => field.Name));
        Assert.Equal(["casual", "member"], Enumerable.Range(0, 2).Select(row => ((StringArray)batches[0].Column(0)).GetString(row)));
        Assert.Equal(TripFolder.Rows * 2, ((Int64Array)batches[0].Column(1)).Sum(n => n!.Value));
        Assert.True(outcome.First > TimeSpan.Zero && outcome.First <= outcome.Elapsed);
    }

    [Fact]
    public Task Numbers_come_through_as_they_are() => Gen.Select(Gen.Long, Gen.Double.Where(double.IsFinite), Gen.String[Gen.Char['ä', '漢'], 0, 40]).SampleAsync(async (whole, real, text) =>
    {
        var (outcome, batches) = await trips.AskAsync($"SELECT {whole - (whole == long.MinValue ? -1 : 0)}::BIGINT AS a, {real:R}::DOUBLE AS b, '{text.Replace("'", "''", StringComparison.Ordinal)}' AS c");
        Assert.Null(outcome.Message);
        Assert.Equal(whole + (whole == long.MinValue ? 1 : 0), ((Int64Array)batches[0].Column(0)).GetValue(0));
        Assert.Equal(real, ((DoubleArray)batches[0].Column(1)).GetValue(0)!.Value, Math.Abs(real) * 1e-15);
        Assert.Equal(text, ((StringArray)batches[0].Column(2)).GetString(0));
    }, iter: 30);

    [Fact]
    public async Task No_rows_are_an_answer_with_columns()
    {
        var (outcome, batches) = await trips.AskAsync("SELECT started, bike FROM trips WHERE metres < 0");
        Assert.Null(outcome.Failure);
        Assert.Equal(0, outcome.Rows);
        Assert.True(outcome.Bytes > 0);
        Assert.Empty(batches);
    }

    [Fact]
    public async Task Of_several_statements_the_last_is_answered()
    {
        var (outcome, batches) = await trips.AskAsync("CREATE OR REPLACE TEMP TABLE mine AS SELECT 42 AS x; SELECT x + 1 AS y FROM mine");
        Assert.Null(outcome.Message);
        Assert.Equal(43, ((Int32Array)batches[0].Column(0)).GetValue(0));
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
        var (outcome, _) = await trips.AskAsync(sql);
        Assert.Equal("query", outcome.Failure);
        Assert.NotEmpty(outcome.Message!);
    }

    [Fact]
    public async Task The_first_million_are_all_that_is_asked_over_when_the_first_million_are_chosen()
    {
        using var connection = trips.Store.Connect();
        trips.Store.Choose(connection, 1);
        var (_, batches) = await TripFolder.AskAsync(new QueryRunner(connection, trips.Limits, TimeProvider.System), "SELECT count(*) FROM trips");
        Assert.Equal(TripFolder.Rows, ((Int64Array)batches[0].Column(0)).GetValue(0));
    }

    [Theory]
    [InlineData("CREATE TEMP VIEW trips AS SELECT 1", "DROP VIEW stations")]
    [InlineData("DROP VIEW trips; CREATE TEMP TABLE trips AS SELECT 1 AS x", "CREATE OR REPLACE VIEW weather AS SELECT 1")]
    public async Task Whoever_takes_a_name_of_the_trips_has_it_until_the_next_query(string first, string second)
    {
        using var connection = trips.Connect();
        var runner = new QueryRunner(connection, trips.Limits, TimeProvider.System);
        await TripFolder.AskAsync(runner, first);
        await TripFolder.AskAsync(runner, second);
        trips.Store.Choose(connection, 2);
        var (outcome, _) = await TripFolder.AskAsync(runner, "SELECT count(*) FROM trips JOIN stations ON station = start_station JOIN weather ON day = started::DATE");
        Assert.Null(outcome.Message);
    }
}
