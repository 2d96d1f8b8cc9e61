using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos.Workshop;

/// <summary>What has to be built anew of a demo, and whether its processes are out of date.</summary>
[Flags]
public enum DemoParts
{
    None = 0,

    /// <summary>What the page is: a reload shows it, once what it takes from packages is built.</summary>
    Client = 1,

    /// <summary>The program.</summary>
    Backend = 2,
}

/// <summary>Reads a change in the folder of demos: whose it is, and of what. Pure.</summary>
public static class DemoChange
{
    // What tools leave beside a source: nobody wrote it, and writing it while building would build for ever.
    private static readonly HashSet<string> Tools = new(StringComparer.Ordinal) { "bin", "obj", "node_modules", "artifacts", "__pycache__" };

    /// <param name="path">Relative to the folder of demos.</param>
    /// <returns>Null where it concerns no running demo: the words about it, its tests, what an editor leaves for a moment.</returns>
    public static (string Slug, DemoParts Parts)? Of(string path)
    {
        var names = path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || names.Any(name => name[0] == '.' || Tools.Contains(name)) || IsPassing(names[^1])) return null;
        // A folder that came as a whole. What lies in the folder of demos itself is no demo's.
        if (names.Length == 1) return Slug<Demo>.TryParse(names[0], out _) ? (names[0], DemoParts.Client | DemoParts.Backend) : null;
        var parts = names[1] switch
        {
            "client" => DemoParts.Client,
            "backend" => DemoParts.Backend,
            _ => DemoParts.None,
        };
        return parts == DemoParts.None ? null : (names[0], parts);
    }

    private static bool IsPassing(string name) =>
        name[0] == '#' || name[^1] is '~' or '#' || name.EndsWith(".swp", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)
        || name.All(char.IsAsciiDigit) || name == "packages.lock.json";
}
