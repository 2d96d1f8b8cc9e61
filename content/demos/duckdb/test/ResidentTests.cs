namespace BrowserTech.Demos.DuckDb;

/// <summary>What a process holds is looked at from outside, and the tests' process holds what every test needs: nothing else may run beside these.</summary>
[Collection("alone")]
public sealed class ResidentTests(TripFolder trips) : IClassFixture<TripFolder>
{
    /// <summary>Texts that the engine has for an instant and does not count: two thousand of a megabyte each.</summary>
    private const string Swells = "SELECT max(hash(repeat(repeat('x', 1000 + metres % 2), 1000))) FROM trips";

    /// <summary>A machine that is at its limit gives gigabytes slowly.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>It needs little, and takes long enough to be looked at.</summary>
    private const string Small = "SELECT sum(hash(started, n) % 7) FROM trips, range(400) t(n)";

    [Fact]
    public async Task What_the_engine_does_not_count_is_seen_from_outside_and_is_laid_to_no_other_query_at_that_time_or_later()
    {
        var limit = (int)(Environment.WorkingSet >> 20) + 150;
        await using var process = await OwnProcess.StartAsync(trips, trips.Limits with { ResidentMegabytes = limit, Time = TimeSpan.FromMinutes(10) });
        using var one = await process.OpenAsync();
        using var other = await process.OpenAsync();
        // Both are there before either begins.
        using (await process.Tabs.Turns.TakeAsync(_ => { }, Tab.Stop()))
        {
            await one.AskAsync(1, Swells);
            await one.NextAsync("waiting");
            await other.AskAsync(99, Small);
            Assert.Equal(2, (await other.NextAsync("waiting")).GetProperty("ahead").GetInt32());
        }

        var stopped = await one.EndAsync(Patience);
        Assert.Equal(("memory", 1), Tab.Of(stopped));
        Assert.Equal($"It made the process hold more than {limit} MB, which is the limit here. It was stopped; the process goes on. "
            + "Other tabs use this process too, and what their temporary tables hold counts with it.", stopped.GetProperty("message").GetString());
        Tab.IsAnswer(await other.EndAsync(Patience));
        await one.AskAsync(99, Small);
        Tab.IsAnswer(await one.EndAsync(Patience));
    }
}

/// <summary>After all others, one by one.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
