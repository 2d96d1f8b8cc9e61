using System.Diagnostics;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Limits;

namespace BrowserTech.Playground.Tests;

/// <summary>Where a hub may make control groups, on machines of each kind.</summary>
public sealed class ControlGroupTests
{
    [Fact]
    public void On_a_machine_with_version_1_each_controller_has_its_own_place()
    {
        var mounts = ControlGroupMounts.Parse(
            [
                "30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory",
                "31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct",
                "32 25 0:28 / /proc rw - proc proc rw",
            ],
            ["5:memory:/system.slice/hub.service", "4:cpu,cpuacct:/", "1:name=systemd:/x"], _ => true);
        Assert.Equal("/sys/fs/cgroup/memory/system.slice/hub.service", mounts.V1["memory"]);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", mounts.V1["cpu"]);
        Assert.False(mounts.V1.ContainsKey("pids"));
        Assert.Null(mounts.V2);
    }

    [Fact]
    public void On_a_machine_with_version_2_there_is_one_place()
    {
        var mounts = ControlGroupMounts.Parse(
            ["29 25 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"], ["0::/system.slice/hub.service"], _ => true);
        Assert.Equal("/sys/fs/cgroup/system.slice/hub.service", mounts.V2);
        Assert.Empty(mounts.V1);
    }

    [Theory]
    [InlineData("/docker/abc", "0::/docker/abc", "/sys/fs/cgroup")] // the mount is the container's, the path the machine's
    [InlineData("/", "0::/../../x", "/sys/fs/cgroup")] // the path leads out of what can be seen
    public void In_a_container_the_mount_itself_is_ours(string root, string own, string place)
    {
        var mounts = ControlGroupMounts.Parse([$"29 25 0:25 {root} /sys/fs/cgroup rw - cgroup2 cgroup rw"], [own], folder => folder == "/sys/fs/cgroup");
        Assert.Equal(place, mounts.V2);
    }

    [Fact]
    public void Lines_that_are_no_mounts_are_passed_over()
    {
        var mounts = ControlGroupMounts.Parse(["", "nonsense", "1 2 - cgroup2", "a b c d e - cgroup x"], ["", "x", "1:2"], _ => true);
        Assert.Empty(mounts.V1);
        Assert.Null(mounts.V2);
    }

    [Fact]
    public async Task A_process_that_is_put_into_a_group_of_version_2_takes_what_it_starts_along_until_the_group_is_removed()
    {
        using var mount = Version2.Mount();
        var own = Directory.CreateDirectory(Path.Combine(mount.Folder, $"tests-{Guid.NewGuid():N}")).FullName;
        var groups = ControlGroupsV2.Make(own, "hub-x");
        Assert.NotNull(groups);
        var group = groups.Take(new ServiceLimits());
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "read go; sleep 600 & echo $!; wait"])
        { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        group.Admit(process.Id);
        await process.StandardInput.WriteLineAsync("go");
        var child = int.Parse((await process.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("/hub-x/1", await File.ReadAllTextAsync($"/proc/{child}/cgroup"), StringComparison.Ordinal);

        using var sleeping = Process.GetProcessById(child);
        sleeping.Kill();
        await process.WaitForExitAsync().Soon();
        Assert.True(await group.Remove());
        groups.Dispose();
        Assert.Empty(Directory.GetDirectories(own));
        Directory.Delete(own);
    }

    [Fact]
    public void The_limits_of_a_group_of_version_2_are_in_the_kernels_words()
    {
        using var version2 = Version2.Imitate("cpu hugetlb memory pids", ["memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "pids.max", "cgroup.procs"]);
        using var groups = ControlGroupsV2.Make(version2.Folder, "hub");
        Assert.Equal(new GroupsInForce(2, Memory: true, Cpu: true, Pids: true), groups!.InForce);
        var group = groups.Take(new ServiceLimits { MemoryBytes = 64_000_000, Cpus = 0.25, Pids = 10 });
        group.Admit(42);

        string Written(string file) => File.ReadAllText(Path.Combine(version2.Folder, "hub", "1", file));
        Assert.Equal(
            ("64000000", "0", "1", "25000 100000", "13", "42"),
            (Written("memory.max"), Written("memory.swap.max"), Written("memory.oom.group"), Written("cpu.max"), Written("pids.max"), Written("cgroup.procs")));
    }

    [Fact]
    public void What_a_group_of_version_2_used_is_read_from_the_kernels_counters()
    {
        using var version2 = Version2.Imitate("cpu memory pids", ["memory.max", "cpu.max", "pids.max"]);
        using var groups = ControlGroupsV2.Make(version2.Folder, "hub");
        var group = groups!.Take(new ServiceLimits());
        Assert.Equal(new GroupUsage(null, null, null), group.Usage());
        Assert.False(group.RanOutOfMemory());

        void Says(string file, string text) => File.WriteAllText(Path.Combine(version2.Folder, "hub", "1", file), text);
        Says("memory.current", "5000\n");
        Says("memory.stat", "anon 3000\ninactive_file 1500\nactive_file 500\n");
        Says("cpu.stat", "usage_usec 2500000\nuser_usec 2000000\n");
        Says("pids.current", "7\n");
        Says("memory.events", "low 0\noom 1\noom_kill 1\n");
        Assert.Equal(new GroupUsage(3500, TimeSpan.FromSeconds(2.5), 7), group.Usage());
        Assert.True(group.RanOutOfMemory());
    }

    [Fact]
    public void Where_no_controller_is_handed_down_no_group_of_version_2_limits_anything()
    {
        using var version2 = Version2.Imitate("", []);
        Assert.Null(ControlGroupsV2.Try(new ControlGroupMounts(new Dictionary<string, string>(), version2.Folder), "hub"));
        Assert.Null(ControlGroupsV2.Make(Path.Combine(version2.Folder, "not", "a", "hierarchy"), "hub"));
    }

    /// <summary>A hierarchy of version 2: the kernel's own, or a folder with files of the names the kernel's has.</summary>
    private sealed class Version2 : IDisposable
    {
        private readonly bool _mounted;

        private Version2(bool mounted) => _mounted = mounted;

        public string Folder { get; } = Directory.CreateTempSubdirectory("cgroup-").FullName;

        public static Version2 Mount()
        {
            var made = new Version2(mounted: true);
            using var mount = Process.Start(BrowserTech.TestKit.Need.Program("mount", "mount"), ["-t", "cgroup2", "none", made.Folder]);
            mount.WaitForExit();
            if (mount.ExitCode != 0) Directory.Delete(made.Folder);
            BrowserTech.TestKit.Need.That(mount.ExitCode == 0, "this user may not mount a hierarchy of version 2 control groups");
            return made;
        }

        /// <summary>Its first group, of the hub called <c>hub</c>, has the files given.</summary>
        public static Version2 Imitate(string controllers, string[] files)
        {
            var made = new Version2(mounted: false);
            var hub = Directory.CreateDirectory(Path.Combine(made.Folder, "hub")).FullName;
            foreach (var folder in (string[])[made.Folder, hub])
            {
                File.WriteAllText(Path.Combine(folder, "cgroup.controllers"), controllers + "\n");
                // The kernel lists what it was asked for. A file keeps what was written, so the list is there from the start, behind it.
                File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), new string(' ', 20) + controllers + "\n");
            }

            var first = Directory.CreateDirectory(Path.Combine(hub, "1")).FullName;
            foreach (var file in files) File.WriteAllText(Path.Combine(first, file), "");
            return made;
        }

        public void Dispose()
        {
            if (!_mounted)
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }

            using (var unmount = Process.Start("umount", [Folder])) unmount.WaitForExit();
            Directory.Delete(Folder);
        }
    }
}
