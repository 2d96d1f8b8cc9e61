using BrowserTech.Newsletter.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Newsletter.Tests.Storage;

public sealed class StoreTests
{
    private static readonly LockKey Key = LockKey.For("counter", "1");

    [Theory, OnBothDatabases]
    public async Task Two_thousand_changes_at_once_each_see_what_the_one_before_left(Database kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await AddCounterAsync(database);

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(() => IncrementAsync(database))));

        Assert.Equal(2000, await ValueAsync(database));
    }

    [Theory, OnBothDatabases]
    public async Task A_change_that_throws_leaves_nothing(Database kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await AddCounterAsync(database);

        await Assert.ThrowsAsync<InvalidDataException>(() => database.Store.ChangeAsync(async (db, cancel) =>
        {
            (await db.Counters.SingleAsync(cancel)).Value = 7;
            await db.SaveChangesAsync(cancel);
            throw new InvalidDataException();
        }, Key));

        Assert.Equal(0, await ValueAsync(database));
    }

    [Theory, OnBothDatabases]
    public async Task A_change_cancelled_before_its_commit_leaves_nothing_and_lets_the_next_one_in(Database kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await AddCounterAsync(database);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.Store.ChangeAsync(async (db, cancel) =>
        {
            (await db.Counters.SingleAsync(cancel)).Value = 7;
            await stop.CancelAsync();
        }, Key, stop.Token));

        await IncrementAsync(database);
        Assert.Equal(1, await ValueAsync(database));
    }

    [Fact]
    public async Task A_deadlock_on_PostgreSQL_is_run_again_and_both_changes_happen()
    {
        await using var database = await TestDatabase.CreateAsync(Database.Postgres);
        await AddCounterAsync(database);
        await AddCounterAsync(database);
        var bothStarted = new Barrier(2);
        var runs = 0;

        Task CrossAsync(int first, int second) => Task.Run(() => database.Store.ChangeAsync(async (db, cancel) =>
        {
            var run = Interlocked.Increment(ref runs);
            await db.Counters.Where(row => row.Id == first)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Value, row => row.Value + 1), cancel);
            if (run <= 2) bothStarted.SignalAndWait(TimeSpan.FromSeconds(20), cancel);
            await db.Counters.Where(row => row.Id == second)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Value, row => row.Value + 1), cancel);
        }));

        await Task.WhenAll(CrossAsync(1, 2), CrossAsync(2, 1));

        Assert.Equal([2, 2], await database.Store.ReadAsync((db, cancel) =>
            db.Counters.Select(row => row.Value).ToListAsync(cancel)));
        Assert.True(runs > 2);
    }

    [Theory, OnBothDatabases]
    public async Task Times_come_back_to_the_millisecond_and_sort_across_offsets(Database kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var early = new DateTimeOffset(2026, 11, 23, 1, 0, 0, 123, TimeSpan.FromHours(5));
        var late = new DateTimeOffset(2026, 11, 22, 23, 0, 0, 456, TimeSpan.FromHours(-5));
        await database.Store.ChangeAsync(async (db, cancel) =>
        {
            db.SpentLinks.Add(new() { TokenHash = "late", SpentAt = late });
            db.SpentLinks.Add(new() { TokenHash = "early", SpentAt = early });
            await db.SaveChangesAsync(cancel);
        });

        var links = await database.Store.ReadAsync((db, cancel) =>
            db.SpentLinks.OrderBy(link => link.SpentAt).ToListAsync(cancel));

        Assert.Equal([early, late], links.Select(link => link.SpentAt));
    }

    private static Task AddCounterAsync(TestDatabase database) => database.Store.ChangeAsync((db, _) =>
    {
        db.Counters.Add(new Counter());
        return Task.CompletedTask;
    });

    private static Task IncrementAsync(TestDatabase database) => database.Store.ChangeAsync(
        async (db, cancel) => (await db.Counters.SingleAsync(cancel)).Value++, Key);

    private static Task<int> ValueAsync(TestDatabase database) =>
        database.Store.ReadAsync((db, cancel) => db.Counters.Select(row => row.Value).SingleAsync(cancel));
}
