using System.Buffers.Binary;
using System.Buffers.Text;

namespace BrowserTech.Benchmarks.Backend;

/// <summary>
/// One connection: answers GET with a small page and keeps the connection, becomes a WebSocket that echoes when asked to. Reading
/// never blocks (the caller was told that there is something); writing may, since one client at a time is measured.
/// </summary>
internal sealed unsafe class Connection(int socket)
{
    private const int MaxBuffer = 16 * 1024 * 1024;
    private static readonly byte[] Page = [.. "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\n"u8, .. "Hello, world!\n"u8];

    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;
    private bool _isWebSocket;

    /// <summary>False when the connection is over.</summary>
    public bool Serve()
    {
        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= MaxBuffer) return false;
            Array.Resize(ref _buffer, _buffer.Length * 4);
        }

        fixed (byte* start = _buffer)
        {
            var read = Libc.Receive(socket, start + _filled, _buffer.Length - _filled, 0);
            if (read <= 0) return false;
            _filled += (int)read;
        }

        var used = 0;
        var open = true;
        while (open && used < _filled)
        {
            var taken = _isWebSocket ? Echo(used, ref open) : Answer(used, ref open);
            if (taken == 0) break;
            used += taken;
        }

        if (used > 0) _buffer.AsSpan(used, _filled - used).CopyTo(_buffer);
        _filled -= used;
        return open;
    }

    private int Answer(int from, ref bool open)
    {
        var given = _buffer.AsSpan(from, _filled - from);
        var end = given.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        var head = given[..(end + 2)];
        if (!head.StartsWith("GET "u8))
        {
            Send("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8);
            open = false;
        }
        else if (Key(head) is { Length: > 0 } key)
        {
            Shake(key);
            _isWebSocket = true;
        }
        else
        {
            Send(Page);
        }

        return end + 4;
    }

    private static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> head)
    {
        while (head.IndexOf("\r\n"u8) is > 0 and var end)
        {
            var line = head[..end];
            head = head[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon == 17 && System.Text.Ascii.EqualsIgnoreCase(line[..colon], "sec-websocket-key"u8))
                return System.Text.Ascii.Trim(line[(colon + 1)..]) is var range ? line[(colon + 1)..][range] : default;
        }

        return default;
    }

    private void Shake(ReadOnlySpan<byte> key)
    {
        Span<byte> proof = stackalloc byte[20];
        Sha1.Hash([.. key, .. "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8], proof);
        Span<byte> accept = stackalloc byte[28];
        Base64.EncodeToUtf8(proof, accept, out _, out _);
        Send([
            .. "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "u8,
            .. accept, .. "\r\n\r\n"u8]);
    }

    /// <summary>Sends the frame back as it came, unmasked; a ping as a pong. 0 when it is not whole yet.</summary>
    private int Echo(int from, ref bool open)
    {
        var given = _buffer.AsSpan(from, _filled - from);
        if (given.Length < 2) return 0;
        var (short7, head) = (given[1] & 0x7F, 2);
        long length = short7;
        if (short7 == 126)
        {
            if (given.Length < 4) return 0;
            (length, head) = (BinaryPrimitives.ReadUInt16BigEndian(given[2..]), 4);
        }
        else if (short7 == 127)
        {
            if (given.Length < 10) return 0;
            (length, head) = (BinaryPrimitives.ReadInt64BigEndian(given[2..]), 10);
        }

        var masked = (given[1] & 0x80) != 0;
        var maskAt = head;
        if (masked) head += 4;
        if (length is < 0 or > MaxBuffer / 2)
        {
            open = false;
            return given.Length;
        }

        if (given.Length < head + length) return 0;
        var payload = given.Slice(head, (int)length);
        if (masked)
        {
            var mask = given.Slice(maskAt, 4);
            for (var i = 0; i < payload.Length; i++) payload[i] ^= mask[i & 3];
        }

        // The head without its mask goes right before the payload: one write, no copy.
        var opcode = given[0] & 0x0F;
        var answer = masked ? given.Slice(4, head - 4 + (int)length) : given[..(head + (int)length)];
        var first = opcode == 9 ? (byte)(given[0] + 1) : given[0];
        if (masked) given[..maskAt].CopyTo(answer);
        answer[0] = first;
        answer[1] &= 0x7F;
        if (opcode != 10) Send(answer);
        open = opcode != 8;
        return head + (int)length;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint sent = 0;
            while (sent < bytes.Length)
            {
                var now = Libc.Send(socket, start + sent, bytes.Length - sent, Libc.NoSignal);
                if (now <= 0) return; // reading will find that nobody is there
                sent += now;
            }
        }
    }
}
