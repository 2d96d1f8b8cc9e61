using System.Net;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace BrowserTech.Site.Content.Markdown;

/// <summary>Writes a code block as a scrollable, focusable region: keyboards must reach what is cut off.</summary>
internal sealed class HighlightedCodeRenderer(CodeHighlighter highlighter) : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock obj)
    {
        var language = (obj as FencedCodeBlock)?.Info;
        var name = WebUtility.HtmlEncode(string.IsNullOrWhiteSpace(language) ? "Code" : $"Code, {language}");
        renderer.EnsureLine();
        renderer.Write($"<pre class=\"code\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><code>");
        renderer.Write(highlighter.Highlight(obj.Lines.ToString(), language));
        renderer.Write("</code></pre>\n");
    }
}
