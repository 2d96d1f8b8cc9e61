using System.Globalization;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>
/// Control groups of version 2. Threads cannot be apart from their process here, so the sandbox's first process is put into the
/// group while it waits for our word to go on (see <see cref="Native.Spawner"/>); what it starts is born inside.
/// <para>
/// A group with processes of its own may not hand controllers to groups below it. The hub therefore moves itself one step
/// down, into <c>hub</c>, which is what systemd's delegation expects of a service (<c>Delegate=yes</c>).
/// </para>
/// </summary>
internal sealed class ControlGroupsV2 : ControlGroups
{
    private static readonly string[] Wanted = ["memory", "cpu", "pids"];

    private readonly string _parent;
    private readonly IReadOnlySet<string> _controllers;
    private int _number;

    private ControlGroupsV2(string parent, IReadOnlySet<string> controllers) => (_parent, _controllers) = (parent, controllers);

    public override GroupsInForce InForce =>
        new(2, _controllers.Contains("memory"), _controllers.Contains("cpu"), _controllers.Contains("pids"));

    /// <summary>Null where no limit can be set.</summary>
    public static ControlGroupsV2? Try(ControlGroupMounts mounts, string hub)
    {
        if (mounts.V2 is not { } home) return null;
        var groups = Make(home, hub);
        if (groups is null || groups.InForce.Any) return groups;
        groups.Dispose();
        return null;
    }

    /// <summary>Null where no group can be made.</summary>
    internal static ControlGroupsV2? Make(string home, string hub)
    {
        try
        {
            var parent = Directory.CreateDirectory(Path.Combine(home, hub)).FullName;
            HandDown(home);
            HandDown(parent);
            return new ControlGroupsV2(parent, Controllers(parent, "cgroup.subtree_control"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public override ControlGroup Take(ServiceLimits limits)
    {
        var folder = Directory.CreateDirectory(Path.Combine(
            _parent, Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture))).FullName;
        if (InForce.Memory)
        {
            Write(folder, "memory.max", limits.MemoryBytes);
            TryWrite(folder, "memory.swap.max", "0");
            // One process killed leaves a backend that limps: all of it ends, and says why.
            TryWrite(folder, "memory.oom.group", "1");
        }

        if (InForce.Cpu) Write(folder, "cpu.max", $"{(long)(limits.Cpus * CpuPeriodMicroseconds)} {CpuPeriodMicroseconds}");
        if (InForce.Pids) Write(folder, "pids.max", limits.Pids + PidsOfTheSandbox);
        return new Group(folder);
    }

    public override void Dispose() => RemoveTree(_parent);

    private static void HandDown(string folder)
    {
        foreach (var controller in Controllers(folder, "cgroup.controllers").Intersect(Wanted))
        {
            if (TryWrite(folder, "cgroup.subtree_control", "+" + controller)) continue;
            // Refused because processes are in it; if ours is the only one, it can make room.
            var below = Directory.CreateDirectory(Path.Combine(folder, "hub")).FullName;
            Write(below, "cgroup.procs", Environment.ProcessId);
            TryWrite(folder, "cgroup.subtree_control", "+" + controller);
        }
    }

    private static HashSet<string> Controllers(string folder, string file) =>
        [.. File.ReadAllText(Path.Combine(folder, file)).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];

    private sealed class Group(string folder) : ControlGroup
    {
        private protected override IReadOnlyList<string> Folders => [folder];

        public override void Admit(int pid) => Write(folder, "cgroup.procs", pid);

        public override GroupUsage Usage()
        {
            var memory = Number(folder, "memory.current") is { } used
                ? Math.Max(0, used - (Number(folder, "memory.stat", "inactive_file") ?? 0)) : (long?)null;
            var cpu = Number(folder, "cpu.stat", "usage_usec") is { } microseconds
                ? TimeSpan.FromMicroseconds(microseconds) : (TimeSpan?)null;
            return new GroupUsage(memory, cpu, (int?)Number(folder, "pids.current"));
        }

        public override bool RanOutOfMemory() => Number(folder, "memory.events", "oom_kill") > 0;
    }
}
