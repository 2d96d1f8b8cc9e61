using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>
/// One thread that is told by the kernel about every backend: that its process ended (a pidfd becomes readable) and that a
/// file appeared in its folder (inotify). Nothing is polled on a clock, and a thousand backends need no second thread.
/// </summary>
internal sealed unsafe class ProcessWatch : IDisposable
{
    private readonly int _wake;
    private readonly int _inotify;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Child> _arrivals = new();
    private readonly Dictionary<int, Child> _children = [];
    private readonly ConcurrentDictionary<int, Action<string>> _folders = new();
    private readonly Lock _folderLock = new();
    private volatile bool _stopping;

    public ProcessWatch()
    {
        _wake = Libc.EventFd(0, Libc.CloseOnExec);
        if (_wake < 0) throw Libc.Failed("eventfd");
        _inotify = Libc.InotifyInit(Libc.CloseOnExec);
        if (_inotify < 0) throw Libc.Failed("inotify_init1");
        _thread = new Thread(Loop) { IsBackground = true, Name = "session backends: watch" };
        _thread.Start();
    }

    /// <summary>
    /// Completes when the child has ended and has been reaped. The pid must be a child of this process. Never refuses: where
    /// no descriptor is left to watch with, a thread of its own waits.
    /// </summary>
    public Task<ProcessExit> ExitOf(int pid)
    {
        var fd = Libc.PidFdOpen(pid);
        return fd < 0
            ? Task.Factory.StartNew(() => Wait(pid), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Add(pid, fd);
    }

    private static ProcessExit Wait(int pid)
    {
        int status;
        while (Libc.WaitPid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted) return Decode(0); // not our child: it is gone
        }

        return Decode(status);
    }

    private Task<ProcessExit> Add(int pid, int fd)
    {
        var child = new Child(pid, fd, new TaskCompletionSource<ProcessExit>(TaskCreationOptions.RunContinuationsAsynchronously));
        _arrivals.Enqueue(child);
        Wake();
        return child.Exited.Task;
    }

    /// <summary>Completes when a process that is not our child has ended, at once if there is none of this pid.</summary>
    public Task EndOf(int pid) => Libc.PidFdOpen(pid) is var fd && fd < 0 ? Task.CompletedTask : Add(pid, fd);

    /// <summary>
    /// Calls back, on the watching thread, with the name of each file that appears in the folder until disposed. The
    /// callback must not block.
    /// </summary>
    public IDisposable FilesIn(string folder, Action<string> appeared)
    {
        // The watch exists before its callback is known; the lock keeps an event from being looked up in between.
        lock (_folderLock)
        {
            var watch = Libc.InotifyAddWatch(_inotify, folder, Libc.InotifyCreate | Libc.InotifyMovedTo);
            if (watch < 0) throw Libc.Failed("inotify_add_watch");
            _folders[watch] = appeared;
            return new FolderWatch(this, watch);
        }
    }

    public void Dispose()
    {
        _stopping = true;
        Wake();
        _thread.Join();
        _ = Libc.Close(_wake);
        _ = Libc.Close(_inotify);
    }

    private void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    private void Loop()
    {
        while (!_stopping)
        {
            while (_arrivals.TryDequeue(out var child)) _children[child.Fd] = child;
            var fds = new Libc.PollFd[_children.Count + 2];
            fds[0] = new Libc.PollFd { Fd = _wake, Events = Libc.PollIn };
            fds[1] = new Libc.PollFd { Fd = _inotify, Events = Libc.PollIn };
            var next = 2;
            foreach (var fd in _children.Keys) fds[next++] = new Libc.PollFd { Fd = fd, Events = Libc.PollIn };

            int ready;
            fixed (Libc.PollFd* pointer = fds) ready = Libc.Poll(pointer, (nuint)fds.Length, -1);
            if (ready < 0)
            {
                if (Marshal.GetLastPInvokeError() == Libc.Interrupted) continue;
                throw Libc.Failed("poll");
            }

            if (fds[0].Returned != 0) Drain();
            if (fds[1].Returned != 0) ReadFolderEvents();
            foreach (var fd in fds.AsSpan(2))
            {
                if (fd.Returned != 0) Reap(fd.Fd);
            }
        }

        foreach (var child in _children.Values) _ = Libc.Close(child.Fd);
    }

    private void Drain()
    {
        ulong count;
        _ = Libc.Read(_wake, &count, sizeof(ulong));
    }

    private void Reap(int fd)
    {
        var child = _children[fd];
        int status;
        var reaped = Libc.WaitPid(child.Pid, &status, Libc.NoHang);
        if (reaped == 0) return;
        if (reaped < 0) status = 0; // not our child: only its end is known
        _children.Remove(fd);
        _ = Libc.Close(fd);
        child.Exited.TrySetResult(Decode(status));
    }

    /// <summary>The layout of a wait status has been the same on every Unix for fifty years.</summary>
    private static ProcessExit Decode(int status)
    {
        var signal = status & 0x7f;
        return signal == 0 ? new ProcessExit((status >> 8) & 0xff, null) : new ProcessExit(128 + signal, signal);
    }

    private void ReadFolderEvents()
    {
        const int HeaderSize = 16; // watch, mask, cookie, length of the name
        var buffer = stackalloc byte[8192];
        var length = (int)Libc.Read(_inotify, buffer, 8192);
        for (var at = 0; at + HeaderSize <= length;)
        {
            var watch = *(int*)(buffer + at);
            var nameLength = *(int*)(buffer + at + 12);
            var name = new ReadOnlySpan<byte>(buffer + at + HeaderSize, nameLength);
            at += HeaderSize + nameLength;
            Action<string>? appeared;
            lock (_folderLock) _folders.TryGetValue(watch, out appeared);
            appeared?.Invoke(Encoding.UTF8.GetString(name.TrimEnd((byte)0)));
        }
    }

    private sealed record Child(int Pid, int Fd, TaskCompletionSource<ProcessExit> Exited);

    private sealed class FolderWatch(ProcessWatch owner, int watch) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
            lock (owner._folderLock)
            {
                if (owner._folders.TryRemove(watch, out _) && !owner._stopping)
                    _ = Libc.InotifyRemoveWatch(owner._inotify, watch);
            }
        }
    }
}
