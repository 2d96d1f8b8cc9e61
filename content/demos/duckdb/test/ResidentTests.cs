namespace BrowserTech.Demos.DuckDb;

/// <summary>What a process holds is looked at from outside, and the tests' process holds what every test needs: nothing else may run beside these.</summary>
[Collection("alone")]
public sealed class ResidentTests(TripFolder trips) : IClassFixture<TripFolder>
{
    /// <summary>Texts that the engine has for an instant and does not count: a gigabyte and more, where 150 MB are left.</summary>
    private const string Swells = "SELECT max(hash(repeat(repeat('x', 1000 + metres % 2), 500))) FROM trips";

    [Fact]
    public async Task What_the_engine_does_not_count_is_seen_from_outside()
    {
        var limits = trips.Limits with { ResidentMegabytes = Now() + 150 };
        var (outcome, _) = await trips.AskAsync(Swells, limits);
        Assert.Equal("memory", outcome.Failure);
        Assert.EndsWith($"more than {limits.ResidentMegabytes} MB, which is the limit here. It was stopped; the process goes on.", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_swells_is_stopped_and_what_another_tab_of_the_process_asked_is_answered()
    {
        await using var process = await OwnProcess.StartAsync(trips, trips.Limits with { ResidentMegabytes = Now() + 150 });
        using var one = await process.OpenAsync();
        using var other = await process.OpenAsync();
        await one.AskAsync(1, Swells);
        await one.NextAsync("progress");
        // It takes long enough to be looked at.
        await other.AskAsync(99, "SELECT sum(hash(started, n) % 7) FROM trips, range(200) t(n)");
        var stopped = await one.EndAsync();
        Assert.Equal(("memory", 1), Tab.Of(stopped));
        Assert.EndsWith("Other tabs use this process too, and what their temporary tables hold counts with it.", stopped.GetProperty("message").GetString(), StringComparison.Ordinal);
        Tab.IsAnswer(await other.EndAsync());
        await one.AnswersAsync();
    }

    private static int Now() => (int)(Environment.WorkingSet >> 20);
}

/// <summary>After all others, one by one.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
