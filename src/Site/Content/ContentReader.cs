using System.Security.Cryptography;
using System.Text;
using BrowserTech.Playground.Demos;
using BrowserTech.Site.Content.Markdown;

namespace BrowserTech.Site.Content;

/// <summary>
/// Reads a content folder into a snapshot, again and again. A file that has not changed is not parsed again; a file
/// that has become unreadable keeps its last good version, so that one author's slip never takes a page away.
/// One caller at a time.
/// </summary>
public sealed class ContentReader(string root)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MarkdownRenderer _markdown = new();
    private readonly Dictionary<string, Known> _known = [];
    private long _version;

    private sealed record Known(string Text, IReadOnlyList<ContentProblem> Problems, object? LastGood);

    public string Root { get; } = Path.GetFullPath(root);

    public ContentSnapshot Read()
    {
        var problems = new List<ContentProblem>();
        var site = Document("site.yml", problems, (text, path, found) =>
        {
            if (FrontMatter.Read(text, path, 0, found) is not { } front) return null;
            var read = DocumentReaders.Site(front);
            front.Finish();
            return read;
        });
        if (site is null && !File.Exists(Path.Combine(Root, "site.yml")))
            problems.Add(new ContentProblem("site.yml", 0, "the file is missing"));

        var parsed = new ParsedContent(
            site ?? Unnamed,
            Folder("chapters", problems, (slug, front, body, _) => DocumentReaders.Chapter(Name<Chapter>(slug), front, body)),
            Folder("events", problems, (slug, front, body, _) => DocumentReaders.Event(Name<Event>(slug), front, body)),
            Folder("talks", problems, (slug, front, body, _) => DocumentReaders.Talk(Name<Talk>(slug), front, body)),
            Folder("speakers", problems, (slug, front, body, _) => DocumentReaders.Speaker(Name<Speaker>(slug), front, body)),
            Folder("posts", problems, (slug, front, body, _) => DocumentReaders.Post(Name<Post>(slug), front, body)),
            Folder("digest", problems, (slug, front, body, file) => DocumentReaders.Issue(IssueNumber(slug), front, body, file.Body)),
            DemoFolders(problems),
            problems);
        Forget();
        return ContentLinker.Link(parsed, ++_version);
    }

    /// <summary>The account of a content folder's services, from its <c>site.yml</c> alone; null where that cannot be read.</summary>
    public static string? AccountOf(string root)
    {
        var path = Path.Combine(root, "site.yml");
        if (!File.Exists(path)) return null;
        return FrontMatter.Read(File.ReadAllText(path), path, 0, [])?.Text("account");
    }

    private static SiteInfo Unnamed { get; } = new(
        "BrowserTech", "", "", new Uri("http://localhost:5080"), "browsertech", null, [], "hub@localhost", null, null, []);

    private static Slug<T> Name<T>(string name) => Slug<T>.Parse(name);

    // 001-first-light.md is number 1: the number is what the address, the subject and the delivery rows carry.
    private static int IssueNumber(string slug) =>
        int.TryParse(slug.Split('-')[0], out var number) && number > 0
            ? number
            : throw new FormatException("the name of a digest issue begins with its number, as in 007-title.md");

    private List<Draft<T>> Folder<T>(string folder, List<ContentProblem> problems, Func<string, FrontMatter, Prose, ContentFile, T> read)
        where T : class
    {
        var full = Path.Combine(Root, folder);
        if (!Directory.Exists(full)) return [];
        return Drafts(Directory.EnumerateFiles(full, "*.md"), Path.GetFileNameWithoutExtension, problems, read);
    }

    private List<Draft<Demo>> DemoFolders(List<ContentProblem> problems)
    {
        var full = Path.Combine(Root, "demos");
        if (!Directory.Exists(full)) return [];
        var drafts = Drafts(
            Directory.EnumerateDirectories(full).Select(folder => Path.Combine(folder, "demo.md")).Where(File.Exists),
            file => Path.GetFileName(Path.GetDirectoryName(file)),
            problems,
            (slug, front, body, file) => DocumentReaders.Demo(Name<Demo>(slug), front, body, Path.Combine(Root, "demos", slug)));
        return [.. drafts.Select(draft => WithFiles(draft, problems))];
    }

    // Looked at each time: files come and go without a word changing in demo.md.
    private static Draft<Demo> WithFiles(Draft<Demo> draft, List<ContentProblem> problems)
    {
        string?[] missing =
        [
            DemoFolder.Client(draft.Document.Folder) is null ? "client/index.html" : null,
            MissingProgram(Path.Combine(draft.Document.Folder, "backend"), draft.Document.Backend.Command),
        ];
        foreach (var file in missing.OfType<string>())
            problems.Add(new ContentProblem($"demos/{draft.Document.Slug}", 0, $"{file} is missing, so the demo cannot be run here"));
        return draft with { Document = draft.Document with { HasPage = missing is [null, null], Poster = PosterOf(draft.Document.Folder) } };
    }

    private static DemoPoster? PosterOf(string folder)
    {
        var path = Path.Combine(folder, "poster.webp");
        return File.Exists(path) ? new DemoPoster(path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)).AsSpan(0, 6))) : null;
    }

    /// <summary>What there must be before anybody presses Run. A project is built elsewhere, into what is not known here.</summary>
    private static string? MissingProgram(string folder, IReadOnlyList<string> command)
    {
        if (!Directory.Exists(folder)) return "the folder backend/";
        if (Directory.EnumerateFiles(folder, "*.csproj").Any()) return null;
        var file = command switch
        {
            ["dotnet", var assembly, ..] when !assembly.StartsWith('-') => assembly,
            [var program, ..] when program.Contains('/', StringComparison.Ordinal) => program,
            _ => null,
        };
        return file is null || File.Exists(Path.Combine(folder, file)) ? null : Path.GetRelativePath(Path.Combine(folder, ".."), Path.Combine(folder, file));
    }

    private List<Draft<T>> Drafts<T>(
        IEnumerable<string> files, Func<string, string?> nameOf, List<ContentProblem> problems, Func<string, FrontMatter, Prose, ContentFile, T> read)
        where T : class
    {
        var drafts = new List<Draft<T>>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Root, file).Replace('\\', '/');
            if (Path.GetFileName(path).StartsWith('.')) continue; // an editor's swap file
            if (Document(path, problems, (text, _, found) => Draft(text, path, nameOf(file) ?? "", found, read)) is { } draft)
                drafts.Add(draft);
        }

        return drafts;
    }

    private Draft<T>? Draft<T>(string text, string path, string name, List<ContentProblem> found, Func<string, FrontMatter, Prose, ContentFile, T> read)
    {
        if (ContentFile.Cut(path, text, found) is not { } file) return null;
        if (FrontMatter.Read(file.Head, path, 1, found) is not { } front) return null;
        try
        {
            var document = read(name, front, _markdown.Render(file.Body, path, file.BodyLine, found), file);
            front.Finish();
            return new Draft<T>(path, front, document);
        }
        catch (FormatException exception)
        {
            found.Add(new ContentProblem(path, 0, exception.Message));
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A parser may give up on a text in any way (quotes nested a hundred deep): that is the file's problem, not the site's.
            found.Add(new ContentProblem(path, 0, $"the text cannot be rendered: {exception.Message}"));
            return null;
        }
    }

    /// <summary>The file's document now, or its last good one with the problems of now.</summary>
    private T? Document<T>(string path, List<ContentProblem> problems, Func<string, string, List<ContentProblem>, T?> parse) where T : class
    {
        var before = _known.GetValueOrDefault(path);
        var found = new List<ContentProblem>();
        var text = Text(path, found);
        if (text is not null && before?.Text == text)
        {
            problems.AddRange(before.Problems);
            _seen.Add(path);
            return before.LastGood as T;
        }

        var document = text is null ? null : parse(text, path, found);
        // A mistake could mean anything (a capacity that cannot be read is not 'no limit'): nothing of it is served.
        var serve = found.TrueForAll(problem => problem.Harmless) ? document : before?.LastGood as T;
        if (text is null && !File.Exists(Path.Combine(Root, path))) return null;
        problems.AddRange(found);
        _known[path] = new Known(text ?? "", found, serve);
        _seen.Add(path);
        return serve;
    }

    private readonly HashSet<string> _seen = [];

    // A file that was deleted is gone: its last good version must not come back when the name is used again.
    private void Forget()
    {
        foreach (var path in _known.Keys.Except(_seen).ToList()) _known.Remove(path);
        _seen.Clear();
    }

    private string? Text(string path, List<ContentProblem> problems)
    {
        try
        {
            var full = Path.Combine(Root, path);
            if (!File.Exists(full)) return null;
            if (new FileInfo(full).Length > ContentFile.MaxBytes)
            {
                problems.Add(new ContentProblem(path, 0, $"the file is larger than {ContentFile.MaxBytes >> 10} KiB"));
                return null;
            }

            return StrictUtf8.GetString(File.ReadAllBytes(full)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            problems.Add(new ContentProblem(path, 0, $"the file is not UTF-8 (byte {exception.Index})"));
        }
        catch (IOException exception)
        {
            problems.Add(new ContentProblem(path, 0, $"the file cannot be read: {exception.Message}"));
        }
        catch (UnauthorizedAccessException)
        {
            problems.Add(new ContentProblem(path, 0, "the file cannot be read: permission denied"));
        }

        return null;
    }
}
