using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>Takes the connections of clients for the web server, in place of its own transport.</summary>
internal sealed class LoopTransport(IOptions<SocketTransportOptions> options, IMemoryPoolFactory<byte> memory)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EventLoop.Begin();
        Socket socket;
        try
        {
            socket = options.Value.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }

        socket.Listen(options.Value.Backlog);
        return new ValueTask<IConnectionListener>(new Listener(socket, memory.Create()));
    }

    private sealed class Listener(Socket socket, MemoryPool<byte> memory) : IConnectionListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Socket? accepted = null;
                try
                {
                    accepted = await socket.AcceptAsync(cancellationToken);
                    accepted.NoDelay = true;
                    var connection = new LoopConnection(accepted, memory);
                    connection.Start();
                    return connection;
                }
                catch (Exception over) when (over is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    return null;
                }
                catch (Exception gone) when (gone is SocketException or IOException)
                {
                    // It was gone before it was here; or there is no room for it, and asking again at once would not make any.
                    accepted?.Dispose();
                    if (!IsItsOwn(gone)) await Task.Delay(PlaygroundTimes.AcceptPause, cancellationToken);
                }
            }
        }

        private static bool IsItsOwn(Exception error) => error is SocketException
        {
            SocketErrorCode: SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.NotConnected
                or SocketError.Shutdown or SocketError.InvalidArgument,
        };

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            memory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
