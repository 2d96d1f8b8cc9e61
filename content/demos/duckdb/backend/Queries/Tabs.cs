using System.Net.WebSockets;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>The tabs that share this process, because somebody gave them the same key: not more than it has room for, and one query of theirs at a time.</summary>
public sealed class Tabs
{
    /// <summary>Tabs that talk to one process at once. Each has a connection with temporary tables of its own, and a queue is only worth waiting in while it is short.</summary>
    public const int Most = 8;

    private int _open;

    public QueryTurns Turns { get; } = new();

    /// <summary>Whether there is another than the one that asks.</summary>
    public bool AreSeveral => Open > 1;

    /// <summary>How many are here, with one that is just being refused.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Talks with a tab for which there is room. Any other is told that there is none, with the status that says: do not come back by yourself.</summary>
    public async Task HoldAsync(BackendSocket socket, Func<Task> talk)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > Most)
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{Most} tabs use this process already. Close one of them.").ConfigureAwait(false);
                return;
            }

            await talk().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
