using System.Globalization;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>
/// Writes answers. Head and body leave in one write where both are there, because the first byte of the body is what
/// somebody waits for. A client that does not read is given up after <see cref="BackendLimits.Send"/>.
/// </summary>
internal sealed class ResponseWriter(Stream stream, BackendLimits limits, TimeProvider clock)
{
    /// <param name="response">The answer.</param>
    /// <param name="head">What was asked; null where that could not be read.</param>
    /// <param name="close">Whether the connection ends with it.</param>
    /// <param name="gone">Ends a body that is written as it comes.</param>
    /// <exception cref="InvalidOperationException">Such a body was not written to its end by a mistake of who writes it.</exception>
    public async Task WriteAsync(BackendResponse response, RequestHead? head, bool close, CancellationToken gone = default)
    {
        var bodyless = response.Status is 204 or 304 or (>= 100 and < 200);
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.Status} {Reason(response.Status)}\r\n");
        if (response.ContentType is not null && !bodyless) text.Append("Content-Type: ").Append(response.ContentType).Append("\r\n");
        foreach (var (name, value) in response.Headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (close) text.Append("Connection: close\r\n");

        // Bytes without a length end with the connection, which is all that HTTP/1.0 understands.
        var chunked = response.Writer is not null && head is not { IsHttp10: true };
        if (response.Writer is null && !bodyless) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {response.Body.Length}\r\n");
        else if (chunked && !bodyless) text.Append("Transfer-Encoding: chunked\r\n");
        text.Append("\r\n");

        var silent = bodyless || head is { IsHead: true };
        if (response.Writer is null || silent)
        {
            await SendAsync(Join(text, silent ? default : response.Body)).ConfigureAwait(false);
            return;
        }

        await SendAsync(Join(text, default)).ConfigureAwait(false);
        await using var body = new BodyStream(SendAsync, chunked);
        try
        {
            await response.Writer(body, gone).ConfigureAwait(false);
        }
        catch (Exception error) when (!body.IsBroken && !(error is OperationCanceledException && gone.IsCancellationRequested))
        {
            // A file it cannot read, a time-out of its own: not to be taken for a client that is gone.
            throw new InvalidOperationException("An answer could not be written to its end.", error);
        }

        await body.EndAsync().ConfigureAwait(false);
    }

    public Task ContinueAsync() => SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());

    public Task SwitchAsync(string accept, string? subprotocol)
    {
        var protocol = subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n";
        return SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: {accept}\r\n{protocol}\r\n"));
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        var write = stream.WriteAsync(bytes, late.Token);
        if (!write.IsCompleted) late.CancelAfter(limits.Send);
        await write.ConfigureAwait(false);
    }

    private static byte[] Join(StringBuilder head, ReadOnlyMemory<byte> body)
    {
        var bytes = new byte[head.Length + body.Length];
        // Names and values of headers were checked for line breaks; what is not Latin-1 becomes a question mark.
        Encoding.Latin1.GetBytes(head.ToString(), bytes);
        body.Span.CopyTo(bytes.AsSpan(head.Length));
        return bytes;
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        426 => "Upgrade Required",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "Status",
    };
}
