using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>One connection: requests one after another, or a WebSocket until it closes.</summary>
internal sealed class Connection(BackendServer server, Socket socket) : IDisposable
{
    /// <summary>An unread body up to this is read away, so that the connection can be used again.</summary>
    private const int WorthReading = 64 * 1024;

    /// <summary>How far the body of a request was read. Torn: begun, and not to its end.</summary>
    private enum Body
    {
        Unread,
        Torn,
        Read,
    }

    private readonly CancellationTokenSource _idleEnds = new();
    private BackendSocket? _socket;
    private Task _served = Task.CompletedTask;

    /// <summary>Serves until it ends, then calls back. Disposes itself.</summary>
    public void Begin(Action ended) => _served = ServeAsync(ended);

    /// <summary>
    /// Closes a WebSocket with 1001 and a connection that waits for a request; lets one that is being answered finish. Returns when it has
    /// ended.
    /// </summary>
    public async Task StopAsync()
    {
        try
        {
            if (_socket is { } open) await open.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping").ConfigureAwait(false);
            else await _idleEnds.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }

        await _served.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _idleEnds.Dispose();
        _socket?.Dispose();
        socket.Dispose();
    }

    private async Task ServeAsync(Action ended)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        var writer = new ResponseWriter(stream, server.Limits, server.Clock);
        RequestHead? head = null;
        RequestRefusedException? refusal = null;
        try
        {
            using var reader = new ConnectionReader(stream, server.Limits, server.Clock);
            try
            {
                while ((head = await reader.ReadHeadAsync(_idleEnds.Token).ConfigureAwait(false)) is not null)
                {
                    if (head.IsWebSocket && server.OnSocket is not null)
                    {
                        await TalkAsync(stream, head, reader, writer).ConfigureAwait(false);
                        break;
                    }

                    if (!await AnswerAsync(head, reader, writer).ConfigureAwait(false)) break;
                    head = null;
                }
            }
            catch (RequestRefusedException refused)
            {
                refusal = refused;
            }

            if (refusal is null) return;
            await writer.WriteAsync(BackendResponse.Text(refusal.Message + "\n", refusal.Status), head, close: true).ConfigureAwait(false);
            await DrainAsync(stream).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the process is on its way out.
        }
        catch (Exception error)
        {
            Report(error);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            Dispose();
            ended();
        }
    }

    /// <returns>Whether the connection can be used again.</returns>
    private async Task<bool> AnswerAsync(RequestHead head, ConnectionReader reader, ResponseWriter writer)
    {
        var body = head.IsChunked || head.ContentLength > 0 ? Body.Unread : Body.Read;
        var answered = false;
        var call = new BackendCall(head, async cancel =>
        {
            // From here on what comes from the client is looked at by others.
            if (answered) throw new InvalidOperationException("The body of a request is read before its answer is given.");
            if (body != Body.Unread) return default;
            body = Body.Torn;
            if (head.Has("Expect", "100-continue")) await writer.ContinueAsync().ConfigureAwait(false);
            var read = await reader.ReadBodyAsync(head, server.Limits.MaxBody, cancel).ConfigureAwait(false);
            body = Body.Read;
            return read;
        });
        BackendResponse response;
        try
        {
            response = await server.OnRequest(call).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RequestRefusedException && !IsStopping(error))
        {
            response = BackendResponse.Text($"This request could not be answered. The output of the backend says more, under {Report(error)}.\n", 500);
        }

        answered = true;
        // What was read in part has no end that anybody knows of: its rest must not become a request.
        var close = head.WantsClose || body == Body.Torn || server.Process.Stopping.IsCancellationRequested;
        // Read away before the answer: a client that is still sending may not look for one.
        if (body == Body.Unread && !close)
        {
            if (head.IsChunked || head.ContentLength > WorthReading || head.Has("Expect", "100-continue")) close = true;
            else await reader.ReadBodyAsync(head, WorthReading, CancellationToken.None).ConfigureAwait(false);
        }

        if (response.Writer is null) await writer.WriteAsync(response, head, close).ConfigureAwait(false);
        else await StreamAsync(response, head, close, reader, writer).ConfigureAwait(false);
        return !close;
    }

    /// <summary>Its writer may have nothing to say for hours, and is to hear meanwhile that nobody listens any more.</summary>
    private async Task StreamAsync(BackendResponse response, RequestHead head, bool close, ConnectionReader reader, ResponseWriter writer)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(server.Process.Stopping);
        using var written = new CancellationTokenSource();
        var watched = reader.WatchAsync(gone, keep: !close, written.Token);
        try
        {
            await writer.WriteAsync(response, head, close, gone.Token).ConfigureAwait(false);
        }
        finally
        {
            await written.CancelAsync().ConfigureAwait(false);
            await watched.ConfigureAwait(false);
        }
    }

    private async Task TalkAsync(NetworkStream stream, RequestHead head, ConnectionReader reader, ResponseWriter writer)
    {
        if (WebSocketHandshake.Refuse(head) is var (status, message))
        {
            var refusal = BackendResponse.Text(message + "\n", status).With("Sec-WebSocket-Version", "13");
            await writer.WriteAsync(refusal, head, close: true).ConfigureAwait(false);
            return;
        }

        var subprotocol = server.Subprotocols.Count == 0 ? null : server.Subprotocols.FirstOrDefault(each => head.Has("Sec-WebSocket-Protocol", each));
        await writer.SwitchAsync(WebSocketHandshake.Accept(head.Header("Sec-WebSocket-Key")!), subprotocol).ConfigureAwait(false);
        Stream rest = reader.Rest.Length == 0 ? stream : new PrefixedStream(reader.Rest, stream);
        var open = new BackendSocket(WebSocket.CreateFromStream(rest, server.SocketOptions(subprotocol)), server.Limits, server.Clock);
        // A full fence: of this and a stop at the same time at least one sees the other.
        Interlocked.Exchange(ref _socket, open);
        if (server.Process.Stopping.IsCancellationRequested)
        {
            await open.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping").ConfigureAwait(false);
            await DrainAsync(stream).ConfigureAwait(false);
            return;
        }

        try
        {
            await server.OnSocket!(new BackendCall(head, static _ => default), open).ConfigureAwait(false);
            await open.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (IsStopping(error))
        {
            await open.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "stopping").ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Report(error);
            await open.CloseAsync(WebSocketCloseStatus.InternalServerError, "The backend's output says more.").ConfigureAwait(false);
        }

        await DrainAsync(stream).ConfigureAwait(false);
    }

    /// <summary>
    /// Closing a socket with unread bytes in it makes the kernel throw away what was written last, and the client never reads why.
    /// </summary>
    private async Task DrainAsync(NetworkStream stream)
    {
        socket.Shutdown(SocketShutdown.Send);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(1), server.Clock);
        var buffer = new byte[4096];
        for (var reads = 0; reads < 256; reads++)
            if (await stream.ReadAsync(buffer, late.Token).ConfigureAwait(false) == 0) return;
    }

    /// <summary>A cancellation that is no mistake. Any other is a time-out of the handler's own.</summary>
    private bool IsStopping(Exception error) => error is OperationCanceledException && server.Process.Stopping.IsCancellationRequested;

    /// <summary>The hub keeps what a backend writes. The id joins the answer to it.</summary>
    private static string Report(Exception error)
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        Console.Error.WriteLine($"{id}: {error}");
        return id;
    }
}
