using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace BrowserTech.SessionBackend.Tests;

/// <summary>A server on a socket in a folder of its own, with a hub's ears: what it says about being ready is heard here.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sb-");
    private readonly Socket _notifications = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Dictionary<string, string?> _variables = [];

    private RunningServer()
    {
        _notifications.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "n")));
        _variables["SESSION_SOCKET"] = Path.Combine(_folder.FullName, "s");
        _variables["NOTIFY_SOCKET"] = Path.Combine(_folder.FullName, "n");
    }

    public BackendProcess Process { get; private set; } = null!;

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exit { get; private set; } = null!;

    public static TimeSpan Bound { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Starts it and, unless it waits in a pool, returns when it said that it is ready.</summary>
    public static async Task<RunningServer> Start(
        Func<BackendProcess, BackendServer> make, Action<Dictionary<string, string?>, string>? environment = null)
    {
        var running = new RunningServer();
        running._variables["SESSION_BACKEND_ID"] = "be-test";
        environment?.Invoke(running._variables, running._folder.FullName);
        running.Process = BackendProcess.FromEnvironment(running._variables.GetValueOrDefault);
        running.Exit = Task.Run(() => make(running.Process).RunAsync());
        if (!running.Process.IsWarm) await running.Ready();
        return running;
    }

    public async Task Ready()
    {
        var buffer = new byte[64];
        var length = await _notifications.ReceiveAsync(buffer).WaitAsync(Bound);
        Assert.Equal("READY=1", Encoding.ASCII.GetString(buffer, 0, length));
    }

    public async Task<NetworkStream> Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_variables["SESSION_SOCKET"]!)).WaitAsync(Bound);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Sends bytes as they are, and gives everything that comes back until the server closes.</summary>
    public async Task<string> Exchange(string request)
    {
        await using var stream = await Connect();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Bound);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { ConnectCallback = async (_, _) => await Connect() })
    {
        BaseAddress = new Uri("http://backend/"), Timeout = Bound,
    };

    public async Task<ClientWebSocket> Open(string path = "/", params string[] subprotocols)
    {
        var socket = new ClientWebSocket();
        foreach (var subprotocol in subprotocols) socket.Options.AddSubProtocol(subprotocol);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = async (_, _) => await Connect() });
        await socket.ConnectAsync(new Uri("ws://backend" + path), client, CancellationToken.None).WaitAsync(Bound);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Process.Stop();
        await Exit.WaitAsync(Bound);
        Process.Dispose();
        _notifications.Dispose();
        _folder.Delete(recursive: true);
    }
}

internal static class SocketWords
{
    public static Task Say(this ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).WaitAsync(RunningServer.Bound);

    /// <summary>The next message as text; how it was closed where it was.</summary>
    public static async Task<string> Hear(this ClientWebSocket socket)
    {
        var buffer = new byte[2 * 1024 * 1024];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).AsTask().WaitAsync(RunningServer.Bound);
            if (received.MessageType == WebSocketMessageType.Close) return $"{(int?)socket.CloseStatus} {socket.CloseStatusDescription}";
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
