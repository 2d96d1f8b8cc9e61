using System.Globalization;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>
/// Control groups of version 1. Here single threads can be in a group, and a process is born into the group of the thread that
/// starts it. So a thread that starts processes steps into a fresh group <em>before</em> it is asked for one: putting a
/// process into a group makes the kernel wait for a grace period of about eight milliseconds, which then nobody waits
/// for, and the process is never outside.
/// </summary>
internal sealed class ControlGroupsV1 : ControlGroups
{
    private const string OutOfMemory = "memory.oom_control";

    private readonly Dictionary<string, string> _parents = [];
    private readonly IReadOnlyDictionary<string, string> _home;
    private readonly ThreadLocal<Group?> _ready = new();
    private int _number;

    private ControlGroupsV1(ControlGroupMounts mounts) => _home = mounts.V1;

    public override GroupsInForce InForce =>
        new(1, _parents.ContainsKey("memory"), _parents.ContainsKey("cpu"), _parents.ContainsKey("pids"));

    /// <summary>Null where no limit can be set: what is not writable, or not there, is left out.</summary>
    public static ControlGroupsV1? Try(ControlGroupMounts mounts, string hub)
    {
        var groups = new ControlGroupsV1(mounts);
        foreach (var (controller, home) in mounts.V1)
        {
            var folder = Path.Combine(home, hub);
            try
            {
                Directory.CreateDirectory(folder);
                groups._parents[controller] = folder;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Read-only, or another owner's.
            }
        }

        // All backends together weigh as much as one busy thread for each processor, so they cannot crowd out the hub.
        if (groups._parents.TryGetValue("cpu", out var all))
            TryWrite(all, "cpu.shares", (1024 * Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture));
        try
        {
            // All of it once: a controller may be there and still refuse.
            groups.PrepareNext();
            var group = (Group)groups.Take(new ServiceLimits());
            groups.LeaveThread();
            foreach (var folder in group.ByController.Values) TryRemove(folder);
            if (groups.InForce.Any) return groups;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            groups.LeaveThread();
        }

        groups.Dispose();
        return null;
    }

    public override ControlGroup Take(ServiceLimits limits)
    {
        if (_ready.Value is null) PrepareNext();
        var group = _ready.Value!;
        _ready.Value = null;
        if (group.ByController.TryGetValue("memory", out var memory))
        {
            Write(memory, "memory.limit_in_bytes", limits.MemoryBytes);
            // Together with swap, where the kernel counts that: what is over the limit must not wander to the disk.
            TryWrite(memory, "memory.memsw.limit_in_bytes", limits.MemoryBytes.ToString(CultureInfo.InvariantCulture));
        }

        if (group.ByController.TryGetValue("cpu", out var cpu))
        {
            Write(cpu, "cpu.cfs_period_us", CpuPeriodMicroseconds);
            Write(cpu, "cpu.cfs_quota_us", (long)(limits.Cpus * CpuPeriodMicroseconds));
        }

        if (group.ByController.TryGetValue("pids", out var pids)) Write(pids, "pids.max", limits.Pids + PidsOfTheSandbox);
        return group;
    }

    public override void PrepareNext()
    {
        if (_ready.Value is not null) return;
        var name = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        var folders = new Dictionary<string, string>();
        foreach (var (controller, parent) in _parents)
        {
            var folder = Path.Combine(parent, name);
            Directory.CreateDirectory(folder);
            Write(folder, "tasks", "0"); // the thread that writes
            folders[controller] = folder;
        }

        _ready.Value = new Group(folders);
    }

    public override void LeaveThread()
    {
        foreach (var controller in _parents.Keys) TryWrite(_home[controller], "tasks", "0");
        if (_ready.Value is not { } group) return;
        foreach (var folder in group.ByController.Values) TryRemove(folder);
        _ready.Value = null;
    }

    public override void Dispose()
    {
        foreach (var parent in _parents.Values) RemoveTree(parent);
        _ready.Dispose();
    }

    private sealed class Group(Dictionary<string, string> folders) : ControlGroup
    {
        public IReadOnlyDictionary<string, string> ByController => folders;

        private protected override IReadOnlyList<string> Folders => [.. folders.Values];

        public override void Admit(int pid)
        {
            // Born inside.
        }

        public override GroupUsage Usage()
        {
            long? memory = null;
            TimeSpan? cpu = null;
            int? processes = null;
            if (folders.TryGetValue("memory", out var folder) && Number(folder, "memory.usage_in_bytes") is { } used)
                memory = Math.Max(0, used - (Number(folder, "memory.stat", "total_inactive_file") ?? 0));
            if (folders.TryGetValue("cpuacct", out folder) && Number(folder, "cpuacct.usage") is { } nanoseconds)
                cpu = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
            if (folders.TryGetValue("pids", out folder)) processes = (int?)Number(folder, "pids.current");
            return new GroupUsage(memory, cpu, processes);
        }

        public override bool RanOutOfMemory() =>
            folders.TryGetValue("memory", out var folder) && Number(folder, OutOfMemory, "oom_kill") > 0;
    }
}
