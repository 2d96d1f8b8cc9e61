using BrowserTech.Site.Content;
using BrowserTech.Site.Content.Markdown;

namespace BrowserTech.Site.Demos;

/// <summary>Colours a source. One at a time, as the grammars want it; the page around it is kept.</summary>
public sealed class SourceView
{
    private readonly CodeHighlighter _highlighter = new();
    private readonly Lock _lock = new();

    public string Html(Demo demo, SourceFile file)
    {
        var text = DemoSource.Read(demo, file.Path) ?? "";
        lock (_lock) return _highlighter.Highlight(text, file.Language);
    }
}
