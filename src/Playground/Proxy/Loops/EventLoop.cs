using System.Collections.Concurrent;
using System.ComponentModel;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>
/// A thread that waits for many sockets at once and goes on, itself, with what waited for them. So a request through the proxy is carried
/// from its arrival to its answer without being handed from thread to thread, which costs more than carrying it. Nothing that blocks
/// may run here: see <see cref="LoopConnection"/>.
/// </summary>
internal sealed unsafe class EventLoop
{
    private const int Batch = 256;

    private static readonly Lazy<EventLoop[]> All = new(() => [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 8)).Select(number => new EventLoop(number))]);
    private static int _next;

    // One for all loops, so that a socket that moves from one to another is never taken for one that was there.
    private static long _lastId;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly ConcurrentDictionary<long, LoopSocket> _sockets = new();
    private readonly int _epoll;

    private EventLoop(int number)
    {
        _epoll = LoopCalls.Create(LoopCalls.CloseOnExec);
        if (_epoll < 0) throw new Win32Exception();
        new Thread(Run) { IsBackground = true, Name = $"Proxy loop {number}" }.UnsafeStart();
    }

    /// <summary>This thread is this loop's.</summary>
    public bool IsThis => _current == this;

    /// <summary>This thread is a loop's.</summary>
    public static bool IsHere => _current is not null;

    /// <summary>This thread's; for any other thread each in turn.</summary>
    public static EventLoop Here => _current ?? Next;

    /// <summary>Starts them, so that a machine on which there can be none is heard of then.</summary>
    /// <exception cref="Win32Exception">There can be none.</exception>
    public static void Begin() => _ = All.Value;

    public static EventLoop Next => All.Value[(uint)Interlocked.Increment(ref _next) % (uint)All.Value.Length];

    public long Watch(LoopSocket socket)
    {
        var id = Interlocked.Increment(ref _lastId);
        _sockets[id] = socket;
        var watched = false;
        try
        {
            watched = LoopCalls.Control(_epoll, LoopCalls.Add, socket.Handle, Reading, id) == 0;
            return watched ? id : throw new IOException("The socket cannot be waited for.", new Win32Exception());
        }
        finally
        {
            if (!watched) Forget(id);
        }
    }

    /// <summary>Tells as soon as, and once, more can be written.</summary>
    /// <exception cref="IOException">It would never be told.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public void WatchWriting(LoopSocket socket, long id, bool also)
    {
        if (LoopCalls.Control(_epoll, LoopCalls.Modify, socket.Handle, also ? Reading | LoopCalls.Out : Reading, id) != 0)
            throw new IOException("The socket cannot be waited for.", new Win32Exception());
    }

    /// <summary>It stays open.</summary>
    public void Unwatch(LoopSocket socket, long id)
    {
        Forget(id);
        _ = LoopCalls.Control(_epoll, LoopCalls.Delete, socket.Handle, 0, id);
    }

    /// <summary>Before the socket is closed, for what is closed is forgotten by the kernel.</summary>
    public void Forget(long id) => _sockets.TryRemove(id, out _);

    private static uint Reading => LoopCalls.In | LoopCalls.ReadHangUp | LoopCalls.Edge;

    private void Run()
    {
        _current = this;
        var size = LoopCalls.EventSize;
        var events = stackalloc byte[Batch * 16];
        while (true)
        {
            var count = LoopCalls.Wait(_epoll, events, Batch, -1);
            for (var i = 0; i < count; i++)
            {
                var entry = events + (i * size);
                if (_sockets.TryGetValue(LoopCalls.IdOf(entry), out var socket)) socket.Told(LoopCalls.EventsOf(entry));
            }
        }
    }
}
