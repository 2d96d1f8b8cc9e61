using System.Net.WebSockets;
using System.Text;

namespace BrowserTech.SessionBackend;

/// <summary>
/// A WebSocket that several threads may send on, and that gives whole messages. A client that does not read is dropped after a
/// while instead of holding up whoever sends to it; where only the newest counts, <see cref="TrySendAsync"/> skips what a slow
/// client would get too late.
/// <para>It sends no pings: the hub notices dead peers itself, and a ping would make an idle tab look busy.</para>
/// </summary>
public sealed class BackendSocket : IDisposable
{
    private readonly WebSocket _socket;
    private readonly BackendLimits _limits;
    private readonly TimeProvider _clock;
    // Not disposed: whoever broadcasts may hold a socket whose handler has returned, and is to hear false. It holds no handle.
    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = new byte[1024];

    internal BackendSocket(WebSocket socket, BackendLimits limits, TimeProvider clock) => (_socket, _limits, _clock) = (socket, limits, clock);

    public bool IsOpen => _socket.State == WebSocketState.Open;

    /// <summary>What was agreed on, of those the client offered.</summary>
    public string? Subprotocol => _socket.SubProtocol;

    /// <summary>The next message; null when the client closed, or is gone.</summary>
    /// <param name="cancel">Cancelling cuts the connection: half a message may have been read.</param>
    public async ValueTask<SocketMessage?> ReceiveAsync(CancellationToken cancel = default)
    {
        try
        {
            for (var length = 0;;)
            {
                var received = await _socket.ReceiveAsync(_buffer.AsMemory(length), cancel).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync().ConfigureAwait(false);
                    return null;
                }

                length += received.Count;
                if (received.EndOfMessage) return new SocketMessage(_buffer.AsMemory(0, length), received.MessageType == WebSocketMessageType.Text);
                if (length >= _limits.MaxMessage)
                {
                    await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message may have {_limits.MaxMessage} bytes.").ConfigureAwait(false);
                    return null;
                }

                if (length == _buffer.Length) Array.Resize(ref _buffer, Math.Min(length * 2, _limits.MaxMessage));
            }
        }
        catch (Exception error) when (IsGone(error))
        {
            return null;
        }
    }

    /// <summary>
    /// Sends when what was sent before is on its way. False: the client is gone. That holds for any thread and at any time, also after
    /// the socket's handler has returned: a room need not know who left a moment ago.
    /// </summary>
    public ValueTask<bool> SendAsync(string text, CancellationToken cancel = default) =>
        SendAsync(Encoding.UTF8.GetBytes(text), isText: true, cancel);

    /// <inheritdoc cref="SendAsync(string, CancellationToken)"/>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> data, bool isText = false, CancellationToken cancel = default)
    {
        await _sending.WaitAsync(cancel).ConfigureAwait(false);
        return await SendNow(data, isText, cancel).ConfigureAwait(false);
    }

    /// <summary>Sends, unless something is still being sent. False: it was skipped, or the client is gone.</summary>
    public async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> data, bool isText = false, CancellationToken cancel = default) =>
        _sending.Wait(0, CancellationToken.None) && await SendNow(data, isText, cancel).ConfigureAwait(false);

    /// <inheritdoc cref="TrySendAsync(ReadOnlyMemory{byte}, bool, CancellationToken)"/>
    public ValueTask<bool> TrySendAsync(string text, CancellationToken cancel = default) =>
        TrySendAsync(Encoding.UTF8.GetBytes(text), isText: true, cancel);

    /// <summary>Says goodbye. The client's answer ends a receive that waits. Closing what is closed is fine.</summary>
    /// <param name="status">1000 unless there is a better reason.</param>
    /// <param name="reason">At most 123 bytes.</param>
    public async ValueTask CloseAsync(WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure, string? reason = null)
    {
        await _sending.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            using var late = new CancellationTokenSource(_limits.Send, _clock);
            await _socket.CloseOutputAsync(status, reason, late.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsGone(error) || error is OperationCanceledException)
        {
            _socket.Abort();
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Cuts the connection.</summary>
    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    private async ValueTask<bool> SendNow(ReadOnlyMemory<byte> data, bool isText, CancellationToken cancel)
    {
        try
        {
            if (!IsOpen) return false;
            using var late = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancel) : new CancellationTokenSource();
            var send = _socket.SendAsync(data, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, late.Token);
            // Nearly every message goes straight into the kernel's buffer: no clock for those.
            if (!send.IsCompleted)
            {
                await using var clock = _clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), late, _limits.Send, Timeout.InfiniteTimeSpan)
                    .ConfigureAwait(false);
                await send.ConfigureAwait(false);
            }
            else
            {
                await send.ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception error) when (IsGone(error) || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            _socket.Abort();
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    private static bool IsGone(Exception error) => error is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException;
}
