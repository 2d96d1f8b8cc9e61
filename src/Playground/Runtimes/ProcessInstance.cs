using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes.Limits;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// One process of one backend. When confined, three processes make it up: bubblewrap, which is our child; the first process
/// of the sandbox, which is bubblewrap's and whose death the kernel extends to everything inside; and the program itself, which is
/// the one asked to end and the one shown.
/// </summary>
internal sealed class ProcessInstance(
    BackendSpec spec, Start start, string folder, SessionFolder session, Spawner spawner, ProcessWatch watch, ILogger log)
    : IBackendInstance
{
    private readonly OutputReader _output = new();
    private readonly TaskCompletionSource<ProcessExit> _exited =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BackendSpec _spec = spec;
    private Started? _started;
    private Task _reading = Task.CompletedTask;
    private Task _sandboxGone = Task.CompletedTask;
    private Task _noting = Task.CompletedTask;
    private int _program;
    private volatile bool _over;

    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Whether it lives as far as the kernel knows, which is sooner known than how it ended.</summary>
    public bool IsAlive => _started is { } started && !_over && ProcessStat.IsRunning(Program() ?? started.First ?? started.Process.Pid);

    /// <summary>Completes when it is ready, or warm, for the first time, or has been given up.</summary>
    public Task Started => _begun.Task;

    public Task<string> Trespassed => session.Trespassed;

    public bool MemoryIsCounted => spawner.Groups.Memory;

    public string InForce => SandboxReport.InForce(start.Confined, spawner.Groups);

    public OutputRing Output => _output.Ring;

    public async Task Spawn()
    {
        if (_started is not null) return; // it was warm
        try
        {
            _started = await spawner.Start(start);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackendStartException(error.Message, error);
        }

        // Watched before anything else can go wrong: a process nobody watches keeps its place for good.
        _reading = _output.Read(_started.Process.Output);
        if (_started.First is { } first) _sandboxGone = watch.EndOf(first);
        _ = WatchExit(_started.Process);
        Note();
    }

    public async Task WaitUntilReady(CancellationToken cancel)
    {
        await session.WaitUntilReady(cancel);
        _begun.TrySetResult();
    }

    /// <summary>Starts it for nobody yet, and completes when it is warm: it asks for its assignment, or is ready without one.</summary>
    /// <exception cref="BackendStartException">It could not be started, or ended before it was warm.</exception>
    public async Task Warm(CancellationToken cancel)
    {
        await Spawn();
        using var other = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ready = session.WaitUntilReady(other.Token);
        var first = await Task.WhenAny(session.Assignment!.Connected, ready, _exited.Task, session.Trespassed);
        await other.CancelAsync();
        if (first == _exited.Task) throw new BackendStartException($"It {await _exited.Task}.");
        if (first == session.Trespassed) throw new BackendStartException(await session.Trespassed);
        await first; // cancelled, if it was
    }

    /// <summary>Makes its sandbox, and completes when that waits for somebody to start the program for.</summary>
    /// <exception cref="BackendStartException">It could not be made.</exception>
    public async Task Hold()
    {
        await Spawn();
        if (_started!.First is null) throw new BackendStartException($"It {await _exited.Task}.");
    }

    /// <summary>From now on it is this backend's.</summary>
    public Task Claim(BackendSpec whose)
    {
        var ahead = _spec.Ahead;
        _spec = whose;
        if (ahead == Ahead.Sandbox) _started!.Go(Confinement.IdentityOf(whose));
        Note();
        if (ahead == Ahead.Sandbox) return Task.CompletedTask;
        var assigned = session.Assignment!.Assign(whose);
        // Where the process has not asked, it is told when it does, and nobody waits for that.
        return session.Assignment.Connected.IsCompleted ? assigned : Task.CompletedTask;
    }

    public void Terminate()
    {
        if (_started is null || _over) return; // its number may be somebody else's by now
        if (!start.Confined) Signal(-_started.Process.Pid, Libc.SigTerm);
        else if (Program() is { } program) Signal(program, Libc.SigTerm);
        else Kill(); // the sandbox is still being made: there is nobody to ask
    }

    public void Kill()
    {
        if (_started is null || _over) return; // its number may be somebody else's by now
        // The sandbox's first process takes everything inside with it. bubblewrap itself is never killed while that lives:
        // it is the one that tells how the program ended.
        if (_started.First is { } first) Signal(first, Libc.SigKill);
        else Signal(-_started.Process.Pid, Libc.SigKill);
    }

    public async ValueTask<Stream> Connect(CancellationToken cancel) =>
        new NetworkStream(await session.Connect(cancel), ownsSocket: true);

    public ProcessFigures? Figures()
    {
        if (_started is null || _exited.Task.IsCompleted || Program() is not { } pid) return null;
        var usage = _started.Group?.Usage();
        var memory = usage?.MemoryBytes ?? ProcessStat.ResidentBytes(_started.First ?? pid);
        return memory is { } bytes
            ? new ProcessFigures(pid, bytes, usage?.CpuTime ?? ProcessStat.CpuTime(pid), usage?.Processes) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is not null)
        {
            if (!_exited.Task.IsCompleted) Kill();
            await _exited.Task;
            if (!start.Confined) Signal(-_started.Process.Pid, Libc.SigKill); // what it started and left behind
            _started.Process.Output.Dispose();
            await _reading; // its last line is there before anybody hears that it is over
            _started.Process.Status.Dispose();
            if (_started.Group is { } group && !await group.Remove())
                log.LogWarning("The control group of a backend could not be removed: a process is still in it");
        }

        _begun.TrySetResult();
        await _noting;
        session.Dispose();
        RunFolder.Remove(folder, log);
    }

    /// <summary>Written while the start goes on: nobody waits for a disk. One after the other, so that the last one is what stays.</summary>
    private void Note()
    {
        var (whose, pid) = (_spec, _started!.Process.Pid);
        _noting = _noting.ContinueWith(_ => RunFolder.Note(folder, BackendNote.Of(whose, pid), log), TaskScheduler.Default);
    }

    private async Task WatchExit(Spawned process)
    {
        var exit = await watch.ExitOf(process.Pid);
        _over = true;
        // bubblewrap may end a moment before the sandbox's first process, and with it the rest of the inside.
        await _sandboxGone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What it wrote last is the reason it failed: read to the end before anyone is told. Bounded, because
        // unconfined grandchildren may keep the socket open.
        await Task.WhenAny(_reading, Task.Delay(PlaygroundTimes.LastWords));
        _exited.TrySetResult(FromBubblewrap(exit) with { OutOfMemory = _started!.Group?.RanOutOfMemory() is true });
    }

    /// <summary>bubblewrap passes a signal on as 128 + signal, as shells do.</summary>
    private ProcessExit FromBubblewrap(ProcessExit exit) =>
        start.Confined && exit is { Signal: null, Code: > 128 and < 160 } ? exit with { Signal = exit.Code - 128 } : exit;

    /// <summary>The pid of the program outside the sandbox: bubblewrap's child's child.</summary>
    private int? Program()
    {
        if (!start.Confined) return _started?.Process.Pid;
        if (_program != 0) return _program;
        if (_started?.First is not { } first || ProcessStat.FirstChild(first) is not { } program) return null;
        return _program = program;
    }

    private static void Signal(int pid, int signal) => _ = Libc.Kill(pid, signal);
}
