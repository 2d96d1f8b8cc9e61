using System.Globalization;
using System.Runtime.InteropServices;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// What a sandbox is given of the machine's graphics cards, for a service that asks (<see cref="Catalog.ServiceDefinition.Gpu"/>): the nodes that
/// compute and draw (<c>dri/renderD*</c>, <c>kfd</c>, NVIDIA's own), never the ones that drive a screen, and the pages of <c>/sys</c> by which
/// drivers tell which card a node is. The drivers' libraries are in <c>/usr</c>. A machine without a card gives nothing, and that is no error:
/// whoever asks draws without.
/// </summary>
/// <param name="devices">Where the machine's devices are.</param>
/// <param name="system">Where the kernel tells about them.</param>
internal sealed class GpuDevices(string devices = "/dev", string system = "/sys")
{
    /// <summary>The nodes there are at this moment, relative to the devices' folder: a driver may be loaded while the hub runs.</summary>
    public IReadOnlyList<string> Find()
    {
        if (!Directory.Exists(devices)) return [];
        var render = Path.Combine(devices, "dri");
        var found = Directory.Exists(render) ? Directory.EnumerateFiles(render, "renderD*") : [];
        return [.. found.Concat(Directory.EnumerateFiles(devices).Where(IsCard)).Select(path => Path.GetRelativePath(devices, path)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The arguments with which bubblewrap lays them over what it made of <c>/dev</c>, which is a folder of the same few nodes with these beside
    /// them and, as the other, not to be written to.
    /// </summary>
    public IEnumerable<string> Arguments(IReadOnlyList<string> nodes)
    {
        if (nodes.Count == 0) return [];
        List<string> arguments = ["--tmpfs", "/dev"];
        foreach (var name in SandboxRoot.DeviceNames) arguments.AddRange(["--dev-bind-try", "/dev/" + name, "/dev/" + name]);
        foreach (var (name, target) in SandboxRoot.DeviceLinks) arguments.AddRange(["--symlink", target, "/dev/" + name]);
        arguments.AddRange(Folders(nodes.Select(node => "/dev/" + node)));
        foreach (var node in nodes) arguments.AddRange(["--dev-bind", Path.Combine(devices, node), "/dev/" + node]);
        arguments.AddRange(["--remount-ro", "/dev", "--tmpfs", "/sys"]);
        var pages = nodes.Select(CardOf).OfType<string>().Append(Path.Combine(system, "dev", "char")).Distinct()
            .Select(page => (From: page, To: "/sys/" + Path.GetRelativePath(system, page))).ToList();
        arguments.AddRange(Folders(pages.Select(page => page.To)));
        foreach (var (from, to) in pages) arguments.AddRange(["--ro-bind-try", from, to]);
        return [.. arguments, "--remount-ro", "/sys"];
    }

    /// <summary>Makes what these paths lie in, open to the backend's user: bubblewrap by itself would make it for its own alone.</summary>
    private static IEnumerable<string> Folders(IEnumerable<string> paths)
    {
        var made = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
            for (var folder = Path.GetDirectoryName(path)!; folder.LastIndexOf('/') > 0; folder = Path.GetDirectoryName(folder)!) made.Add(folder);
        return made.SelectMany(folder => new[] { "--perms", "0755", "--dir", folder });
    }

    /// <summary>The groups whose members may open them, where not everybody may; never root's.</summary>
    public IEnumerable<uint> Groups(IReadOnlyList<string> nodes) => nodes
        .Select(node => Path.Combine(devices, node))
        .Where(path => !File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead | UnixFileMode.OtherWrite))
        .Select(Libc.GroupOf).Where(group => group != 0).Distinct().Order();

    private static bool IsCard(string path)
    {
        var name = Path.GetFileName(path);
        if (name is "kfd" or "nvidiactl" or "nvidia-uvm") return true;
        return name.StartsWith("nvidia", StringComparison.Ordinal) && uint.TryParse(name.AsSpan("nvidia".Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    /// <summary>The folder of the card a render node belongs to: two above where its class links to, as <c>…/0000:00:02.0/drm/renderD128</c>.</summary>
    private string? CardOf(string node)
    {
        var link = new DirectoryInfo(Path.Combine(system, "class", "drm", Path.GetFileName(node)));
        return link.Exists && link.ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Parent.Parent: { } card } ? card.FullName : null;
    }
}
