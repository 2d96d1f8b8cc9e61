using System.Text;

namespace BrowserTech.Playground.Runtimes;

/// <summary>Lines of a backend's output that follow each other. The first line a program ever wrote is number 1.</summary>
/// <param name="First">The number of the first one here.</param>
public sealed record OutputLines(long First, IReadOnlyList<string> Lines)
{
    /// <summary>The number of the last one here; where there are none, of the one before the next.</summary>
    public long Last => First + Lines.Count - 1;
}

/// <summary>
/// The last lines a backend wrote. Bounded in lines and in their length, so that a backend that floods its output costs the hub
/// nothing but the reading: who follows it and is too slow misses lines, and sees by their numbers how many. Bytes that
/// are not UTF-8 and control characters are replaced: the lines are shown on pages and in logs.
/// </summary>
public sealed class OutputRing
{
    public const int MaxLines = 200;
    public const int MaxLineLength = 400;

    private readonly Queue<string> _lines = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private long _count;
    private bool _finished;

    /// <summary>Whole lines written so far, those no longer kept included.</summary>
    public long Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    /// <summary>Whether nothing more comes.</summary>
    public bool IsFinished
    {
        get
        {
            lock (_lock) return _finished;
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            var before = _count;
            var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            var count = _decoder.GetChars(bytes, characters, flush: false);
            foreach (var character in characters.AsSpan(0, count))
            {
                if (character == '\n') EndLine();
                else if (_line.Length < MaxLineLength && character != '\r')
                    _line.Append(char.IsControl(character) && character != '\t' ? '\uFFFD' : character);
            }

            if (_count == before) return;
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }

    /// <summary>Nothing more comes: what was written without an end of line is a line too.</summary>
    public void Finish()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (_line.Length > 0) EndLine();
            _finished = true;
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }

    /// <summary>The last lines, a begun one included; oldest first.</summary>
    public IReadOnlyList<string> Last(int lines)
    {
        lock (_lock)
        {
            var all = _line.Length == 0 ? [.. _lines] : _lines.Append(_line.ToString()).ToArray();
            return all[Math.Max(0, all.Length - lines)..];
        }
    }

    /// <summary>
    /// The whole lines after the one with this number, as far as they are kept, and what completes when there are more. A number
    /// that was never reached is somebody else's: it counts as 0.
    /// </summary>
    public (OutputLines Lines, Task More) After(long line)
    {
        lock (_lock)
        {
            if (line < 0 || line > _count) line = 0;
            var first = Math.Max(line + 1, _count - _lines.Count + 1);
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (new OutputLines(first, [.. _lines.Skip(_lines.Count - (int)(_count - first + 1))]), _changed.Task);
        }
    }

    private void EndLine()
    {
        _lines.Enqueue(_line.ToString());
        _count++;
        _line.Clear();
        if (_lines.Count > MaxLines) _lines.Dequeue();
    }
}
