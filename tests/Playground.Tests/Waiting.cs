using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

/// <summary>Bounded waits on the thing itself.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static Task Soon(this Task task) => task.WaitAsync(Bound);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Bound);

    /// <summary>Waits, woken by each change of the backend, until the condition holds.</summary>
    public static async Task Until(this LiveBackend backend, Func<LiveBackend, bool> condition)
    {
        using var late = new CancellationTokenSource(Bound);
        while (true)
        {
            var changed = backend.UseChanged;
            if (condition(backend)) return;
            await changed.WaitAsync(late.Token);
        }
    }

    public static Task Until(this LiveBackend backend, BackendState state) =>
        backend.Until(each => each.Life.State >= state);
}
