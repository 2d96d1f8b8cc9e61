using System.Text;

namespace BrowserTech.Newsletter.Writing;

/// <summary>Builds the text part of a mail: paragraphs wrapped at 72 columns, addresses never broken.</summary>
internal sealed class PlainLines
{
    private const int Width = 72;
    private readonly StringBuilder _text = new();
    private bool _separate;

    /// <summary>A heading with a line under it.</summary>
    public void Heading(string text, char underline)
    {
        Block(text);
        _text.Append(underline, Math.Min(Width, text.Length)).Append('\n');
    }

    /// <summary>A paragraph; line breaks in it are kept.</summary>
    public void Block(string text, string firstPrefix = "", string? prefix = null)
    {
        Gap();
        Lines(text, firstPrefix, prefix ?? firstPrefix);
    }

    /// <summary>Lines that follow the ones before without a gap.</summary>
    public void Lines(string text, string firstPrefix = "", string? prefix = null)
    {
        var lead = firstPrefix;
        foreach (var line in text.Split('\n'))
        {
            foreach (var wrapped in Wrap(line, Math.Max(20, Width - lead.Length)))
            {
                _text.Append((lead + wrapped).TrimEnd()).Append('\n');
                lead = prefix ?? firstPrefix;
            }
        }

        _separate = true;
    }

    /// <summary>Lines as they are, such as code.</summary>
    public void Verbatim(string text, string prefix)
    {
        Gap();
        foreach (var line in text.TrimEnd('\n').Split('\n')) _text.Append((prefix + line).TrimEnd()).Append('\n');
        _separate = true;
    }

    /// <summary>An empty line before what comes next.</summary>
    public void Gap()
    {
        if (_separate) _text.Append('\n');
        _separate = false;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static IEnumerable<string> Wrap(string line, int width)
    {
        var wrapped = new StringBuilder();
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (wrapped.Length > 0 && wrapped.Length + 1 + word.Length > width)
            {
                yield return wrapped.ToString();
                wrapped.Clear();
            }

            if (wrapped.Length > 0) wrapped.Append(' ');
            wrapped.Append(word);
        }

        yield return wrapped.ToString();
    }
}
