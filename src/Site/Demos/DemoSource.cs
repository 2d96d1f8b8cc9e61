using System.Text;
using BrowserTech.Site.Content;

namespace BrowserTech.Site.Demos;

/// <summary>A file of a demo that people may read.</summary>
/// <param name="Path">Within the demo's folder, with slashes: <c>backend/Program.cs</c>.</param>
/// <param name="Lines">How many it has.</param>
public sealed record SourceFile(string Path, int Lines)
{
    /// <summary>What it is coloured as; null where nothing is.</summary>
    public string? Language => DemoSource.Languages.GetValueOrDefault(System.IO.Path.GetExtension(Path));
}

/// <summary>
/// The source of a demo, which its page shows beside it: what was written by hand in <c>client/</c>, <c>backend/</c> and <c>test/</c>. A list of
/// the kinds of files that are sources decides, not one of those that are none: what a build or an operator has put there stays private.
/// </summary>
public static class DemoSource
{
    private const int MaxFiles = 200;
    private const long MaxBytes = 200_000;

    internal static readonly IReadOnlyDictionary<string, string> Languages = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".cs"] = "csharp", [".csproj"] = "xml", [".razor"] = "razor", [".js"] = "javascript", [".mjs"] = "javascript", [".ts"] = "typescript", [".css"] = "css",
        [".html"] = "html", [".sql"] = "sql", [".wgsl"] = "wgsl", [".glsl"] = "glsl", [".py"] = "python", [".rs"] = "rust", [".sh"] = "bash",
    };

    private static readonly string[] Folders = ["backend", "client", "test"];

    // What tools make.
    private static readonly HashSet<string> Made = new(StringComparer.Ordinal) { "bin", "obj", "node_modules", "__pycache__" };

    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    /// <summary>In the order to read them: backend, page, tests; by name.</summary>
    public static IReadOnlyList<SourceFile> Of(Demo demo) =>
        [.. Folders.SelectMany(folder => In(demo, folder)).Take(MaxFiles)];

    /// <summary>The text; null where it is none of <see cref="Of"/>.</summary>
    public static string? Read(Demo demo, string path) =>
        Of(demo).Any(file => file.Path == path) ? File.ReadAllText(Path.Combine(demo.Folder, path), Encoding.UTF8) : null;

    private static IEnumerable<SourceFile> In(Demo demo, string folder)
    {
        var full = Path.Combine(demo.Folder, folder);
        if (!Directory.Exists(full)) yield break;
        foreach (var file in Directory.EnumerateFiles(full, "*", Visible).Order(StringComparer.Ordinal))
        {
            if (!Languages.ContainsKey(Path.GetExtension(file)) || new FileInfo(file).Length > MaxBytes) continue;
            yield return new SourceFile($"{folder}/{Path.GetFileName(file)}", File.ReadLines(file).Count());
        }

        foreach (var below in Directory.EnumerateDirectories(full, "*", Visible).Select(below => Path.GetFileName(below)).Where(name => !Made.Contains(name)).Order(StringComparer.Ordinal))
            foreach (var file in In(demo, $"{folder}/{below}")) yield return file;
    }
}
