using System.Text;

namespace BrowserTech.SessionBackend;

/// <summary>One whole message of a WebSocket. Its bytes are the socket's buffer: they hold until the next one is received.</summary>
/// <param name="Data">The payload.</param>
/// <param name="IsText">Whether it was sent as text, and so is UTF-8.</param>
public sealed record SocketMessage(ReadOnlyMemory<byte> Data, bool IsText)
{
    public string Text => Encoding.UTF8.GetString(Data.Span);
}
