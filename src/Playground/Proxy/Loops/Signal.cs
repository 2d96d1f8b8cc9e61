using System.Threading.Tasks.Sources;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>
/// Says that something may be possible now. Said before anybody waits it is kept, once. Who waits goes on where it is said: on the
/// loop. One at a time may wait.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    private const int Nothing = 0, Said = 1, Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    public ValueTask Wait()
    {
        if (Interlocked.CompareExchange(ref _state, Nothing, Said) == Said) return ValueTask.CompletedTask;
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Nothing) == Nothing) return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Nothing);
        return ValueTask.CompletedTask;
    }

    public void Say()
    {
        if (Interlocked.CompareExchange(ref _state, Nothing, Awaited) == Awaited) _core.SetResult(true);
        else if (Interlocked.CompareExchange(ref _state, Said, Nothing) == Awaited) Say();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
