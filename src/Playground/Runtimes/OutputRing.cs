using System.Text;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The last lines a backend wrote. Bounded in lines and in their length, so that a backend that floods its output costs the hub
/// nothing but the reading. Bytes that are not UTF-8 and control characters are replaced: the lines are shown on
/// pages and in logs.
/// </summary>
public sealed class OutputRing
{
    public const int MaxLines = 200;
    public const int MaxLineLength = 400;

    private readonly Queue<string> _lines = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            var count = _decoder.GetChars(bytes, characters, flush: false);
            foreach (var character in characters.AsSpan(0, count))
            {
                if (character == '\n') EndLine();
                else if (_line.Length < MaxLineLength && character != '\r')
                    _line.Append(char.IsControl(character) && character != '\t' ? '\uFFFD' : character);
            }
        }
    }

    public IReadOnlyList<string> Last(int lines)
    {
        lock (_lock)
        {
            var all = _line.Length == 0 ? [.. _lines] : _lines.Append(_line.ToString()).ToArray();
            return all[Math.Max(0, all.Length - lines)..];
        }
    }

    private void EndLine()
    {
        _lines.Enqueue(_line.ToString());
        _line.Clear();
        if (_lines.Count > MaxLines) _lines.Dequeue();
    }
}
