using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace BrowserTech.Site.Content.Markdown;

/// <summary>Puts a table into a region that scrolls by itself, so that a wide one never widens a phone's page.</summary>
internal sealed class ScrollingTableRenderer : HtmlObjectRenderer<Table>
{
    private readonly HtmlTableRenderer _inner = new();

    protected override void Write(HtmlRenderer renderer, Table obj)
    {
        renderer.EnsureLine();
        renderer.Write("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">");
        _inner.Write(renderer, obj);
        renderer.Write("</div>\n");
    }
}
