namespace BrowserTech.Playground.Demos;

/// <summary>
/// Where a path really leads, every link on the way followed as the kernel does it: name by name, so that <c>..</c> after
/// a link is the parent of what the link points to and not of the link. The framework resolves only the last name of a path.
/// </summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <param name="path">Absolute.</param>
    /// <returns>Null when links lead in a circle, or cannot be read.</returns>
    public static string? Of(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var real = root;
        var names = new Stack<string>(Names(path[root.Length..]));
        for (var links = 0; names.TryPop(out var name);)
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, name);
            if (!TryReadLink(next, out var target)) return null;
            if (target is null)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks) return null;
            if (Path.IsPathRooted(target))
            {
                real = root = Path.GetPathRoot(target)!;
                target = target[root.Length..];
            }

            foreach (var step in Names(target)) names.Push(step);
        }

        return real;
    }

    /// <summary>The last name first, as a stack takes them.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name != ".").Reverse();

    private static bool TryReadLink(string path, out string? target)
    {
        try
        {
            target = new FileInfo(path).LinkTarget;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            target = null;
            return false;
        }
    }
}
