using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BrowserTech.Newsletter.Writing;

/// <summary>
/// An issue's Markdown, parsed once and written as mail HTML (styles inline, set on the syntax tree, so no inliner is needed) and as
/// text (from the same tree, not from the HTML). Markup in the source is shown, not obeyed; only web and mail addresses become links;
/// relative ones start at the site.
/// </summary>
internal sealed class IssueMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().Build();

    private static readonly object AlignmentKey = new();
    private readonly MarkdownDocument _document;

    public IssueMarkdown(string markdown, Uri site)
    {
        _document = Markdown.Parse(markdown, Pipeline);
        Prepare(_document, site);
    }

    /// <summary>The body of the mail.</summary>
    public string ToMailHtml()
    {
        using var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new StyledCodeBlock());
        renderer.Render(_document);
        return html.ToString();
    }

    /// <summary>The body of the text part.</summary>
    public string ToText() => MarkdownText.Write(_document);

    private static void Prepare(MarkdownDocument document, Uri site)
    {
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (Absolute(link.Url, site) is { } address) link.Url = Tagged(address, site, link.IsImage);
            else link.ReplaceBy(new LiteralInline(Label(link)), copyChildren: false);
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(link => !link.IsEmail && Absolute(link.Url, site) is null).ToList())
            link.ReplaceBy(new LiteralInline(link.Url));

        // The mail's title is the one first-level heading: the issue's own begin at the second, whatever the author wrote.
        var headings = document.Descendants<HeadingBlock>().ToList();
        var highest = headings.Count == 0 ? 0 : headings.Min(heading => heading.Level);
        foreach (var heading in headings) heading.Level = Math.Min(6, heading.Level - highest + 2);

        foreach (var table in document.Descendants<Table>()) Align(table);
        foreach (var node in document.Descendants())
            if (StyleOf(node) is var (name, style))
                Style(node, name, style);
    }

    private static (string Name, string Style)? StyleOf(MarkdownObject node) => node switch
    {
        HeadingBlock { Level: 2 } => ("h", MailStyle.Heading),
        HeadingBlock => ("h", MailStyle.Subheading),
        ParagraphBlock { Parent: TableCell } => null,
        ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } => null,
        ParagraphBlock => ("x", MailStyle.Paragraph),
        ListBlock => ("x", MailStyle.List),
        ListItemBlock => ("", MailStyle.Item),
        QuoteBlock => ("q", MailStyle.Quote),
        ThematicBreakBlock => ("r", MailStyle.Rule),
        Table => ("x", MailStyle.Table),
        TableCell cell => ("d", MailStyle.Cell + (cell.GetData(AlignmentKey) as string)),
        CodeInline => ("k", MailStyle.Code),
        LinkInline { IsImage: true } => ("", MailStyle.Image),
        LinkInline or AutolinkInline => ("l", MailStyle.Link),
        _ => null,
    };

    /// <summary>Markdig writes a column's alignment as a style of its own, which would hide ours: it becomes part of ours.</summary>
    private static void Align(Table table)
    {
        foreach (var row in table.OfType<TableRow>())
        {
            for (var i = 0; i < row.Count && i < table.ColumnDefinitions.Count; i++)
            {
                if (table.ColumnDefinitions[i].Alignment is { } side and not TableColumnAlign.Left)
                    row[i].SetData(AlignmentKey, side == TableColumnAlign.Right ? ";text-align:right" : ";text-align:center");
            }
        }

        foreach (var column in table.ColumnDefinitions) column.Alignment = null;
    }

    private static void Style(MarkdownObject node, string name, string style)
    {
        var attributes = node.GetAttributes();
        if (name.Length > 0) attributes.AddClass(name);
        attributes.AddProperty("style", style);
    }

    private static string? Absolute(string? url, Uri site) =>
        Uri.TryCreate(site, url, out var address) && address.Scheme is "http" or "https" or "mailto"
            ? address.AbsoluteUri
            : null;

    /// <summary>Our own links say that the reader came from the newsletter: the same words for everybody, so they identify nobody.</summary>
    private static string Tagged(string address, Uri site, bool isImage)
    {
        var target = new Uri(address);
        if (isImage || target.Authority != site.Authority || target.Query.Length > 0) return address;
        return new UriBuilder(target) { Query = "utm_source=newsletter" }.Uri.AbsoluteUri;
    }

    private static string Label(LinkInline link) =>
        string.Concat(link.Descendants<LiteralInline>().Select(text => text.Content.ToString()));

    /// <summary>Markdig puts a code block's attributes on the inner element; the box is the outer one.</summary>
    private sealed class StyledCodeBlock : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            renderer.EnsureLine();
            renderer.Write($"<pre class=\"k\" style=\"{MailStyle.CodeBlock}\"><code style=\"{MailStyle.CodeInBlock}\">");
            renderer.WriteLeafRawLines(obj, writeEndOfLines: true, escape: true);
            renderer.WriteLine("</code></pre>");
        }
    }
}
