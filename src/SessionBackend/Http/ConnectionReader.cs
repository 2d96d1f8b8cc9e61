using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BrowserTech.SessionBackend.Http;

/// <summary>
/// Reads requests from a connection: one buffer, kept between requests, that grows only for a head that needs it. Slow clients meet
/// a clock: an idle one at the start of a request, a strict one from its first byte.
/// </summary>
internal sealed class ConnectionReader(Stream stream, BackendLimits limits, TimeProvider clock) : IDisposable
{
    private const int FirstBuffer = 4096;
    private readonly CancellationTokenSource _late = new(Timeout.InfiniteTimeSpan, clock);
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>What came after the last head and belongs to whatever is spoken next.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <returns>Null when the client closed between requests, or was idle for too long.</returns>
    public async ValueTask<RequestHead?> ReadHeadAsync(CancellationToken stopping)
    {
        // One clock for the whole head: a byte now and then is as slow as none. It starts with the first byte.
        var begun = _start < _end;
        _late.CancelAfter(begun ? limits.Receive : limits.Idle);
        for (var searched = 0; ;)
        {
            // Some clients send an empty line after a body; it means nothing.
            while (searched == 0 && _end - _start >= 2 && _buffer[_start] == '\r' && _buffer[_start + 1] == '\n') _start += 2;
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf("\r\n\r\n"u8);
            if (found >= 0 && searched + found <= limits.MaxHead)
            {
                _late.CancelAfter(Timeout.InfiniteTimeSpan);
                var head = RequestHead.Parse(_buffer.AsSpan(_start, searched + found));
                _start += searched + found + 4;
                return head;
            }

            if (_end - _start > limits.MaxHead) throw TooLarge();
            // The beginning of an empty line may be here already.
            searched = Math.Max(0, _end - _start - 3);
            if (_start == _end) _start = _end = 0;
            try
            {
                if (await More(begun ? CancellationToken.None : stopping).ConfigureAwait(false) == 0)
                    return begun ? throw new RequestRefusedException(400, "The request ended in its head.") : null;
            }
            catch (RequestRefusedException) when (!begun)
            {
                return null; // nothing was asked, so there is nothing to answer
            }

            if (begun) continue;
            begun = true;
            _late.CancelAfter(limits.Receive);
        }
    }

    /// <summary>The whole body; afterwards the next request begins.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(RequestHead head, int limit, CancellationToken cancel)
    {
        if (head.IsChunked) return await ReadChunks(limit, cancel).ConfigureAwait(false);
        if (head.ContentLength is not > 0) return default;
        if (head.ContentLength > limit) throw TooLargeBody(limit);
        var body = new byte[(int)head.ContentLength];
        await Fill(body, cancel).ConfigureAwait(false);
        return body;
    }

    /// <summary>
    /// Looks whether the client is still there while it is being answered. Only reading tells, and what is read may be the beginning of its
    /// next request. Who has sent more than a head may have is left alone until it is answered: its next requests wait in the kernel then.
    /// </summary>
    /// <param name="gone">Cancelled when it has hung up.</param>
    /// <param name="keep">Whether what it sends is for later; thrown away otherwise.</param>
    /// <param name="written">When the answer is complete.</param>
    public async Task WatchAsync(CancellationTokenSource gone, bool keep, CancellationToken written)
    {
        // A client that sends without end is not to keep the answer from beginning.
        await Task.Yield();
        try
        {
            do
            {
                if (!keep) _start = _end = 0;
                else if (_end - _start > limits.MaxHead) return;
            }
            while (await More(written).ConfigureAwait(false) > 0);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // Hung up on, as well.
        }

        await gone.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose() => _late.Dispose();

    private async ValueTask<ReadOnlyMemory<byte>> ReadChunks(int limit, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLine(cancel).ConfigureAwait(false);
            var digits = line.Split(';')[0].Trim();
            if (digits.Length is 0 or > 8 || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
                throw new RequestRefusedException(400, "A chunk does not begin with its size.");
            if (size == 0) break;
            if (body.Length + size > limit) throw TooLargeBody(limit);
            var chunk = new byte[size];
            await Fill(chunk, cancel).ConfigureAwait(false);
            body.Write(chunk);
            if (await ReadLine(cancel).ConfigureAwait(false) is not "") throw new RequestRefusedException(400, "A chunk is longer than its size.");
        }

        for (var lines = 0; await ReadLine(cancel).ConfigureAwait(false) is not ""; lines++)
            if (lines == 32) throw TooLarge();
        return body.ToArray();
    }

    private async ValueTask<string> ReadLine(CancellationToken cancel)
    {
        while (true)
        {
            var available = _buffer.AsSpan(_start, _end - _start);
            var found = available.IndexOf("\r\n"u8);
            if (found >= 0)
            {
                var line = Encoding.Latin1.GetString(available[..found]);
                _start += found + 2;
                return line;
            }

            if (available.Length > FirstBuffer) throw new RequestRefusedException(400, "A line between chunks is too long.");
            await Need(cancel).ConfigureAwait(false);
        }
    }

    private async ValueTask Fill(Memory<byte> target, CancellationToken cancel)
    {
        while (true)
        {
            var taken = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(target.Span);
            _start += taken;
            target = target[taken..];
            if (target.Length == 0) return;
            await Need(cancel).ConfigureAwait(false);
        }
    }

    private async ValueTask Need(CancellationToken cancel)
    {
        _late.CancelAfter(limits.Receive);
        var read = await More(cancel).ConfigureAwait(false);
        _late.CancelAfter(Timeout.InfiniteTimeSpan);
        if (read == 0) throw new RequestRefusedException(400, "The request ended in its body.");
    }

    private async ValueTask<int> More(CancellationToken cancel)
    {
        if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        using var either = cancel.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancel) : null;
        try
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), either?.Token ?? _late.Token).ConfigureAwait(false);
            _end += read;
            return read;
        }
        catch (OperationCanceledException) when (_late.IsCancellationRequested)
        {
            throw new RequestRefusedException(408, "The request took too long to arrive.");
        }
    }

    private RequestRefusedException TooLarge() => new(431, $"The head of a request may have {limits.MaxHead / 1024} kB.");

    private static RequestRefusedException TooLargeBody(int limit) => new(413, $"The body of a request may have {limit} bytes.");
}
