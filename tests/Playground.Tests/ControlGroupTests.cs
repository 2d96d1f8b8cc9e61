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
}
