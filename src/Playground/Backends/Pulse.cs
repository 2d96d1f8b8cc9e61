namespace BrowserTech.Playground.Backends;

/// <summary>Wakes whoever waits for the next of something. Saying it when nobody waits costs nothing, so it may be said for each request.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource? _next;

    /// <summary>Completes when it is said next. Take it before looking, then wait.</summary>
    public Task Next
    {
        get
        {
            while (true)
            {
                if (Volatile.Read(ref _next) is { } next) return next.Task;
                Interlocked.CompareExchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            }
        }
    }

    public void Say() => Interlocked.Exchange(ref _next, null)?.TrySetResult();
}
