using System.Net.WebSockets;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The tabs that look at this process, because somebody gave them the same key: not more than its memory is for.</summary>
internal sealed class Tabs
{
    /// <summary>Tabs that look at one process at once. Each filter costs 1.3 MB, and each tab has one.</summary>
    public const int Most = 8;

    private int _open;

    /// <summary>How many are here, with one that is just being refused.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Talks with a tab for which there is room. Any other is told that there is none, with the status that says: do not come back by yourself.</summary>
    public async Task HoldAsync(BackendSocket socket, Func<Task> talk)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > Most)
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{Most} tabs look at this process already. Close one of them.");
                return;
            }

            await talk();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
