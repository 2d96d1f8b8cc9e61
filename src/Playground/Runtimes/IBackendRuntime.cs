using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes;

/// <summary>What a runtime is asked to run.</summary>
public sealed record BackendSpec(BackendId Id, BackendKey? Key, FencingToken Fencing, ServiceDefinition Service)
{
    /// <summary>Where it is more than nothing, the spec is nobody's yet: its identity is not told to the process.</summary>
    public Ahead Ahead { get; init; } = Ahead.Nothing;
}

/// <summary>What a backend uses now.</summary>
/// <param name="Pid">Its program's, as it is outside any sandbox.</param>
/// <param name="MemoryBytes">Of all its processes and its files in <c>/tmp</c> where the kernel counts them together, else resident.</param>
/// <param name="CpuTime">Processor time used since it started; null where it is not known.</param>
/// <param name="Processes">Processes and threads now, the sandbox's own two included; null where it is not counted.</param>
[GenerateSerializer, Immutable]
public sealed record ProcessFigures(
    [property: Id(0)] int Pid, [property: Id(1)] long MemoryBytes, [property: Id(2)] TimeSpan? CpuTime,
    [property: Id(3)] int? Processes);

/// <summary>
/// How a worker runs a backend: a process today, a container later. A runtime only carries out; when to start and
/// when to end is decided by the backend's grain.
/// </summary>
public interface IBackendRuntime
{
    /// <summary>Makes everything a backend needs but starts nothing.</summary>
    /// <exception cref="BackendStartException">It can never start: no program, no sandbox where one is demanded…</exception>
    Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel);
}

/// <summary>
/// One prepared or running backend. Disposing it leaves nothing: no process, no folder, no socket.
/// </summary>
public interface IBackendInstance : IAsyncDisposable
{
    /// <summary>How it ended; never before <see cref="Spawn"/>.</summary>
    Task<ProcessExit> Exited { get; }

    /// <summary>Completes, with what it did, when it does what ends it at once: writing where only sockets may be.</summary>
    Task<string> Trespassed { get; }

    /// <summary>Whether the kernel ends it when it uses more memory than it may; otherwise somebody has to look.</summary>
    bool MemoryIsCounted { get; }

    /// <summary>What limits are in force, in words, for people.</summary>
    string InForce { get; }

    /// <summary>Starts the process.</summary>
    /// <exception cref="BackendStartException">It could not be started.</exception>
    Task Spawn();

    /// <summary>Completes when the backend said that it is ready, or when it accepts connections.</summary>
    Task WaitUntilReady(CancellationToken cancel);

    /// <summary>Asks the program to end. Where it cannot be asked yet, it is killed.</summary>
    void Terminate();

    /// <summary>Ends the program and everything it started.</summary>
    void Kill();

    /// <summary>A new connection to the backend.</summary>
    ValueTask<Stream> Connect(CancellationToken cancel);

    /// <summary>Null before it is started and after it ended.</summary>
    ProcessFigures? Figures();

    /// <summary>The last lines it wrote, oldest first.</summary>
    IReadOnlyList<string> LastOutput(int lines) => Output.Last(lines);

    /// <summary>What it writes, to follow. It stays readable when the backend is over.</summary>
    OutputRing Output { get; }
}

/// <summary>A backend cannot be started; the message says why to the author of the service.</summary>
public sealed class BackendStartException(string message, Exception? cause = null) : Exception(message, cause);
