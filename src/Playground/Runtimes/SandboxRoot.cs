using Microsoft.Extensions.Logging;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The root folder every sandbox of this hub begins with, made once: what a program needs to find of the system, and empty
/// folders to mount the rest on. Each mount costs a start about a tenth of a millisecond, so one folder in place of ten mounts
/// pays for the user, the filter and the limits a backend has over a bare sandbox.
/// <para>
/// It holds no host names, no users and no keys. What of <c>/etc</c> is in it is a copy: a system that is upgraded while the hub
/// runs is seen by backends when the hub starts again.
/// </para>
/// <para>
/// Nothing in it can be written to, <c>/dev</c> included, and what a program wants of shared memory goes to <c>/tmp</c>, which has a
/// size: bubblewrap's own <c>/dev</c> would be memory without one.
/// </para>
/// </summary>
internal sealed class SandboxRoot
{
    /// <summary>Where a system keeps programs and libraries: either links into <c>/usr</c> or folders of their own.</summary>
    private static readonly string[] SystemFolders = ["bin", "sbin", "lib", "lib32", "lib64"];

    /// <summary>What programs read from <c>/etc</c> to run at all.</summary>
    private static readonly string[] Configuration = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "glvnd"];

    private static readonly (string Name, uint Minor)[] Devices = [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)];

    /// <summary>What a <c>/dev</c> has beside its devices: names, and where they lead.</summary>
    internal static readonly (string Name, string Target)[] DeviceLinks =
        [("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("fd", "/proc/self/fd"), ("shm", "/tmp")];

    private readonly string _root;
    private readonly string? _devices;
    private readonly List<string> _mounted = ["/usr"];
    private readonly List<string> _borrowed = [];

    /// <param name="folder">An existing folder only the hub can change; what is made in it is removed with it.</param>
    /// <param name="mountPoints">Absolute paths inside the sandbox something will be mounted on.</param>
    /// <param name="log">Where it is told when devices cannot be made.</param>
    /// <param name="ownDevices">Whether to try and make some, which only root may; else the machine's are mounted one by one.</param>
    public SandboxRoot(string folder, IEnumerable<string> mountPoints, ILogger log, bool ownDevices = true)
    {
        _root = Path.Combine(folder, "root");
        foreach (var point in mountPoints.Concat(["/usr", "/proc", "/dev", "/sys", "/tmp", "/etc"])) Folder(point);
        foreach (var name in SystemFolders)
        {
            var system = new DirectoryInfo("/" + name);
            if (system.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(Path.Combine(_root, name), target);
            }
            else if (system.Exists)
            {
                Folder(system.FullName);
                _mounted.Add(system.FullName);
            }
        }

        foreach (var name in Configuration) Copy("/etc/" + name, Path.Combine(_root, "etc", name));
        _devices = ownDevices ? TryMakeDevices(Path.Combine(folder, "dev"), log) : null;
        if (_devices is null) BorrowDevices(Path.Combine(_root, "dev"));
    }

    /// <summary>The devices every sandbox has, of no machine in particular.</summary>
    internal static IEnumerable<string> DeviceNames => Devices.Select(device => device.Name);

    /// <summary>The arguments with which bubblewrap builds it, before anything else is mounted.</summary>
    public IEnumerable<string> Arguments() =>
    [
        "--ro-bind", _root, "/",
        .. _mounted.SelectMany(folder => new[] { "--ro-bind", folder, folder }),
        "--proc", "/proc",
        .. _devices is { } devices ? ["--dev-bind", devices, "/dev"] : _borrowed.SelectMany(device => new[] { "--dev-bind", device, device }),
    ];

    private void Folder(string path)
    {
        // Readable by the users backends run as, whatever the hub's own mask says.
        var made = _root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Prepend(""))
        {
            made = Path.Combine(made, part);
            Directory.CreateDirectory(made);
            File.SetUnixFileMode(made, RunFolder.OwnerOnly | (UnixFileMode)0b101_101);
        }
    }

    private static void Copy(string from, string to)
    {
        if (new FileInfo(from).LinkTarget is { } target && !File.Exists(from))
        {
            File.CreateSymbolicLink(to, target);
        }
        else if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            File.SetUnixFileMode(to, RunFolder.OwnerOnly | (UnixFileMode)0b101_101);
            foreach (var entry in Directory.EnumerateFileSystemEntries(from))
            {
                var copy = Path.Combine(to, Path.GetFileName(entry));
                if (new FileInfo(entry).LinkTarget is { } link) File.CreateSymbolicLink(copy, link);
                else Copy(entry, copy);
            }
        }
        else if (File.Exists(from))
        {
            File.Copy(from, to);
        }
    }

    /// <summary>Device files of our own, where we may make them and the file system lets them be opened.</summary>
    private static string? TryMakeDevices(string folder, ILogger log)
    {
        const uint CharacterDevice = 0x2000 | 0b110_110_110;
        const uint MemoryDevices = 1;
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, RunFolder.OwnerOnly | (UnixFileMode)0b101_101);
        foreach (var (name, minor) in Devices)
        {
            var path = Path.Combine(folder, name);
            if (Libc.MakeNode(path, CharacterDevice, (MemoryDevices << 8) | minor) != 0) return null;
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        }

        try
        {
            using (File.OpenHandle(Path.Combine(folder, "zero")))
            {
                // It opens: the file system is not mounted with nodev.
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogDebug(error, "No device files in {Folder}", folder);
            return null;
        }

        LinkDevices(folder);
        return folder;
    }

    /// <summary>Files to mount the machine's devices on, one by one.</summary>
    private void BorrowDevices(string folder)
    {
        foreach (var (name, _) in Devices.Where(device => File.Exists("/dev/" + device.Name)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), []);
            _borrowed.Add("/dev/" + name);
        }

        LinkDevices(folder);
    }

    private static void LinkDevices(string folder)
    {
        foreach (var (name, target) in DeviceLinks) File.CreateSymbolicLink(Path.Combine(folder, name), target);
    }
}
