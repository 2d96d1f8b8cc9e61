using System.Net;
using System.Text;
using TextMateSharp.Grammars;
using TextMateSharp.Registry;

namespace BrowserTech.Site.Content.Markdown;

/// <summary>
/// Colours code on the server with the grammars editors use, so that a page needs no script for it. Scopes are
/// folded into nine classes (<c>tok-k</c> keyword, <c>s</c> string, <c>c</c> comment, <c>n</c> number, <c>t</c> type,
/// <c>f</c> function, <c>o</c> operator, <c>v</c> variable, <c>a</c> tag or attribute): more colours than that do not
/// help a reader. Not safe for concurrent use: the grammars keep state while they load.
/// </summary>
public sealed class CodeHighlighter
{
    // One pathological line must not hold up a reload: the rest of it stays uncoloured.
    private static readonly TimeSpan LineLimit = TimeSpan.FromMilliseconds(200);

    private static readonly (string Prefix, char Class)[] Classes =
    [
        ("comment", 'c'), ("punctuation.definition.comment", 'c'),
        ("punctuation.definition.string", 's'), ("string", 's'), ("constant.character", 's'),
        ("constant.numeric", 'n'), ("constant.language", 'n'), ("constant.other", 'n'),
        ("keyword.operator.new", 'k'), ("keyword.operator.expression", 'k'), ("keyword.operator", 'o'),
        ("keyword", 'k'), ("storage", 'k'), ("variable.language", 'k'),
        ("entity.name.type", 't'), ("entity.name.class", 't'), ("entity.name.namespace", 't'),
        ("entity.other.inherited-class", 't'), ("support.type", 't'), ("support.class", 't'),
        ("entity.name.function", 'f'), ("support.function", 'f'), ("meta.function-call", 'f'),
        ("entity.name.tag", 'a'), ("entity.other.attribute-name", 'a'), ("support.type.property-name", 'a'),
        ("variable", 'v'), ("punctuation", 'o'),
    ];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["c#"] = "csharp", ["cs"] = "csharp", ["js"] = "javascript", ["mjs"] = "javascript", ["ts"] = "typescript",
        ["jsx"] = "javascriptreact", ["tsx"] = "typescriptreact", ["sh"] = "shellscript", ["bash"] = "shellscript",
        ["shell"] = "shellscript", ["yml"] = "yaml", ["rs"] = "rust", ["py"] = "python", ["wgsl"] = "rust", ["glsl"] = "hlsl",
    };

    private readonly RegistryOptions _options = new(ThemeName.DarkPlus);
    private readonly Registry _registry;
    private readonly Dictionary<string, IGrammar?> _grammars = [];

    public CodeHighlighter() => _registry = new Registry(_options);

    /// <summary>HTML with one span per coloured run; the text alone, escaped, where the language is unknown.</summary>
    public string Highlight(string code, string? language)
    {
        if (GrammarOf(language) is not { } grammar) return WebUtility.HtmlEncode(code);

        var html = new StringBuilder(code.Length * 2);
        IStateStack? state = null;
        foreach (var line in code.TrimEnd('\n').Split('\n'))
        {
            if (html.Length > 0) html.Append('\n');
            var result = grammar.TokenizeLine(line, state, LineLimit);
            state = result.RuleStack;
            Append(html, line, result.Tokens);
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, string line, IToken[] tokens)
    {
        var (from, current) = (0, (char?)null);
        foreach (var token in tokens)
        {
            var start = Math.Min(token.StartIndex, line.Length);
            var next = string.IsNullOrWhiteSpace(line[start..Math.Min(token.EndIndex, line.Length)]) ? current : ClassOf(token);
            if (next == current) continue;
            Flush(start);
            (from, current) = (start, next);
        }

        Flush(line.Length);

        void Flush(int to)
        {
            if (to <= from) return;
            var text = WebUtility.HtmlEncode(line[from..to]);
            html.Append(current is { } c ? $"<span class=\"tok-{c}\">{text}</span>" : text);
        }
    }

    private static char? ClassOf(IToken token)
    {
        for (var i = token.Scopes.Count - 1; i >= 0; i--)
        {
            foreach (var (prefix, name) in Classes)
                if (token.Scopes[i].StartsWith(prefix, StringComparison.Ordinal)) return name;
        }

        return null;
    }

    private IGrammar? GrammarOf(string? language)
    {
        if (string.IsNullOrWhiteSpace(language)) return null;
        var id = Aliases.GetValueOrDefault(language, language.ToLowerInvariant());
        if (_grammars.TryGetValue(id, out var known)) return known;
        var scope = _options.GetScopeByLanguageId(id);
        return _grammars[id] = scope is null ? null : _registry.LoadGrammar(scope);
    }
}
