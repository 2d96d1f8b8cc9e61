namespace BrowserTech.Demos.DuckDb;

/// <summary>SQL of strangers, which tries to get at what is not the trips.</summary>
public sealed class ClosedDoorsTests(TripFolder trips) : IClassFixture<TripFolder>
{
    [Theory]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd.csv'")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT * FROM read_blob('/proc/self/environ')")]
    [InlineData("SELECT * FROM read_parquet('https://example.org/x.parquet')")]
    [InlineData("COPY trips TO '/tmp/out.csv'")]
    [InlineData("COPY (SELECT 1) TO '/dev/shm/out.csv'")]
    [InlineData("EXPORT DATABASE '/tmp/out'")]
    [InlineData("ATTACH '/tmp/other.db' AS other")]
    [InlineData("ATTACH ':memory:' AS other")]
    [InlineData("CREATE TABLE mine AS SELECT 42 AS x")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("LOAD '/tmp/evil.duckdb_extension'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("RESET lock_configuration")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET temp_directory = '/home'")]
    [InlineData("SET max_temp_directory_size = '100GB'")]
    [InlineData("SET threads = 64")]
    [InlineData("PRAGMA threads = 64")]
    [InlineData("SET allow_unsigned_extensions = true")]
    [InlineData("INSERT INTO part00.trips SELECT * FROM trips LIMIT 1")]
    [InlineData("DROP TABLE part00.trips")]
    [InlineData("DETACH part00")]
    [InlineData("PREPARE d AS DETACH part00; EXECUTE d")]
    [InlineData("SELECT 1; DETACH city")]
    [InlineData("CREATE SECRET s (TYPE S3)")]
    public async Task It_is_refused_and_the_trips_are_as_they_were(string sql)
    {
        var (outcome, _) = await trips.AskAsync(sql);
        Assert.Equal("query", outcome.Failure);
        Assert.Null((await trips.AskAsync("SELECT count(*) FROM trips, stations LIMIT 1")).Outcome.Failure);
    }

    [Fact]
    public async Task Nothing_is_left_on_the_disk()
    {
        await trips.AskAsync("COPY (SELECT 1 AS x) TO '/tmp/duckdb-demo-out.csv'");
        Assert.False(File.Exists("/tmp/duckdb-demo-out.csv"));
        Assert.Equal(["00.db", "01.db", "city.db", "version"], Directory.GetFiles(trips.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
