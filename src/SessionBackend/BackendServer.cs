using System.Net.Sockets;
using System.Net.WebSockets;
using BrowserTech.SessionBackend.Http;

namespace BrowserTech.SessionBackend;

/// <summary>
/// Answers a request. An exception becomes a 500, and its text goes to the hub's log of this backend. Also a cancellation is one, unless the
/// process is stopping.
/// </summary>
public delegate ValueTask<BackendResponse> RequestHandler(BackendCall call);

/// <summary>
/// Talks on a WebSocket; when it returns, the socket is closed. An exception closes it with 1011, and its text goes to the hub's log of this
/// backend; a cancellation while the process is stopping closes it with 1001.
/// </summary>
public delegate Task SocketHandler(BackendCall call, BackendSocket socket);

/// <summary>
/// HTTP/1.1 and WebSockets on the socket a session backend is given. A web framework would be the normal choice, and costs about a
/// tenth of a second at each start; a process that is started while somebody waits, and serves one tab, can do without. What is
/// left out is what the hub does: TLS, HTTP/2, authorization, compression, other origins.
/// <para>
/// <see cref="RunAsync"/> has the whole life in it: listen, wait in the pool if there is one, say that it is ready, serve until
/// SIGTERM, close WebSockets with 1001, finish what is being answered, return.
/// </para>
/// </summary>
/// <param name="process">What the hub says outside of requests.</param>
public sealed class BackendServer(BackendProcess process)
{
    /// <summary>
    /// When there is no descriptor or memory for a connection: it waits in the kernel's queue meanwhile, and asking again at once would
    /// only keep a core busy.
    /// </summary>
    internal static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly HashSet<Connection> _connections = [];

    /// <summary>Answers requests; 404 without.</summary>
    public RequestHandler OnRequest { get; init; } = _ => new(BackendResponse.Text("There is nothing here.", 404));

    /// <summary>Talks on WebSockets. Without, an upgrade is answered as a plain request.</summary>
    public SocketHandler? OnSocket { get; init; }

    /// <summary>Subprotocols that <see cref="OnSocket"/> speaks, the best first. The first the client offers too is agreed on.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [];

    /// <summary>What can be done before it is known for whom: open files, compile shaders. Only where there is a pool to do it in.</summary>
    public Func<CancellationToken, Task>? OnWarm { get; init; }

    public BackendLimits Limits { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal BackendProcess Process => process;

    /// <summary>Takes the next connection; tests let it fail as the kernel does when a process has no descriptors left.</summary>
    internal Func<Socket, CancellationToken, ValueTask<Socket>> Accept { get; init; } = static (listener, cancel) => listener.AcceptAsync(cancel);

    /// <summary>Lives as long as the process. Return what it returns: the exit code.</summary>
    public async Task<int> RunAsync()
    {
        // Not disposed: a connection that is not waited for any more gives its place back later. It holds no handle.
        var places = new SemaphoreSlim(Limits.MaxConnections);
        if (process.IsWarm)
        {
            // Before it listens: who listens is taken for warm.
            if (OnWarm is not null) await OnWarm(process.Stopping).ConfigureAwait(false);
            await SelfCheck.RunAsync(this).ConfigureAwait(false);
        }

        using var listener = process.Listen();
        // Nothing is accepted before it is known for whom.
        if (!await process.AssignmentAsync().ConfigureAwait(false)) return 0;

        // The kernel takes connections already; what it takes to accept them is made ready while the hub is on its way.
        process.SayReady();
        await AcceptAsync(listener, places).ConfigureAwait(false);
        Connection[] open;
        lock (_lock) open = [.. _connections];
        await Task.WhenAll(open.Select(connection => connection.StopAsync())).WaitAsync(process.LastCall)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    /// <summary>Until SIGTERM. An error of the listening socket itself is the program's end, and says so.</summary>
    private async Task AcceptAsync(Socket listener, SemaphoreSlim places)
    {
        while (!process.Stopping.IsCancellationRequested)
        {
            try
            {
                await places.WaitAsync(process.Stopping).ConfigureAwait(false);
                var socket = await Accept(listener, process.Stopping).ConfigureAwait(false);
                Begin(new Connection(this, socket), places);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                places.Release(); // it was gone before it was here
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                places.Release();
                await Task.Delay(AcceptPause, Clock, process.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Connection connection, SemaphoreSlim places)
    {
        lock (_lock) _connections.Add(connection);
        connection.Begin(() =>
        {
            lock (_lock) _connections.Remove(connection);
            places.Release();
        });
    }

    internal WebSocketCreationOptions SocketOptions(string? subprotocol) =>
        new() { IsServer = true, SubProtocol = subprotocol, KeepAliveInterval = TimeSpan.Zero };
}
