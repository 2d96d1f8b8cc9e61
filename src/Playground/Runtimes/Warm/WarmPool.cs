using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Warm;

/// <summary>
/// What is kept of one service: warm processes, or a sandbox. What was started from another definition, or from a folder that has been built anew since, is not handed
/// out any more.
/// </summary>
internal sealed class WarmPool
{
    private readonly Lock _lock = new();
    private readonly Queue<WarmProcess> _ready = new();

    public int Ready(Ahead ahead)
    {
        lock (_lock) return _ready.Count(process => process.Ahead == ahead);
    }

    public IReadOnlyList<IBackendInstance> Waiting
    {
        get
        {
            lock (_lock) return [.. _ready.Select(process => process.Instance)];
        }
    }

    public void Add(WarmProcess process)
    {
        lock (_lock) _ready.Enqueue(process);
    }

    /// <summary>The oldest one that lives and fits; null where there is none. It is handed out once, to one.</summary>
    public WarmProcess? Claim(ServiceDefinition service)
    {
        lock (_lock)
        {
            while (_ready.TryDequeue(out var process))
            {
                if (process.Fits(service)) return process;
                _ = process.Discard();
            }
        }

        return null;
    }

    /// <summary>Takes it out of those that wait. False when it is somebody's already, or let go of.</summary>
    public bool TryRemove(WarmProcess process)
    {
        lock (_lock)
        {
            var found = false;
            for (var i = _ready.Count; i > 0; i--)
            {
                var each = _ready.Dequeue();
                if (each == process) found = true;
                else _ready.Enqueue(each);
            }

            return found;
        }
    }

    /// <summary>Those that use more memory than they may, where the kernel does not see to it.</summary>
    public IReadOnlyList<WarmProcess> TooBig()
    {
        lock (_lock) return [.. _ready.Where(process => process.IsTooBig)];
    }

    /// <summary>Lets go of what is dead, does not fit any more or is too many.</summary>
    /// <param name="service">Null when there is none any more.</param>
    /// <param name="target">What may be kept.</param>
    /// <param name="stamp">Of the program's files as they are now.</param>
    public Task Trim(ServiceDefinition? service, PoolTarget target, int stamp = 0)
    {
        List<Task> discarded = [];
        lock (_lock)
        {
            for (var i = _ready.Count; i > 0; i--)
            {
                var process = _ready.Dequeue();
                if (service is not null && process.Ahead == target.Ahead && process.Stamp == stamp && process.Fits(service) && _ready.Count < target.Count) _ready.Enqueue(process);
                else discarded.Add(process.Discard());
            }
        }

        return Task.WhenAll(discarded);
    }
}

/// <summary>A process that waits for somebody.</summary>
internal sealed class WarmProcess(ProcessInstance instance, Ahead ahead, ServiceDefinition service, DateTime built)
{
    public Ahead Ahead => ahead;

    public ProcessInstance Instance => instance;

    /// <summary>When what it runs was last built, as the folder tells.</summary>
    public static DateTime Built(ServiceDefinition service, PlaygroundOptions options) =>
        Directory.GetLastWriteTimeUtc(Demos.DemoFolder.Backend(service, options.BuiltDemosFolder));

    /// <summary>Of the program's files when it was started; 0 where it has not been, and will read them when it is.</summary>
    public required int Stamp { get; init; }

    /// <summary>Set by the pools: how a folder is judged needs their options.</summary>
    public required Func<ServiceDefinition, DateTime> BuiltNow { get; init; }

    public bool Fits(ServiceDefinition wanted) =>
        instance.IsAlive && !instance.Trespassed.IsCompleted && SameProgram(service, wanted) && BuiltNow(wanted) == built;

    public bool IsTooBig => !instance.MemoryIsCounted && instance.Figures()?.MemoryBytes > service.Limits.MemoryBytes;

    public Task Discard() => instance.DisposeAsync().AsTask();

    private static bool SameProgram(ServiceDefinition a, ServiceDefinition b) =>
        ReferenceEquals(a, b)
        || (a.BackendFolder == b.BackendFolder && OfTheProcess(a.Limits) == OfTheProcess(b.Limits) && a.Trusted == b.Trusted
            && a.Command.SequenceEqual(b.Command)
            && a.Environment.Count == b.Environment.Count && a.Environment.All(b.Environment.Contains));

    /// <summary>How long it may live, and how many there may be, is decided when somebody comes, and by others.</summary>
    private static ServiceLimits OfTheProcess(ServiceLimits limits) =>
        limits with { Lifetime = default, Grace = default, Inactivity = null, MaxBackends = null };
}
