using System.Net;
using System.Net.Sockets;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>
/// The network between a browser and the hub, in the hand of a test: a port that leads to the hub until it is cut (connections are reset,
/// new ones refused) or frozen (nothing arrives any more, and nobody is told).
/// </summary>
internal sealed class LooseLink : IAsyncDisposable
{
    private readonly int _hub;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private TaskCompletionSource _thaw = Done();
    private Socket? _listener;

    public LooseLink(int hub)
    {
        _hub = hub;
        _listener = Listen(0);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync(_listener);
    }

    public int Port { get; }

    public string Origin => $"http://localhost:{Port}";

    public void Cut()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            foreach (var socket in _open)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }

            _open.Clear();
        }
    }

    public void Restore()
    {
        lock (_lock) _listener ??= Listen(Port);
        _ = AcceptAsync(_listener);
    }

    public void Freeze()
    {
        lock (_lock) _thaw = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Thaw()
    {
        lock (_lock) _thaw.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        Thaw();
        Cut();
        return ValueTask.CompletedTask;
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        socket.Listen(64);
        return socket;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var hub = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_lock) _open.UnionWith([client, hub]);
        try
        {
            await hub.ConnectAsync(IPAddress.Loopback, _hub);
            await Task.WhenAny(PumpAsync(client, hub), PumpAsync(hub, client));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            lock (_lock) _open.ExceptWith([client, hub]);
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                Task thaw;
                lock (_lock) thaw = _thaw.Task;
                await thaw;
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
