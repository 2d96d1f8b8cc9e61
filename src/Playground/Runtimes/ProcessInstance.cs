using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// One process of one backend. When confined, three processes make it up: bubblewrap, which is our child; the first process
/// of the sandbox, which is bubblewrap's and whose death the kernel extends to everything inside; and the program itself, which is
/// the one asked to end and the one measured.
/// </summary>
internal sealed partial class ProcessInstance(
    SpawnRequest request, string folder, bool confined, Readiness readiness, Spawner spawner, ProcessWatch watch, ILogger log)
    : IBackendInstance
{
    private readonly OutputRing _output = new();
    private readonly TaskCompletionSource<ProcessExit> _exited =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Spawned? _process;
    private Task _reading = Task.CompletedTask;
    private Task _sandboxGone = Task.CompletedTask;
    private volatile int _first;
    private volatile bool _killed;
    private int _program;

    public Task<ProcessExit> Exited => _exited.Task;

    public async Task Spawn()
    {
        try
        {
            _process = await spawner.Start(request);
        }
        catch (IOException error)
        {
            throw new BackendStartException(error.Message, error);
        }

        // Watched before anything else can go wrong: a process nobody watches keeps its place for good.
        _reading = Read(_process.Output);
        var told = confined ? ReadStatus(_process.Status) : Task.CompletedTask;
        _ = WatchExit(_process, told);
        RunFolder.Note(folder, _process.Pid, log);
    }

    public Task WaitUntilReady(CancellationToken cancel) => readiness.Wait(cancel);

    public void Terminate()
    {
        if (_process is null || _exited.Task.IsCompleted) return;
        if (!confined) Signal(-_process.Pid, Libc.SigTerm);
        else if (Program() is { } program) Signal(program, Libc.SigTerm);
        else Kill(); // the sandbox is still being made: there is nobody to ask
    }

    public void Kill()
    {
        if (_process is null || _exited.Task.IsCompleted) return;
        if (confined)
        {
            // The sandbox's first process takes everything inside with it. bubblewrap itself is never killed: between
            // making that process and telling about it there is an instant in which it would be left behind.
            _killed = true;
            if (_first != 0) Signal(_first, Libc.SigKill);
        }
        else
        {
            Signal(-_process.Pid, Libc.SigKill);
        }
    }

    public async ValueTask<Stream> Connect(CancellationToken cancel) =>
        new NetworkStream(await readiness.Connect(cancel), ownsSocket: true);

    public ProcessFigures? Figures()
    {
        if (_process is null || _exited.Task.IsCompleted || Program() is not { } pid) return null;
        return ProcessStat.ResidentBytes(pid) is { } bytes ? new ProcessFigures(pid, bytes, ProcessStat.CpuTime(pid)) : null;
    }

    public OutputRing Output => _output;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_exited.Task.IsCompleted) Kill();
            await _exited.Task;
            if (!confined) Signal(-_process.Pid, Libc.SigKill); // what it started and left behind
            _process.Output.Dispose();
            await _reading; // its last line is there before anybody hears that it is over
            _process.Status.Dispose();
        }

        readiness.Dispose();
        RunFolder.Remove(folder, log);
    }

    private async Task WatchExit(Spawned process, Task told)
    {
        var exit = await watch.ExitOf(process.Pid);
        // bubblewrap may end a moment before the sandbox's first process, and with it the rest of the inside.
        await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sandboxGone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What it wrote last is the reason it failed: read to the end before anyone is told. Bounded, because
        // unconfined grandchildren may keep the socket open.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromMilliseconds(200)));
        _exited.TrySetResult(FromBubblewrap(exit));
    }

    /// <summary>bubblewrap passes a signal on as 128 + signal, as shells do.</summary>
    private ProcessExit FromBubblewrap(ProcessExit exit) =>
        confined && exit is { Signal: null, Code: > 128 and < 160 } ? exit with { Signal = exit.Code - 128 } : exit;

    private async Task Read(Socket output)
    {
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var length = await output.ReceiveAsync(buffer);
                if (length == 0) return;
                _output.Add(buffer.AsSpan(0, length));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: nobody wants to know what it says any more.
        }
        finally
        {
            _output.Finish();
        }
    }

    /// <summary>bubblewrap tells the pid of the sandbox's first process on its status descriptor, as JSON.</summary>
    private async Task ReadStatus(Socket status)
    {
        var buffer = new byte[1024];
        var length = 0;
        try
        {
            while (_first == 0 && length < buffer.Length)
            {
                var read = await status.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0) return;
                length += read;
                var match = ChildPid().Match(System.Text.Encoding.ASCII.GetString(buffer, 0, length));
                if (!match.Success) continue;
                var first = int.Parse(match.Groups["pid"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
                _sandboxGone = watch.EndOf(first);
                _first = first;
                if (_killed) Signal(first, Libc.SigKill);
            }
        }
        catch (SocketException)
        {
            // It ended before it said anything.
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex("\"child-pid\": (?<pid>\\d+),",
        System.Text.RegularExpressions.RegexOptions.ExplicitCapture)]
    private static partial System.Text.RegularExpressions.Regex ChildPid();

    /// <summary>The pid of the program outside the sandbox: bubblewrap's child's child.</summary>
    private int? Program()
    {
        if (!confined) return _process?.Pid;
        if (_program != 0) return _program;
        if (_first == 0 || ProcessStat.FirstChild(_first) is not { } program) return null;
        return _program = program;
    }

    private static void Signal(int pid, int signal) => _ = Libc.Kill(pid, signal);
}
