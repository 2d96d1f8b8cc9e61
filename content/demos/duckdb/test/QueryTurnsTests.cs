using BrowserTech.Demos.DuckDb.Queries;
using CsCheck;

namespace BrowserTech.Demos.DuckDb;

public sealed class QueryTurnsTests
{
    [Fact]
    public Task Whoever_comes_and_whoever_gives_up_one_has_the_turn_and_the_order_is_that_of_coming() =>
        // 0: another comes; 1: the one that runs ends; 2 and more: one of those that wait gives up.
        Gen.Int[0, 6].List[0, 60].SampleAsync(async steps =>
        {
            var turns = new QueryTurns();
            var (next, running) = (0, ((int Number, Task<IDisposable> Turn)?)null);
            var waiting = new List<(int Number, Task<IDisposable> Turn, CancellationTokenSource Cancel, int[] Told)>();
            foreach (var step in steps)
            {
                if (step == 0)
                {
                    var (cancel, told) = (new CancellationTokenSource(), new int[1]);
                    var turn = turns.TakeAsync(ahead => told[0] = ahead, cancel.Token);
                    if (running is null) running = (next++, turn);
                    else waiting.Add((next++, turn, cancel, told));
                }
                else if (step == 1 && running is { } ends)
                {
                    (await ends.Turn).Dispose();
                    running = waiting is [var first, ..] ? (first.Number, first.Turn) : null;
                    if (waiting.Count > 0) waiting.RemoveAt(0);
                }
                else if (step > 1 && waiting.Count > 0)
                {
                    var given = waiting[step % waiting.Count];
                    await given.Cancel.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Turn);
                    given.Cancel.Dispose();
                    waiting.Remove(given);
                }

                // Who has the turn has it soon, and nobody else does.
                if (running is { } runs) await runs.Turn.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                Assert.All(waiting, each => Assert.False(each.Turn.IsCompleted));
                Assert.Equal(Enumerable.Range(1, waiting.Count), waiting.Select(each => each.Told[0]));
            }
        }, iter: 200);

    [Fact]
    public async Task A_turn_that_is_given_back_twice_is_given_back_once()
    {
        var turns = new QueryTurns();
        var first = await turns.TakeAsync(_ => { }, CancellationToken.None);
        var (second, third) = (turns.TakeAsync(_ => { }, CancellationToken.None), turns.TakeAsync(_ => { }, CancellationToken.None));
        first.Dispose();
        first.Dispose();
        (await second).Dispose();
        (await third).Dispose();
    }
}
