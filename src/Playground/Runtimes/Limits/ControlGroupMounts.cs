namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>
/// Where this process's own control groups are: a backend's is made below them, because above them another owner begins (a
/// container engine, systemd).
/// </summary>
/// <param name="V1">The folder of our group in each hierarchy of version 1, by controller.</param>
/// <param name="V2">The folder of our group in the unified hierarchy; null where none is mounted.</param>
internal sealed record ControlGroupMounts(IReadOnlyDictionary<string, string> V1, string? V2)
{
    private static readonly string[] Wanted = ["memory", "cpu", "cpuacct", "pids"];

    public static ControlGroupMounts Read()
    {
        try
        {
            return Parse(File.ReadAllLines("/proc/self/mountinfo"), File.ReadAllLines("/proc/self/cgroup"), Directory.Exists);
        }
        catch (IOException)
        {
            return new ControlGroupMounts(new Dictionary<string, string>(), null);
        }
    }

    /// <param name="mounts">Lines of <c>mountinfo</c>: id, parent, device, root, mount point, options … - type, source, options.</param>
    /// <param name="own">Lines of <c>/proc/self/cgroup</c>: hierarchy:controllers:path.</param>
    /// <param name="exists">Whether a folder is there.</param>
    public static ControlGroupMounts Parse(IEnumerable<string> mounts, IEnumerable<string> own, Func<string, bool> exists)
    {
        var paths = own.Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();
        var v1 = new Dictionary<string, string>();
        string? v2 = null;
        foreach (var line in mounts)
        {
            var halves = line.Split(" - ", 2);
            if (halves.Length != 2) continue;
            var (place, kind) = (halves[0].Split(' '), halves[1].Split(' '));
            if (place.Length < 5 || kind.Length < 3) continue;
            if (kind[0] == "cgroup2")
            {
                v2 = Folder(place, paths.Find(parts => parts[0] == "0")?[2], exists);
            }
            else if (kind[0] == "cgroup")
            {
                var options = kind[2].Split(',');
                foreach (var controller in Wanted.Where(options.Contains))
                {
                    var path = paths.Find(parts => parts[1].Split(',').Contains(controller))?[2];
                    if (Folder(place, path, exists) is { } folder) v1[controller] = folder;
                }
            }
        }

        return new ControlGroupMounts(v1, v2);
    }

    /// <summary>
    /// A container sees its own group as the root of the mount, while the path in <c>/proc/self/cgroup</c> may be the host's: what
    /// both have in common is cut off, and where that leads nowhere the mount itself is ours.
    /// </summary>
    private static string? Folder(string[] place, string? path, Func<string, bool> exists)
    {
        if (path is null) return null;
        var (root, point) = (place[3].TrimEnd('/'), place[4]);
        var below = root.Length > 0 && path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path;
        var folder = Path.TrimEndingDirectorySeparator(point + (below.StartsWith('/') ? below : "/" + below));
        return exists(folder) ? folder : exists(point) ? point : null;
    }
}
