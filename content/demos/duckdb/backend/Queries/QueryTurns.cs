namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// One query at a time in a process, in the order in which they came. What a query takes is seen from outside, by what the whole process holds; so while two run
/// nobody could say whose it is, and the one that took nothing would be stopped with the other. Tabs that share a process wait for each other, and are told so.
/// </summary>
public sealed class QueryTurns
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private bool _isTaken;

    /// <summary>Returns when it is this query's turn; disposing what it returns gives the turn to the next.</summary>
    /// <param name="told">Hears how many are before it, at least 1, now and whenever that changes; never where it need not wait. It returns at once.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">It was given up; those behind it move on.</exception>
    public async Task<IDisposable> TakeAsync(Action<int> told, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var mine = new Waiting(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), told);
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return new Turn(this);
            }

            _waiting.AddLast(mine);
            told(_waiting.Count);
        }

        await using var _ = cancel.Register(() => GiveUp(mine, cancel)).ConfigureAwait(false);
        await mine.Begins.Task.ConfigureAwait(false);
        return new Turn(this);
    }

    private void GiveUp(Waiting given, CancellationToken cancel)
    {
        lock (_lock)
        {
            // It may have got its turn in this moment, and then has it.
            if (!_waiting.Remove(given)) return;
            TellAll();
        }

        given.Begins.SetCanceled(cancel);
    }

    private void Pass()
    {
        Waiting? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            _isTaken = next is not null;
            if (next is null) return;
            _waiting.RemoveFirst();
            TellAll();
        }

        next.Begins.SetResult();
    }

    private void TellAll()
    {
        var before = 0;
        foreach (var each in _waiting) each.Told(++before);
    }

    private sealed record Waiting(TaskCompletionSource Begins, Action<int> Told);

    private sealed class Turn(QueryTurns turns) : IDisposable
    {
        private QueryTurns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Pass();
    }
}
