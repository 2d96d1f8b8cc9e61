using System.Text;

namespace BrowserTech.RemoteCanvas.Wire;

/// <summary>Why a connection is closed, as long as a WebSocket can say it: 123 bytes, of whole characters.</summary>
internal static class CloseReason
{
    private const int MaxBytes = 123;
    private const string More = "…";

    public static string Of(string text)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) <= MaxBytes) return text;
        var room = MaxBytes - System.Text.Encoding.UTF8.GetByteCount(More);
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room) break;
            room -= rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), More);
    }
}
