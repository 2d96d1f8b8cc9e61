using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BrowserTech.Newsletter.Writing;

/// <summary>Writes a Markdown tree as text that reads well as text: each link's address stands behind its words.</summary>
internal static class MarkdownText
{
    public static string Write(MarkdownDocument document)
    {
        var lines = new PlainLines();
        WriteBlocks(document, lines, "", "");
        return lines.ToString().TrimEnd('\n');
    }

    private static void WriteBlocks(ContainerBlock blocks, PlainLines lines, string firstPrefix, string prefix)
    {
        var lead = firstPrefix;
        foreach (var block in blocks)
        {
            WriteBlock(block, lines, lead, prefix);
            lead = prefix;
        }
    }

    private static void WriteBlock(Block block, PlainLines lines, string lead, string prefix)
    {
        switch (block)
        {
            case HeadingBlock heading:
                lines.Heading(Inline(heading.Inline), heading.Level <= 2 ? '-' : '.');
                break;
            case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } paragraph:
                lines.Lines(Inline(paragraph.Inline), lead, prefix);
                break;
            case LeafBlock and not CodeBlock and not ThematicBreakBlock:
                lines.Block(Inline(((LeafBlock)block).Inline), lead, prefix);
                break;
            case CodeBlock code:
                lines.Verbatim(code.Lines.ToString(), prefix + "    ");
                break;
            case ThematicBreakBlock:
                lines.Block("* * *", lead, prefix);
                break;
            case QuoteBlock quote:
                WriteBlocks(quote, lines, prefix + "> ", prefix + "> ");
                break;
            case ListBlock list:
                WriteList(list, lines, prefix);
                break;
            case Table table:
                WriteTable(table, lines, prefix);
                break;
            case ContainerBlock container:
                WriteBlocks(container, lines, lead, prefix);
                break;
        }
    }

    private static void WriteList(ListBlock list, PlainLines lines, string prefix)
    {
        if (list.Parent is not ListItemBlock) lines.Gap();
        var number = int.TryParse(list.OrderedStart, out var start) ? start : 1;
        foreach (var item in list.OfType<ListItemBlock>())
        {
            var mark = list.IsOrdered ? $"{number++}. " : "- ";
            WriteBlocks(item, lines, prefix + mark, prefix + new string(' ', mark.Length));
        }
    }

    private static void WriteTable(Table table, PlainLines lines, string prefix)
    {
        lines.Gap();
        foreach (var row in table.OfType<TableRow>())
        {
            var cells = row.OfType<TableCell>()
                .Select(cell => string.Concat(cell.OfType<LeafBlock>().Select(leaf => Inline(leaf.Inline))));
            lines.Lines(string.Join(" | ", cells), prefix);
        }
    }

    private static string Inline(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        for (var inline = inlines?.FirstChild; inline is not null; inline = inline.NextSibling)
            Append(text, inline);
        return text.ToString();
    }

    private static void Append(StringBuilder text, Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal:
                text.Append(literal.Content.AsSpan());
                break;
            case CodeInline code:
                text.Append(code.Content);
                break;
            case HtmlEntityInline entity:
                text.Append(entity.Transcoded.AsSpan());
                break;
            case LineBreakInline lineBreak:
                text.Append(lineBreak.IsHard ? '\n' : ' ');
                break;
            case AutolinkInline link:
                text.Append(link.Url);
                break;
            case LinkInline { IsImage: true } image:
                var description = Inline(image);
                if (description.Length > 0) text.Append($"[{description}]");
                break;
            case LinkInline link:
                var label = Inline(link);
                text.Append(label == link.Url || label.Length == 0 ? link.Url : $"{label} ({link.Url})");
                break;
            case TaskList task:
                text.Append(task.Checked ? "[x]" : "[ ]");
                break;
            case ContainerInline container:
                text.Append(Inline(container));
                break;
        }
    }
}
