using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Limits;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>One process to start, with the limits it is to have.</summary>
/// <param name="Request">What to start.</param>
/// <param name="Confined">Whether it is bubblewrap, which waits for our word before it starts the program.</param>
/// <param name="Limits">What it may use.</param>
internal sealed record Start(SpawnRequest Request, bool Confined, ServiceLimits Limits)
{
    /// <summary>The sandbox is made and its program not started, until <see cref="Started.Go"/>.</summary>
    public bool Held { get; init; }
}

/// <summary>What was started.</summary>
/// <param name="Process">Our child.</param>
/// <param name="First">The first process of the sandbox; null where there is no sandbox, or it could not be made.</param>
/// <param name="Group">Its control group; null where there is none.</param>
internal sealed record Started(Spawned Process, int? First, ControlGroup? Group)
{
    /// <summary>Lets bubblewrap go on, which waits for one byte, and with what follows the program that reads it.</summary>
    public void Go(ReadOnlySpan<byte> identity = default)
    {
        try
        {
            Process.Status.Send([(byte)'\n', .. identity]);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has ended, which is told by its end.
        }
    }
}

/// <summary>
/// The threads that start processes. They live as long as the hub, because a child that asks to die with its parent
/// (bubblewrap does) is killed when the <em>thread</em> that started it ends, and pool threads end when idle. Several,
/// because starting blocks in the kernel and one thread makes a burst of a hundred queue; not many, because two cores
/// carry no more.
/// <para>
/// A start is finished here and not by continuations: bubblewrap tells its child's pid about a millisecond after it began and then mounts for
/// a few more, in which the limits are set and it is told to go on. So setting them costs no time at all, and a busy
/// thread pool cannot make it.
/// </para>
/// </summary>
internal sealed partial class Spawner(ControlGroups? groups) : IDisposable
{
    private const int Threads = 4;

    /// <summary>A sandbox that has not begun by then never will; its process is left to whoever watches it.</summary>
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<Work> _queue = [];
    private readonly CountdownEvent _threads = new(Threads);
    private bool _begun;

    public GroupsInForce Groups => groups?.InForce ?? GroupsInForce.None;

    /// <exception cref="IOException">It cannot be started, or not with its limits.</exception>
    public Task<Started> Start(Start start)
    {
        Begin();
        var work = new Work(start, new TaskCompletionSource<Started>(TaskCreationOptions.RunContinuationsAsynchronously));
        _queue.Add(work);
        return work.Done.Task;
    }

    /// <summary>The threads end, and with them every process that dies with its parent.</summary>
    public void Dispose()
    {
        if (_queue.IsAddingCompleted) return;
        _queue.CompleteAdding();
        // They stand in control groups, which can be removed only when they have left.
        if (_begun) _threads.Wait();
        groups?.Dispose();
        _threads.Dispose();
    }

    /// <summary>Not in the constructor: a hub in which nothing is ever started has no need of threads in groups.</summary>
    private void Begin()
    {
        if (Interlocked.Exchange(ref _begun, true)) return;
        for (var i = 0; i < Threads; i++)
            new Thread(Loop) { IsBackground = true, Name = $"session backends: spawn {i + 1}" }.Start();
    }

    private void Loop()
    {
        PrepareNext();
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            try
            {
                work.Done.SetResult(StartHere(work.Start));
            }
            catch (Exception error)
            {
                work.Done.SetException(error);
            }

            PrepareNext();
        }

        groups?.LeaveThread();
        _threads.Signal();
    }

    private void PrepareNext()
    {
        try
        {
            groups?.PrepareNext();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Tried again when the next one is taken, where there is somebody to tell.
        }
    }

    private Started StartHere(Start start)
    {
        var group = groups?.Take(start.Limits);
        Spawned process;
        try
        {
            process = PosixSpawn.Start(start.Request);
        }
        catch
        {
            _ = group?.Remove(); // as soon as this thread is out of it
            throw;
        }

        // Whatever happens from here on, somebody must watch the process: it is given back, and a sandbox that was not told
        // to go on ends by itself when its descriptors are closed.
        var first = start.Confined ? FirstProcess(process.Status) : null;
        var limited = first ?? (start.Confined ? null : process.Pid);
        if (limited is { } pid)
        {
            try
            {
                group?.Admit(pid);
                ResourceLimits.Set(pid, ResourceLimits.Of(start.Limits, Groups, start.Confined));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The process may have ended already, which is told by its end. Otherwise it must not run without limits.
                _ = Libc.Kill(pid, Libc.SigKill);
                return new Started(process, first, group);
            }
        }

        var started = new Started(process, first, group);
        if (first is not null && !start.Held) started.Go();
        return started;
    }

    /// <summary>bubblewrap tells the pid of the sandbox's first process as JSON, before that does anything.</summary>
    private static int? FirstProcess(Socket status)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = 0;
        status.ReceiveTimeout = (int)StatusLimit.TotalMilliseconds;
        try
        {
            while (length < buffer.Length)
            {
                var read = status.Receive(buffer[length..]);
                if (read == 0) return null;
                length += read;
                var match = ChildPid().Match(Encoding.ASCII.GetString(buffer[..length]));
                if (match.Success) return int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture);
            }
        }
        catch (SocketException)
        {
            // It ended, or hangs, before it said anything.
        }

        return null;
    }

    [GeneratedRegex("\"child-pid\": (?<pid>\\d+),", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ChildPid();

    private sealed record Work(Start Start, TaskCompletionSource<Started> Done);
}
