using System.Net.Sockets;
using System.Net.WebSockets;
using BrowserTech.RemoteCanvas.Wire;
using BrowserTech.SessionBackend;

namespace BrowserTech.RemoteCanvas.Tests;

/// <summary>What a page would be: the other end of a real WebSocket.</summary>
internal sealed class Viewer(ClientWebSocket socket)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[8 * 1024 * 1024];

    public ClientWebSocket Socket => socket;

    /// <summary>On a backend in this process that shows what <paramref name="show"/> makes.</summary>
    public static async Task WithAsync(Func<BackendSocket, CanvasViewer> show, Func<Viewer, Task> use)
    {
        var folder = Directory.CreateTempSubdirectory("canvas-");
        var path = Path.Combine(folder.FullName, "s");
        using var process = BackendProcess.FromEnvironment(name => name == "SESSION_SOCKET" ? path : null);
        var running = new BackendServer(process) { OnSocket = (_, socket) => show(socket).RunAsync(process.Stopping) }.RunAsync();
        try
        {
            await ConnectAsync(path, use);
        }
        finally
        {
            process.Stop();
            await running.WaitAsync(Patience);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>On whatever listens there.</summary>
    public static async Task ConnectAsync(string path, Func<Viewer, Task> use)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://backend/"), http, TestContext.Current.CancellationToken);
        await use(new Viewer(socket)).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    public static byte[] Hello(int width, int height, Codecs codecs = Codecs.Jpeg) =>
        [1, (byte)codecs, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];

    public static byte[] State(uint sequence) => [3, 0, 0, 0, .. BitConverter.GetBytes(sequence), 1];

    public static byte[] Key(uint sequence, bool isDown, string code) => [5, (byte)(isDown ? 1 : 0), 0, 0, .. BitConverter.GetBytes(sequence), .. System.Text.Encoding.ASCII.GetBytes(code)];

    public static byte[] Point(uint sequence, PointerAction action, byte buttons, float x, float y) =>
    [
        4, (byte)action, buttons, 0, .. BitConverter.GetBytes(sequence), 7, 0, 0, 0, .. BitConverter.GetBytes(x), .. BitConverter.GetBytes(y), 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    public static byte[] KeyFrame { get; } = [7];

    public Task SendAsync(byte[] message) => socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message; empty when it was closed.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        for (var length = 0;;)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return [];
            length += received.Count;
            if (received.EndOfMessage) return _buffer[..length];
        }
    }

    /// <summary>The next frame, acknowledged.</summary>
    public async Task<FrameHeader> FrameAsync()
    {
        Assert.True(FrameHeader.TryRead(await ReceiveAsync(), out var header));
        await SendAsync([2, 0, 0, 0, .. BitConverter.GetBytes(header.Number)]);
        return header;
    }

    /// <summary>Acknowledges everything until nothing better follows.</summary>
    public async Task<FrameHeader> UntilCompleteAsync()
    {
        while (true)
            if (await FrameAsync() is { IsComplete: true } whole) return whole;
    }

    /// <summary>Moves on with each frame, until there is one of which that holds.</summary>
    public async Task<FrameHeader> MoveUntilAsync(Func<FrameHeader, bool> holds)
    {
        for (uint input = 1; ; input++)
        {
            await SendAsync(State(input));
            if (await FrameAsync() is var frame && holds(frame)) return frame;
        }
    }
}
