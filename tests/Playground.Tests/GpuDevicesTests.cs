using System.Net.Sockets;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;
using BrowserTech.Playground.Runtimes.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace BrowserTech.Playground.Tests;

/// <summary>Which device nodes a service that asks for the graphics cards is given. The nodes here are real ones, of other devices.</summary>
public sealed class GpuDevicesTests : IDisposable
{
    private const uint RenderGroup = 54_321;

    private readonly DirectoryInfo _machine = Directory.CreateTempSubdirectory("machine-");
    private readonly GpuDevices _devices;

    public GpuDevicesTests()
    {
        _machine.UnixFileMode = RunFolder.OwnerOnly | (UnixFileMode)0b101_101;
        foreach (var folder in new[] { "dev/dri", "sys/class/drm", "sys/dev/char", "sys/devices/pci0/0000:00:02.0/drm/renderD128", "sys/devices/pci0/0000:00:03.0" })
            _machine.CreateSubdirectory(folder);
        foreach (var file in new[] { "dri/renderD128", "dri/card0", "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps", "nvidiax", "kfd", "sda", "mem" })
            File.WriteAllText(Path.Combine(_machine.FullName, "dev", file), "");
        File.WriteAllText(Path.Combine(_machine.FullName, "sys/devices/pci0/0000:00:02.0/vendor"), "0x1234\n");
        File.CreateSymbolicLink(Path.Combine(_machine.FullName, "sys/class/drm/renderD128"), "../../devices/pci0/0000:00:02.0/drm/renderD128");
        _devices = new GpuDevices(Path.Combine(_machine.FullName, "dev"), Path.Combine(_machine.FullName, "sys"));
    }

    public void Dispose() => _machine.Delete(recursive: true);

    [Fact]
    public void Nodes_that_draw_and_compute_are_found_and_those_of_screens_and_disks_are_not() =>
        Assert.Equal(["dri/renderD128", "kfd", "nvidia-uvm", "nvidia0", "nvidiactl"], _devices.Find());

    [Fact]
    public void A_machine_without_a_card_or_without_devices_gives_nothing()
    {
        Assert.Empty(new GpuDevices(Path.Combine(_machine.FullName, "sys")).Find());
        Assert.Empty(new GpuDevices(Path.Combine(_machine.FullName, "none")).Find());
        Assert.Empty(_devices.Arguments([]));
    }

    [Fact]
    public async Task Inside_who_asks_opens_the_cards_and_sees_which_they_are_and_who_does_not_ask_sees_none()
    {
        var (bubblewrap, setpriv) = (Need.Program("bubblewrap", "bwrap"), Need.Program("util-linux", "setpriv"));
        Need.That(Libc.EffectiveUser() == 0, "only root makes device nodes");
        var node = Path.Combine(_machine.FullName, "dev/dri/renderD128");
        File.Delete(node);
        const uint CharacterDevice = 0x2000 | 0b110_110_000;
        Assert.Equal(0, Libc.MakeNode(node, CharacterDevice, (1 << 8) | 3)); // swallows what is written, as null does
        File.SetUnixFileMode(node, (UnixFileMode)0b110_110_000);
        Assert.Equal(0, Libc.ChangeOwner(node, 0, RenderGroup));

        var confinement = new Confinement(bubblewrap, setpriv, "/usr/bin/dotnet", _devices);
        var root = new SandboxRoot(_machine.CreateSubdirectory("run").FullName, confinement.MountPoints, NullLogger.Instance);
        const string Look = """
            cd /dev; echo null zero stdout fd shm dri/* nvidia*; id -G
            for f in null shm/x dri/renderD128; do echo x > $f && echo wrote $f; done 2>/dev/null
            for d in /dev /sys /sys/dev; do (: > $d/probe) 2>/dev/null && echo "can write to $d"; done
            cat /sys/devices/*/*/vendor; ls -d /sys/devices/*/*
            """;
        var asked = await RunAsync(confinement, root, Look, gpu: true);
        Assert.Equal(
        [
            "null zero stdout fd shm dri/renderD128 nvidia-uvm nvidia0 nvidiactl", $"60000 {RenderGroup}", "wrote null", "wrote shm/x", "wrote dri/renderD128",
            "0x1234", "/sys/devices/pci0/0000:00:02.0",
        ], asked);
        var others = await RunAsync(confinement, root, Look, gpu: false);
        Assert.Equal("null zero stdout fd shm dri/* nvidia*", others[0]);
        Assert.Equal("60000", others[1]);
        Assert.DoesNotContain("wrote dri/renderD128", others);
        Assert.DoesNotContain("0x1234", others);
    }

    private async Task<string[]> RunAsync(Confinement confinement, SandboxRoot root, string script, bool gpu)
    {
        const uint User = 60_000;
        var session = _machine.CreateSubdirectory("session").FullName;
        Assert.Equal(0, Libc.ChangeOwner(session, User, User));
        var service = new ServiceDefinition
        {
            Account = Hub.Account, Name = ServiceName.Parse("cards"), Title = "", BackendFolder = "/usr", Command = ["sh", "-c", script], Gpu = gpu,
        };
        var spec = new BackendSpec(BackendId.New(), null, new FencingToken(1), service);
        using var watch = new ProcessWatch();
        var started = PosixSpawn.Start(confinement.Build(new Enclosure(spec, session, User, FilterFile: null, root)));
        using var status = started.Status;
        status.Send("\n"u8);
        using var output = new StreamReader(new NetworkStream(started.Output, ownsSocket: true));
        var said = await output.ReadToEndAsync().Soon();
        await watch.ExitOf(started.Pid).Soon();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
