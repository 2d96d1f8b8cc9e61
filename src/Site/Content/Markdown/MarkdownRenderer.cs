using System.Text;
using Ganss.Xss;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.CustomContainers;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BrowserTech.Site.Content.Markdown;

/// <summary>
/// Turns a Markdown body into <see cref="Prose"/>. Everything is sanitised although the authors are our own: the
/// files come through pull requests, and a page must stay harmless when a review overlooks something. Not safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// A live demo is a container of its own at the top level, with its caption inside:
/// <code>
/// :::demo session-backend
/// Your tab's own process, as it sees itself.
/// :::
/// </code>
/// </remarks>
public sealed class MarkdownRenderer
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseFootnotes().UseCustomContainers().UseEmphasisExtras().UseDefinitionLists()
        .UseAutoLinks().UseFigures().UseCitations().UseSmartyPants().UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    private readonly CodeHighlighter _highlighter = new();
    private readonly HtmlSanitizer _sanitizer = MakeSanitizer();

    /// <param name="path">The file, for problems.</param>
    /// <param name="lineOffset">Lines of the file above the body.</param>
    public Prose Render(string markdown, string path, int lineOffset, List<ContentProblem> problems)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        LowerHeadings(document);
        var parts = new List<ProsePart>();
        var run = new List<Block>();
        foreach (var block in document)
        {
            if (block is not CustomContainer { Info: "demo" } container)
            {
                run.Add(block);
                continue;
            }

            if (!Slug<Demo>.TryParse(container.Arguments?.Trim(), out var demo))
            {
                problems.Add(new ContentProblem(path, lineOffset + container.Line + 1,
                    "a demo directive names the demo's folder, as in ':::demo session-backend'"));
                continue;
            }

            Flush();
            parts.Add(new DemoPart(demo, Html(container)));
        }

        Flush();
        return new Prose(parts, CountWords(document));

        void Flush()
        {
            if (run.Count > 0) parts.Add(new HtmlPart(Html(run)));
            run.Clear();
        }
    }

    private string Html(IEnumerable<Block> blocks)
    {
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new HighlightedCodeRenderer(_highlighter));
        renderer.ObjectRenderers.Replace<HtmlTableRenderer>(new ScrollingTableRenderer());
        foreach (var block in blocks) renderer.Write(block);
        return _sanitizer.Sanitize(writer.ToString());
    }

    // The page's title is its only h1: a body that starts with '#' starts one level lower.
    private static void LowerHeadings(MarkdownDocument document)
    {
        if (!document.Descendants<HeadingBlock>().Any(heading => heading.Level == 1)) return;
        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(6, heading.Level + 1);
    }

    private static int CountWords(MarkdownDocument document)
    {
        var text = new StringBuilder();
        foreach (var literal in document.Descendants<LiteralInline>()) text.Append(literal.Content.ToString()).Append(' ');
        return text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private static HtmlSanitizer MakeSanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedAttributes.Remove("style");
        foreach (var name in (string[])["class", "id", "role", "tabindex", "aria-label", "aria-hidden", "loading"])
            sanitizer.AllowedAttributes.Add(name);
        foreach (var name in (string[])["form", "input", "button", "textarea", "select", "option"])
            sanitizer.AllowedTags.Remove(name);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["http", "https", "mailto"]);
        return sanitizer;
    }
}
