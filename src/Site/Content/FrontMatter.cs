using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace BrowserTech.Site.Content;

/// <summary>
/// Reads the YAML head of one file key by key. A wrong value is noted as a problem with its line and a stand-in is
/// returned, so that one reading of a file finds all of its mistakes. Keys nobody asked for are mistakes too: most
/// are misspelt.
/// </summary>
public sealed class FrontMatter
{
    private readonly YamlMappingNode _map;
    private readonly string _path;
    private readonly int _lineOffset;
    private readonly List<ContentProblem> _problems;
    private readonly HashSet<string> _asked = [];
    private readonly int _line;

    private FrontMatter(YamlMappingNode map, string path, int lineOffset, int line, List<ContentProblem> problems)
    {
        _map = map;
        _path = path;
        _lineOffset = lineOffset;
        _line = line;
        _problems = problems;
    }

    /// <param name="lineOffset">Lines of the file above the YAML text.</param>
    public static FrontMatter? Read(string yaml, string path, int lineOffset, List<ContentProblem> problems)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode map)
                return new FrontMatter(map, path, lineOffset, lineOffset == 0 ? 1 : lineOffset, problems);
            problems.Add(new ContentProblem(path, lineOffset + 1, "expected 'key: value' lines here"));
        }
        catch (YamlException exception)
        {
            problems.Add(new ContentProblem(path, lineOffset + (int)exception.Start.Line, $"not valid YAML: {Reason(exception)}"));
        }

        return null;
    }

    public void Problem(string key, string reason) => _problems.Add(new ContentProblem(_path, LineOf(key), reason));

    public string Required(string key)
    {
        if (Text(key) is { } text) return text;
        if (!_map.Children.ContainsKey(key)) Problem(key, $"'{key}' is missing");
        return "";
    }

    public string? Text(string key)
    {
        if (Node(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } value } && value.Trim() is { Length: > 0 } text) return text;
        if (node is not YamlScalarNode) Problem(key, $"'{key}' must be one line of text");
        return null;
    }

    public int Number(string key, int fallback, int min, int max) => OptionalNumber(key, min, max) ?? fallback;

    public int? OptionalNumber(string key, int min, int max)
    {
        if (Text(key) is not { } text) return null;
        if (int.TryParse(text, out var number) && number >= min && number <= max) return number;
        Problem(key, $"'{key}' must be a whole number from {min} to {max}, not '{text}'");
        return null;
    }

    public bool Flag(string key, bool fallback) => Text(key) switch
    {
        null => fallback,
        "true" or "yes" => true,
        "false" or "no" => false,
        var text => Wrong(key, $"'{key}' must be true or false, not '{text}'", fallback),
    };

    public Uri? WebAddress(string key)
    {
        if (Text(key) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http") return uri;
        return Wrong<Uri?>(key, $"'{key}' must be an http or https address, not '{text}'", null);
    }

    /// <summary>Reads a value with a parser whose <see cref="FormatException"/> says what is wrong.</summary>
    public T Parsed<T>(string key, Func<string, T> parse, T fallback)
    {
        if (Text(key) is not { } text) return fallback;
        try
        {
            return parse(text);
        }
        catch (FormatException exception)
        {
            return Wrong(key, $"'{key}': {exception.Message}", fallback);
        }
    }

    public IReadOnlyList<string> List(string key)
    {
        switch (Node(key))
        {
            case null:
            case YamlScalarNode { Value: null or "" }:
                return [];
            case YamlScalarNode { Value: { } one }:
                return [one];
            case YamlSequenceNode sequence when sequence.Children.All(child => child is YamlScalarNode):
                return [.. sequence.Children.Select(child => ((YamlScalarNode)child).Value ?? "")];
            default:
                return Wrong<IReadOnlyList<string>>(key, $"'{key}' must be a list of words", []);
        }
    }

    public IReadOnlyList<Slug<T>> Slugs<T>(string key)
    {
        var slugs = new List<Slug<T>>();
        foreach (var text in List(key))
        {
            if (Slug<T>.TryParse(text, out var slug)) slugs.Add(slug);
            else Problem(key, $"'{key}': '{text}' is not a slug");
        }

        return slugs;
    }

    public IReadOnlyDictionary<string, string> Words(string key)
    {
        var words = new Dictionary<string, string>();
        if (Section(key) is not { } section) return words;
        foreach (var (name, value) in section._map.Children)
        {
            if (name is YamlScalarNode { Value: { Length: > 0 } text } && value is YamlScalarNode word) words[text] = word.Value ?? "";
            else Problem(key, $"'{key}' must be lines of 'name: word'");
        }

        return words;
    }

    public FrontMatter? Section(string key) => Node(key) switch
    {
        null => null,
        YamlMappingNode map => Child(map),
        _ => Wrong<FrontMatter?>(key, $"'{key}' must be a block of 'key: value' lines", null),
    };

    public IEnumerable<FrontMatter> Sections(string key)
    {
        switch (Node(key))
        {
            case null:
                yield break;
            case YamlSequenceNode sequence when sequence.Children.All(child => child is YamlMappingNode):
                foreach (var child in sequence.Children) yield return Child((YamlMappingNode)child);
                yield break;
            default:
                Problem(key, $"'{key}' must be a list of blocks");
                yield break;
        }
    }

    /// <summary>Reports the keys nobody asked for. Call it last.</summary>
    public void Finish()
    {
        foreach (var (key, _) in _map.Children)
        {
            if (key is YamlScalarNode { Value: { } name } && !_asked.Contains(name))
                _problems.Add(new ContentProblem(_path, _lineOffset + (int)key.Start.Line, $"'{name}' is not a key this kind of file has", Harmless: true));
        }
    }

    private FrontMatter Child(YamlMappingNode map) => new(map, _path, _lineOffset, _lineOffset + (int)map.Start.Line, _problems);

    private YamlNode? Node(string key)
    {
        _asked.Add(key);
        return _map.Children.TryGetValue(key, out var node) ? node : null;
    }

    /// <summary>The line of <paramref name="key"/>, or of the block where it is absent.</summary>
    public int LineOf(string key) =>
        _map.Children.Keys.FirstOrDefault(node => node is YamlScalarNode scalar && scalar.Value == key) is { } found
            ? _lineOffset + (int)found.Start.Line
            : _line;

    private T Wrong<T>(string key, string reason, T fallback)
    {
        Problem(key, reason);
        return fallback;
    }

    private static string Reason(YamlException exception) => (exception.InnerException ?? exception).Message.TrimEnd('.');
}
