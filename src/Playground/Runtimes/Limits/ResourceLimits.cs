using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>
/// The limits each process carries itself (<c>setrlimit</c>), set by us on the sandbox's first process before it starts the
/// program, so that everything inside inherits them and nothing can raise them. Some hold always; the others
/// stand in where no control group counts the whole backend.
/// </summary>
internal static class ResourceLimits
{
    // The numbers of every Linux but MIPS and SPARC, on which .NET does not run.
    private const int Cpu = 0;
    private const int FileSize = 1;
    private const int Data = 2;
    private const int Core = 4;
    private const int Processes = 6;
    private const int OpenFiles = 7;
    private const int LockedMemory = 8;
    private const int MessageQueues = 12;

    /// <summary>
    /// A runtime maps more than it uses: stacks of threads, heaps it may grow into. This bound is the coarse net under the look
    /// at the clock (<see cref="PlaygroundTimes.MemoryLook"/>), which knows what is really used.
    /// </summary>
    private const int MappedPerUsed = 4;

    private const long LeastMapped = 512L * 1024 * 1024;

    /// <param name="limits">Of the service.</param>
    /// <param name="groups">What control groups hold already.</param>
    /// <param name="confined">
    /// Whether the user, or the user namespace, is the backend's own: the kernel counts processes by user, and one that runs as whoever
    /// started the hub would be held to account for all their threads.
    /// </param>
    public static IReadOnlyList<(int Resource, ulong Limit)> Of(ServiceLimits limits, GroupsInForce groups, bool confined)
    {
        List<(int, ulong)> result =
        [
            (Core, 0),
            // A page more than /tmp has: a full /tmp is told to the one who writes, this limit kills.
            (FileSize, (ulong)(limits.TmpBytes + Environment.SystemPageSize)),
            (OpenFiles, (ulong)limits.OpenFiles),
            (LockedMemory, 64 * 1024),
            (MessageQueues, 0),
        ];
        if (!groups.Memory) result.Add((Data, (ulong)Math.Max(limits.MemoryBytes * MappedPerUsed, LeastMapped)));
        if (!groups.Pids && confined) result.Add((Processes, (ulong)limits.Pids));
        if (!groups.Cpu) result.Add((Cpu, (ulong)Math.Ceiling(limits.Lifetime.TotalSeconds * limits.Cpus)));
        return result;
    }

    /// <exception cref="IOException">The kernel refuses.</exception>
    public static unsafe void Set(int pid, IReadOnlyList<(int Resource, ulong Limit)> limits)
    {
        foreach (var (resource, value) in limits)
        {
            var limit = new Libc.ResourceLimit { Soft = value, Hard = value };
            if (Libc.SetLimit(pid, resource, &limit, null) != 0) throw Libc.Failed("prlimit");
        }
    }
}
