using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>
/// In a pool there is time: the server opens a WebSocket to itself and sends a message, so that everything on the
/// way of a first message is loaded and compiled before somebody waits for it. No handler of the author is called.
/// </summary>
internal static class SelfCheck
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    public static async Task RunAsync(BackendServer server)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // A name without a file: the folder of its socket is all that a backend shares with the hub, and is not to be littered.
            var beside = new UnixDomainSocketEndPoint("\0warm-" + Guid.NewGuid().ToString("N"));
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(beside);
            listener.Listen();
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(beside).ConfigureAwait(false);
            var inner = new BackendServer(server.Process) { OnRequest = AnswerAsync, OnSocket = EchoAsync, Limits = server.Limits, Clock = server.Clock };
            var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            new Connection(inner, await listener.AcceptAsync().ConfigureAwait(false)).Begin(served.SetResult);
            await using var stream = new NetworkStream(client, ownsSocket: false);
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: warm\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
            await ReadAsync(stream).ConfigureAwait(false);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: warm\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Key}\r\nX-Verified-Backend: warm\r\n\r\n")).ConfigureAwait(false);
            await ReadAsync(stream).ConfigureAwait(false);
            // A masked text frame, as a browser sends it, and then one that closes.
            await stream.WriteAsync((byte[])[0x81, 0x84, 1, 2, 3, 4, (byte)('w' ^ 1), (byte)('a' ^ 2), (byte)('r' ^ 3), (byte)('m' ^ 4)])
                .ConfigureAwait(false);
            await ReadAsync(stream).ConfigureAwait(false);
            await stream.WriteAsync((byte[])[0x88, 0x80, 1, 2, 3, 4]).ConfigureAwait(false);
            await ReadAsync(stream).ConfigureAwait(false);
            client.Shutdown(SocketShutdown.Send);
            await served.Task.WaitAsync(server.Process.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // It will be compiled when it is needed.
        }
    }

    private static ValueTask<BackendResponse> AnswerAsync(BackendCall call) => new(BackendResponse.Json("{}"));

    private static async Task EchoAsync(BackendCall call, BackendSocket socket)
    {
        _ = call.Caller;
        while (await socket.ReceiveAsync().ConfigureAwait(false) is { } message)
            await socket.SendAsync(message.Text).ConfigureAwait(false);
    }

    private static async Task ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[1024];
        if (await stream.ReadAsync(buffer).ConfigureAwait(false) == 0) throw new IOException("The server closed.");
    }
}
