using System.Net.WebSockets;

namespace BrowserTech.Benchmarks.Demos;

/// <summary>The socket of one visitor, with the messages whole.</summary>
internal sealed class VisitSocket(ClientWebSocket socket) : IDisposable
{
    private byte[] _buffer = new byte[1 << 20];

    /// <summary>The next message, until the one after it. Throws where the demo closed the connection: that is a failed visit.</summary>
    public async Task<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        for (var length = 0; ;)
        {
            if (length == _buffer.Length) Array.Resize(ref _buffer, 2 * length);
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
            if (part.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"It was closed: {socket.CloseStatus} {socket.CloseStatusDescription}");
            length += part.Count;
            if (part.EndOfMessage) return _buffer.AsMemory(0, length);
        }
    }

    public Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel, bool isText = false) =>
        socket.SendAsync(message, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancel).AsTask();

    public void Dispose() => socket.Dispose();
}

/// <summary>What a visitor of one demo does, in the demo's own words on the wire.</summary>
/// <param name="Demo">Its slug.</param>
/// <param name="FirstAsync">Waits for the first thing that can be seen.</param>
/// <param name="UseAsync">Uses it for as long as the token is not cancelled; gives how many things it was answered.</param>
internal sealed record Visit(string Demo, Func<VisitSocket, CancellationToken, Task> FirstAsync, Func<VisitSocket, CancellationToken, Task<int>> UseAsync);
