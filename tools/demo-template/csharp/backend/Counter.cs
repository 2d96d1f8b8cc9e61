namespace BrowserTech.Demos.CLASSDemo;

/// <summary>A number that several may raise and wait for.</summary>
internal sealed class Counter
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _count;

    /// <summary>The number, and what completes when it is another.</summary>
    public (long Count, Task Changed) Now
    {
        get
        {
            lock (_lock) return (_count, _changed.Task);
        }
    }

    public long Add()
    {
        lock (_lock)
        {
            _changed.SetResult();
            _changed = NewSignal();
            return ++_count;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
