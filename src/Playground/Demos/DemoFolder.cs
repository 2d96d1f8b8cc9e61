using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Demos;

/// <summary>
/// Where the parts of a demo are. Its page is in <c>client/</c>, with what the build made of packages
/// (<see cref="PlaygroundOptions.BuiltClientsFolder"/>) laid under it. Its backend runs in the folder the build made for it
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

    /// <summary>The folder a service runs in: what the build made for it, else its own.</summary>
    public static string Backend(ServiceDefinition service, string? builtDemosFolder)
    {
        if (builtDemosFolder is null) return service.BackendFolder;
        var built = Path.GetFullPath(Path.Combine(builtDemosFolder, service.Name.Value));
        return Directory.Exists(built) ? built : service.BackendFolder;
    }

    /// <summary>
    /// Why the last try to build a service's backend failed, in the compiler's words, at most 500 characters; null where it did not, or nobody built
    /// it here. <c>./run</c> leaves it beside the folder of the build (<c>NAME.failed</c>); a build that was there before is still run.
    /// </summary>
    public static string? BuildFailure(ServiceName service, string? builtDemosFolder)
    {
        const int Most = 500;
        if (builtDemosFolder is null) return null;
        var note = Path.Combine(builtDemosFolder, $"{service.Value}.failed");
        try
        {
            return File.Exists(note) && File.ReadLines(note).FirstOrDefault() is { Length: > 0 } line ? line[..Math.Min(line.Length, Most)] : null;
        }
        catch (IOException)
        {
            return null; // is written at this moment
        }
    }

    /// <summary>Where the files of a demo's page may be: as they lie in the demo, and what the build made besides.</summary>
    /// <param name="client">See <see cref="Client"/>.</param>
    public static IEnumerable<string> ClientFolders(string client, ServiceName service, string? builtClientsFolder)
    {
        yield return client;
        if (builtClientsFolder is null) yield break;
        var built = Path.GetFullPath(Path.Combine(builtClientsFolder, service.Value));
        if (Directory.Exists(built)) yield return built;
    }

    /// <summary>
    /// The folder with the built backends of demos for a program in <c>artifacts/bin/PROJECT/CONFIGURATION</c>: <c>artifacts/demos</c> for a
    /// release, <c>artifacts/demos-debug</c> for any other; null elsewhere.
    /// </summary>
    public static string? BackendsBuiltBeside(string programFolder) =>
        BuiltBeside(programFolder, Path.GetFileName(Path.TrimEndingDirectorySeparator(programFolder)) == "release" ? "demos" : "demos-debug");

    /// <summary><c>artifacts/NAME</c> for a program in <c>artifacts/bin/PROJECT/CONFIGURATION</c>; null elsewhere.</summary>
    public static string? BuiltBeside(string programFolder, string name)
    {
        var folder = Path.GetFullPath(Path.Combine(programFolder, "..", "..", "..", name));
        return Directory.Exists(folder) ? folder : null;
    }
}
