using BrowserTech.Site.Analytics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.Site.Tests.Analytics;

public sealed class StorageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics-tests-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_read_back_as_figures_of_its_days()
    {
        using var store = Open();
        store.Write([Hit("/a", visitor: 1), Hit("/a", visitor: 2, source: "GitHub"), Hit("/b", visitor: 1), Hit("/a", visitor: ulong.MaxValue, daysAgo: 1), Hit("/old", visitor: 9, daysAgo: 40)]);

        var overview = new OverviewQuery(store).Read("example.org", Today, 30);
        Assert.Equal(30, overview.Days.Count);
        Assert.Equal(new DayCount(Today, 2, 3), overview.Days[^1]);
        Assert.Equal(new DayCount(Today.AddDays(-1), 1, 1), overview.Days[^2]);
        Assert.Equal((3, 4), (overview.Visitors, overview.Pageviews));
        Assert.Equal([new Ranked("/a", 3, 3), new Ranked("/b", 1, 1)], overview.Pages);
        Assert.Equal([new Ranked("", 2, 2), new Ranked("GitHub", 1, 1)], overview.Sources);
    }

    [Fact]
    public void Events_that_are_no_pageviews_and_other_sites_are_not_counted()
    {
        using var store = Open();
        store.Write([Hit("/a", 1) with { Name = "Signup" }, Hit("/a", 1) with { Domain = "other.example" }]);
        Assert.Equal(0, new OverviewQuery(store).Read("example.org", Today, 30).Pageviews);
    }

    [Fact]
    public void Figures_survive_a_restart()
    {
        using (var store = Open()) store.Write([Hit("/a", 1)]);
        using var again = Open();
        Assert.Equal(1, new OverviewQuery(again).Read("example.org", Today, 30).Pageviews);
    }

    [Fact]
    public async Task The_writer_moves_the_buffer_to_the_file_each_interval_and_when_it_stops()
    {
        using var store = Open();
        var buffer = new HitBuffer();
        using var writer = new HitWriter(buffer, store, Salts(), _time, NullLogger<HitWriter>.Instance);
        buffer.Add(Hit("/a", 1));
        await writer.FlushAsync();
        Assert.Equal(1, new OverviewQuery(store).Read("example.org", Today, 30).Pageviews);

        await writer.StartAsync(CancellationToken.None);
        buffer.Add(Hit("/b", 1));
        await writer.StopAsync(CancellationToken.None);
        Assert.Equal(2, new OverviewQuery(store).Read("example.org", Today, 30).Pageviews);
    }

    [Fact]
    public void A_full_buffer_drops_and_counts_and_never_waits()
    {
        var buffer = new HitBuffer(capacity: 2, HitBuffer.DefaultMaxBytes);
        Assert.True(buffer.Add(Hit("/a", 1)));
        Assert.True(buffer.Add(Hit("/a", 1)));
        Assert.False(buffer.Add(Hit("/a", 1)));
        Assert.Equal(1, buffer.Dropped);
    }

    [Fact]
    public void A_few_huge_hits_fill_the_buffer_as_many_small_ones_do()
    {
        var buffer = new HitBuffer(capacity: 1_000, maxBytes: 10_000);
        Assert.True(buffer.Add(Hit("/" + new string('x', 4_000), 1)));
        Assert.False(buffer.Add(Hit("/" + new string('x', 4_000), 1)));
        Assert.True(buffer.TryTake(out _));
        Assert.True(buffer.Add(Hit("/" + new string('x', 4_000), 1)));
    }

    [Fact]
    public void A_days_salt_survives_a_restart_and_is_gone_when_the_day_is_over()
    {
        var first = Salts().Today().ToArray();
        Assert.Equal(first, Salts().Today().ToArray());

        _time.Advance(TimeSpan.FromDays(1));
        var second = Salts().Today().ToArray();
        Assert.NotEqual(first, second);
        Assert.Equal(1, SaltFiles());

        // Nobody comes on the next day: the key goes all the same.
        _time.Advance(TimeSpan.FromDays(1));
        Salts().DropOld();
        Assert.Equal(0, SaltFiles());
    }

    [Fact]
    public void One_hub_that_runs_over_midnight_takes_the_new_days_salt()
    {
        var salts = Salts();
        var before = salts.Today().ToArray();
        _time.Advance(TimeSpan.FromHours(12));
        Assert.NotEqual(before, salts.Today().ToArray());
    }

    [Fact]
    public void A_visitor_is_one_number_a_day_and_another_for_any_difference()
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        var visitor = VisitorHash.Of(salt, "UA", "1.2.3.4", "example.org", "example.org");
        Assert.Equal(visitor, VisitorHash.Of(salt, "UA", "1.2.3.4", "example.org", "example.org"));
        Assert.NotEqual(visitor, VisitorHash.Of(salt, "UA2", "1.2.3.4", "example.org", "example.org"));
        Assert.NotEqual(visitor, VisitorHash.Of(salt, "UA", "1.2.3.5", "example.org", "example.org"));
        Assert.NotEqual(visitor, VisitorHash.Of(salt, "UA1", ".2.3.4", "example.org", "example.org"));
        Assert.NotEqual(visitor, VisitorHash.Of([.. salt.Reverse()], "UA", "1.2.3.4", "example.org", "example.org"));
    }

    [Theory]
    [InlineData(null, "", "")]
    [InlineData("https://www.google.com/", "google.com", "Google")]
    [InlineData("https://www.google.co.uk/search?q=secret", "google.co.uk/search", "Google")]
    [InlineData("https://news.ycombinator.com/item?id=1#x", "news.ycombinator.com/item", "Hacker News")]
    [InlineData("https://www.blog.example/path/", "blog.example/path", "blog.example")]
    [InlineData("https://www.example.org/other", "", "")]
    [InlineData("http://localhost:3000/", "", "")]
    [InlineData("ftp://files.example/", "", "")]
    [InlineData("not an address", "", "")]
    [InlineData("android-app://com.example.reader/", "android-app://com.example.reader", "com.example.reader")]
    public void A_referrer_is_kept_without_what_is_private_and_named(string? referrer, string kept, string source) =>
        Assert.Equal((kept, source), TrafficSource.Of(referrer, Campaign.None, "example.org"));

    [Fact]
    public void A_campaign_comes_before_the_referrer() =>
        Assert.Equal("Newsletter", TrafficSource.Of("https://google.com/", TrafficSource.CampaignOf(new Dictionary<string, string> { ["utm_source"] = "newsletter" }), "example.org").Source);

    private static DateOnly Today => new(2026, 11, 23);

    private HitStore Open() => new(Path.Combine(_folder.FullName, "hits.duckdb"));

    private DailySalts Salts() => new(_folder.FullName, _time, NullLogger<DailySalts>.Instance);

    private int SaltFiles() => Directory.GetFiles(_folder.FullName, "*.salt").Length;

    private Hit Hit(string path, ulong visitor, string source = "", int daysAgo = 0) =>
        new(_time.GetUtcNow().AddDays(-daysAgo), "pageview", "example.org", "example.org", path, "", source, Campaign.None, visitor, null);
}
