using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Demos;

/// <summary>One request, head only; a backend this small reads no bodies.</summary>
public sealed class SessionRequest
{
    public required string Method { get; init; }

    /// <summary>Path and query as they came.</summary>
    public required string Target { get; init; }

    /// <summary>Names are compared without case.</summary>
    public required Dictionary<string, string> Headers { get; init; }

    public bool IsWebSocket =>
        Headers.TryGetValue("Upgrade", out var upgrade) && upgrade.Equals("websocket", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The least that speaks HTTP/1.1 and WebSocket on the Unix socket a session backend is given. A web framework would be
/// the normal choice and costs about a tenth of a second at each start; a process that is started while somebody
/// waits, serves one tab and ends can do without. One thread for each connection, because there is one connection.
/// </summary>
/// <param name="answer">The body for a plain request, as text.</param>
/// <param name="talk">Runs as long as a WebSocket is open.</param>
public sealed class SessionServer(Func<SessionRequest, string> answer, Action<SessionRequest, WebSocket> talk)
{
    private const int MaxHead = 16 * 1024;

    /// <summary>Binds, listens, tells the hub, and serves until the process ends.</summary>
    public void Run()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Variable("SESSION_SOCKET")!));
        listener.Listen(64);
        SayReady();
        while (true)
        {
            var connection = listener.Accept();
            new Thread(() => Serve(connection), 256 * 1024) { IsBackground = true }.Start();
        }
    }

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>The systemd convention: one datagram. The hub is told at once instead of finding out.</summary>
    public static void SayReady()
    {
        if (Variable("NOTIFY_SOCKET") is not { } path) return;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo("READY=1"u8, new UnixDomainSocketEndPoint(path));
    }

    private void Serve(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            while (ReadHead(stream) is { } request)
            {
                if (request.IsWebSocket)
                {
                    Shake(stream, request);
                    using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
                    talk(request, socket);
                    return;
                }

                var body = Encoding.UTF8.GetBytes(answer(request));
                Write(stream, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
                stream.Write(body);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or WebSocketException)
        {
            // The tab is gone.
        }
    }

    private static SessionRequest? ReadHead(NetworkStream stream)
    {
        var buffer = new byte[MaxHead];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = length == MaxHead ? 0 : stream.Read(buffer, length, MaxHead - length);
            if (read == 0) return null;
            length += read;
        }

        var lines = Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
        var first = lines[0].Split(' ');
        if (first.Length != 3) return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 1; i < lines.Length; i++)
        {
            var colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[lines[i][..colon]] = lines[i][(colon + 1)..].Trim();
        }

        return new SessionRequest { Method = first[0], Target = first[1], Headers = headers };
    }

    /// <summary>RFC 6455, 4.2.2: the key and this constant, hashed, prove that the server speaks WebSocket.</summary>
    private static void Shake(NetworkStream stream, SessionRequest request)
    {
        var key = request.Headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
#pragma warning disable CA5350 // the protocol fixes SHA-1; nothing secret depends on it
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key)));
#pragma warning restore CA5350
        Write(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: {accept}\r\n\r\n");
    }

    private static void Write(NetworkStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
}
