using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>What happened in a watched folder.</summary>
internal enum FolderChange
{
    /// <summary>Something with this name appeared.</summary>
    Appeared,

    /// <summary>A folder with this name appeared.</summary>
    FolderAppeared,

    /// <summary>A file of this name was written to.</summary>
    Written,

    /// <summary>The kernel had more to tell, of whatever folder, than it keeps: what is there must be looked at.</summary>
    Missed,
}

/// <summary>
/// One thread that is told by the kernel about every backend: that its process ended (a pidfd becomes readable) and that
/// something changed in its folder (inotify). Nothing is polled on a clock, a thousand backends need no second thread, and one
/// that is told nothing costs nothing (epoll, not poll).
/// </summary>
internal sealed unsafe class ProcessWatch : IDisposable
{
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _clock;
    private readonly int _epoll;
    private readonly int _wake;
    private readonly int _inotify;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<int, Child> _children = new();
    private readonly ConcurrentDictionary<int, Action<string, FolderChange>> _folders = new();
    private readonly Lock _folderLock = new();
    private bool _stopping;

    /// <param name="clock">By which folders are looked at that the kernel does not watch; null: the machine's.</param>
    public ProcessWatch(TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _epoll = Valid(Libc.EpollCreate(Libc.CloseOnExec), "epoll_create1");
        _wake = Valid(Libc.EventFd(0, Libc.CloseOnExec), "eventfd");
        _inotify = Valid(Libc.InotifyInit(Libc.CloseOnExec), "inotify_init1");
        Follow(_wake);
        Follow(_inotify);
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
        return fd >= 0 && TryAdd(pid, fd, out var told)
            ? told
            : Task.Factory.StartNew(() => Wait(pid), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Completes when a process that is not our child has ended, at once if there is none of this pid.</summary>
    public Task EndOf(int pid) => Libc.PidFdOpen(pid) is var fd && fd >= 0 && TryAdd(pid, fd, out var told) ? told : Task.CompletedTask;

    /// <summary>
    /// Calls back, on the watching thread, with each change in the folder until disposed. The callback must not block. A user may
    /// have only so many folders watched, and where the hub is not root its backends count as the same user: when there are no
    /// more, the callback is told again and again that it should look.
    /// </summary>
    public IDisposable ChangesIn(string folder, Action<string, FolderChange> changed)
    {
        // The watch exists before its callback is known; the lock keeps an event from being looked up in between.
        lock (_folderLock)
        {
            var watch = Libc.InotifyAddWatch(
                _inotify, folder, Libc.InotifyCreate | Libc.InotifyMovedTo | Libc.InotifyModify);
            if (watch < 0 && Marshal.GetLastPInvokeError() == Libc.NoSpace)
                return _clock.CreateTimer(_ => changed("", FolderChange.Missed), null, TimeSpan.Zero, LookPause);
            if (watch < 0) throw Libc.Failed("inotify_add_watch");
            _folders[watch] = changed;
            return new FolderWatch(this, watch);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _stopping, true)) return;
        ulong one = 1;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
        _thread.Join();
        _ = Libc.Close(_wake);
        _ = Libc.Close(_inotify);
        _ = Libc.Close(_epoll);
    }

    private static int Valid(int fd, string call) => fd >= 0 ? fd : throw Libc.Failed(call);

    private static ProcessExit Wait(int pid)
    {
        int status;
        while (Libc.WaitPid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted) return Decode(0); // not our child: it is gone
        }

        return Decode(status);
    }

    private bool TryAdd(int pid, int fd, out Task<ProcessExit> told)
    {
        var child = new Child(pid, new TaskCompletionSource<ProcessExit>(TaskCreationOptions.RunContinuationsAsynchronously));
        told = child.Exited.Task;
        _children[fd] = child;
        try
        {
            Follow(fd);
        }
        catch (IOException)
        {
            _children.TryRemove(fd, out _);
            _ = Libc.Close(fd);
            return false;
        }

        return true;
    }

    private void Follow(int fd)
    {
        var @event = new EpollEvent(fd);
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, fd, @event.Bytes) != 0) throw Libc.Failed("epoll_ctl");
    }

    private void Loop()
    {
        const int Room = 64;
        var events = stackalloc byte[Room * EpollEvent.MaxSize];
        while (!Volatile.Read(ref _stopping))
        {
            var ready = Libc.EpollWait(_epoll, events, Room, -1);
            if (ready < 0)
            {
                if (Marshal.GetLastPInvokeError() == Libc.Interrupted) continue;
                throw Libc.Failed("epoll_wait");
            }

            for (var i = 0; i < ready; i++)
            {
                var fd = EpollEvent.DescriptorAt(events, i);
                if (fd == _inotify) ReadFolderEvents();
                else if (fd != _wake) Reap(fd);
            }
        }

        foreach (var fd in _children.Keys) _ = Libc.Close(fd);
    }

    private void Reap(int fd)
    {
        if (!_children.TryGetValue(fd, out var child)) return;
        int status;
        var reaped = Libc.WaitPid(child.Pid, &status, Libc.NoHang);
        if (reaped == 0) return;
        if (reaped < 0) status = 0; // not our child: only its end is known
        _children.TryRemove(fd, out _);
        // Closing alone would not do: a process that is just being started has a copy of the descriptor until it execs.
        _ = Libc.EpollControl(_epoll, Libc.EpollRemove, fd, null);
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
            var mask = *(uint*)(buffer + at + 4);
            var nameLength = *(int*)(buffer + at + 12);
            var name = new ReadOnlySpan<byte>(buffer + at + HeaderSize, nameLength);
            at += HeaderSize + nameLength;
            if ((mask & Libc.InotifyOverflow) != 0)
            {
                SayMissed();
                continue;
            }

            Action<string, FolderChange>? changed;
            lock (_folderLock) _folders.TryGetValue(watch, out changed);
            changed?.Invoke(Encoding.UTF8.GetString(name.TrimEnd((byte)0)), Change(mask));
        }
    }

    /// <summary>One backend that changes its folder without end must not cost another the word that it is ready.</summary>
    private void SayMissed()
    {
        Action<string, FolderChange>[] all;
        lock (_folderLock) all = [.. _folders.Values];
        foreach (var changed in all) changed("", FolderChange.Missed);
    }

    private static FolderChange Change(uint mask) =>
        (mask & Libc.InotifyModify) != 0 ? FolderChange.Written
        : (mask & Libc.InotifyIsFolder) != 0 ? FolderChange.FolderAppeared : FolderChange.Appeared;

    private sealed record Child(int Pid, TaskCompletionSource<ProcessExit> Exited);

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
