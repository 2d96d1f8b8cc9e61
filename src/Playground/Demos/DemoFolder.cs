namespace BrowserTech.Playground.Demos;

/// <summary>
/// Where the parts of a demo are. Its page is in <c>client/</c>. Its backend runs in the folder the build made for it
/// (<see cref="PlaygroundOptions.BuiltDemosFolder"/>, one folder per slug) where there is one, else in <c>backend/</c> as it lies:
/// a script needs no build.
/// </summary>
public static class DemoFolder
{
    public static string? Client(string demoFolder)
    {
        var folder = Path.GetFullPath(Path.Combine(demoFolder, "client"));
        return File.Exists(Path.Combine(folder, "index.html")) ? folder : null;
    }

    /// <summary>The folder need not exist: whether it has been built is found out, and said, when it is run.</summary>
    public static string Backend(string demoFolder, string? builtDemosFolder)
    {
        var slug = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(demoFolder)));
        var built = builtDemosFolder is null ? null : Path.GetFullPath(Path.Combine(builtDemosFolder, slug));
        return built is not null && Directory.Exists(built) ? built : Path.GetFullPath(Path.Combine(demoFolder, "backend"));
    }
}
