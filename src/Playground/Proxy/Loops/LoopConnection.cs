using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>
/// A client's connection as the web server sees it. What comes is parsed and answered on the thread pool, as everywhere, because pages read
/// databases; but while the requests on it are the proxy's, which never blocks, they are carried on the loop itself
/// (<see cref="StayOnLoop"/>).
/// </summary>
internal sealed class LoopConnection : DefaultConnectionContext, IConnectionSocketFeature, IMemoryPoolFeature
{
    private const int MaxUnread = 1024 * 1024;
    private const int MaxUnsent = 64 * 1024;

    // Begun anywhere, so that ids of two runs of a hub are not mistaken for each other in a log.
    private static long _lastId = Random.Shared.NextInt64(1L << 40, 1L << 48);

    private readonly Socket _raw;
    private readonly LoopSocket _socket;
    private readonly Where _where = new();
    private readonly PipeWriter _toServer;
    private readonly PipeReader _fromServer;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _ending = new();
    private Exception? _reason;
    private bool _ended;
    private Task _moving = Task.CompletedTask;

    public LoopConnection(Socket socket, MemoryPool<byte> memory)
    {
        (_raw, MemoryPool) = (socket, memory);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        ConnectionId = Interlocked.Increment(ref _lastId).ToString("x", CultureInfo.InvariantCulture);
        ConnectionClosed = _closed.Token;
        var toServer = new Pipe(Options(MaxUnread, _where, PipeScheduler.Inline));
        var fromServer = new Pipe(Options(MaxUnsent, PipeScheduler.Inline, _where));
        (_toServer, _fromServer) = (toServer.Writer, fromServer.Reader);
        Transport = new Ends(toServer.Reader, fromServer.Writer);
        Application = new Ends(fromServer.Reader, toServer.Writer);
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set(this);
        _socket = new LoopSocket(socket, EventLoop.Next);
    }

    public MemoryPool<byte> MemoryPool { get; }

    Socket IConnectionSocketFeature.Socket => _raw;

    /// <summary>What is to be done for this connection from now on never blocks; or it may.</summary>
    public bool StayOnLoop
    {
        get => _where.OnLoop;
        set => _where.OnLoop = value;
    }

    public void Start() => _moving = Move();

    public override void Abort(ConnectionAbortedException abortReason)
    {
        End(abortReason);
        _fromServer.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _moving;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private PipeOptions Options(int max, PipeScheduler reader, PipeScheduler writer) =>
        new(MemoryPool, reader, writer, max, max / 2, useSynchronizationContext: false);

    private async Task Move()
    {
        var receiving = Receive();
        var sending = Send();
        await sending;
        await receiving;
        _socket.Dispose();
    }

    private async Task Receive()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                await _socket.Readable();
                var count = _socket.TryReceive(_toServer.GetMemory().Span);
                if (count < 0) continue;
                if (count == 0) break;
                _toServer.Advance(count);
                if (await _toServer.FlushAsync() is { IsCompleted: true } or { IsCanceled: true }) break;
            }
        }
        catch (IOException broken)
        {
            error = new ConnectionResetException(broken.Message, broken);
        }
        catch (ObjectDisposedException closed)
        {
            error = _reason ?? new ConnectionAbortedException("The connection was closed.", closed);
        }
        finally
        {
            await _toServer.CompleteAsync(_reason ?? error);
            await Task.Run(SayClosed);
        }
    }

    private async Task Send()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                var read = await _fromServer.ReadAsync();
                if (read.IsCanceled) break;
                foreach (var piece in read.Buffer) await _socket.Send(piece);
                _fromServer.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (IOException broken)
        {
            error = new ConnectionResetException(broken.Message, broken);
        }
        catch (ObjectDisposedException)
        {
            // Ended meanwhile, and it is known why.
        }
        finally
        {
            End(error);
            // A client that is gone is no error of what still writes to it: it is told that nobody reads any more.
            await _fromServer.CompleteAsync();
            _toServer.CancelPendingFlush();
        }
    }

    /// <summary>What was sent still arrives. The first reason stays.</summary>
    private void End(Exception? reason)
    {
        lock (_ending)
        {
            if (_ended) return;
            (_ended, _reason) = (true, reason ?? new ConnectionAbortedException("The server has said all it had to say."));
        }

        _socket.Dispose();
    }

    private void SayClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (Exception error) when (error is ObjectDisposedException or AggregateException)
        {
            // Nobody is left to hear it; or one who heard it failed, which must not end the hub: nothing is above this.
        }
    }

    /// <summary>Where the web server goes on.</summary>
    private sealed class Where : PipeScheduler
    {
        public volatile bool OnLoop;

        public override void Schedule(Action<object?> action, object? state)
        {
            // Elsewhere it may be a timer's thread, or one that holds a lock of the server's.
            if (OnLoop && EventLoop.IsHere) action(state);
            else ThreadPool.Schedule(action, state);
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
