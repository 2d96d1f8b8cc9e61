using System.Collections.Concurrent;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>
/// The threads that start processes. They live as long as the hub, because a child that asks to die with its parent
/// (bubblewrap does) is killed when the <em>thread</em> that started it ends, and pool threads end when idle. Several,
/// because starting blocks in the kernel and one thread makes a burst of a hundred queue; not many, because two cores
/// carry no more.
/// </summary>
internal sealed class Spawner : IDisposable
{
    private const int Threads = 4;

    private readonly BlockingCollection<Work> _queue = [];

    public Spawner()
    {
        for (var i = 0; i < Threads; i++)
            new Thread(Loop) { IsBackground = true, Name = $"session backends: spawn {i + 1}" }.Start();
    }

    public Task<Spawned> Start(SpawnRequest request)
    {
        var work = new Work(request, new TaskCompletionSource<Spawned>(TaskCreationOptions.RunContinuationsAsynchronously));
        _queue.Add(work);
        return work.Done.Task;
    }

    /// <summary>The threads end, and with them every process that dies with its parent.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            try
            {
                work.Done.SetResult(PosixSpawn.Start(work.Request));
            }
            catch (Exception error)
            {
                work.Done.SetException(error);
            }
        }
    }

    private sealed record Work(SpawnRequest Request, TaskCompletionSource<Spawned> Done);
}
