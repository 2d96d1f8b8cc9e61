namespace BrowserTech.TestKit;

/// <summary>A content folder of a test's own: the smallest site there is, and whatever the test adds.</summary>
public sealed class ContentFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("content-tests-");

    public ContentFolder()
    {
        Write("site.yml", """
            name: Test Site
            tagline: A tagline.
            description: A description.
            address: http://localhost:5080
            account: test
            organizers: [organizer@example.org]
            mail:
              from: hub@example.org
            topics:
              - slug: gpu
                name: GPUs
              - slug: data
                name: Data
            """);
        Write("chapters/town.md", """
            ---
            name: Town
            region: Somewhere
            zone: America/New_York
            summary: A chapter.
            ---
            About the chapter.
            """);
    }

    private ContentFolder(string original)
    {
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Root, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Root => _root.FullName;

    /// <summary>A copy of the content this repository ships, or of another folder, that a test may add to.</summary>
    public static ContentFolder CopyOf(string? original = null) => new(original ?? Path.Combine(HubProcess.Repository, "content"));

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // As editors do: written beside, then moved over, so that nobody reads half a file.
        File.WriteAllText(full + ".new~", text);
        File.Move(full + ".new~", full, overwrite: true);
    }

    /// <summary>Changes a file that is there.</summary>
    public void Edit(string path, Func<string, string> change) => Write(path, change(File.ReadAllText(Path.Combine(Root, path))));

    public void WriteBytes(string path, byte[] bytes)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    public void Delete(string path) => File.Delete(Path.Combine(Root, path));

    /// <summary>An event in Town, far in the future unless said otherwise.</summary>
    public void WriteEvent(string slug, int? capacity = null, int guests = 2, string day = "2099-06-01", string extra = "") =>
        Write($"events/{slug}.md", $"""
            ---
            title: Event {slug}
            summary: An event.
            chapter: town
            starts: {day} 18:30
            ends: {day} 21:00
            venue:
              name: A room
              guest_note: Ring twice.
            guests: {guests}
            {(capacity is null ? "" : $"capacity: {capacity}")}
            {extra}
            ---
            About the event.
            """);

    public void Dispose() => _root.Delete(recursive: true);
}
