using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Benchmarks.Sessions;

/// <summary>
/// The least a browser does on a WebSocket: the handshake, one small masked frame, the same frame back. The same code for what goes through the
/// hub and for what does not, so that a difference between the two is not the client's.
/// </summary>
internal sealed class EchoClient(Stream stream) : IAsyncDisposable
{
    private const int Payload = 16;

    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _frame = [0x82, 0x80 | Payload, 1, 2, 3, 4, .. new byte[Payload]];

    public static async Task<EchoClient> ConnectAsync(EndPoint endpoint, string target, string host)
    {
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint);
            var client = new EchoClient(new NetworkStream(socket, ownsSocket: true));
            await client.ShakeAsync(target, host);
            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one message and waits for it to come back.</summary>
    public async ValueTask EchoAsync()
    {
        await stream.WriteAsync(_frame);
        var length = 0;
        while (length < 2 + Payload) length += await Read(length);
        if ((_buffer[0] & 0x0f) != 2) throw new InvalidOperationException($"not the echo: opcode {_buffer[0] & 0x0f}");
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task ShakeAsync(string target, string host)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\n\r\n"));
        var length = 0;
        while (_buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0) length += await Read(length);
        if (!_buffer.AsSpan(0, length).StartsWith("HTTP/1.1 101"u8))
            throw new InvalidOperationException(Encoding.ASCII.GetString(_buffer, 0, length));
    }

    private async ValueTask<int> Read(int at)
    {
        var read = await stream.ReadAsync(_buffer.AsMemory(at));
        return read > 0 ? read : throw new IOException("The connection was closed.");
    }
}
