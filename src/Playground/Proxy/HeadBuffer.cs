using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace BrowserTech.Playground.Proxy;

/// <summary>A head under construction, in memory that is rented: nothing that would end a line early gets into one.</summary>
internal sealed class HeadBuffer : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public HeadBuffer Add(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    /// <exception cref="FormatException">The text has a control character in it, as a line end is one.</exception>
    public HeadBuffer Add(string? text)
    {
        if (string.IsNullOrEmpty(text)) return this;
        if (text.AsSpan().ContainsAny(HeaderSyntax.NotInValue)) throw new FormatException("A header has a control character in it.");
        Ensure(text.Length * 3);
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        return this;
    }

    public HeadBuffer Add(long number)
    {
        Ensure(20);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
        return this;
    }

    /// <exception cref="FormatException">It cannot be said in HTTP/1.1, though perhaps in a later version.</exception>
    public void Header(string name, string? value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(HeaderSyntax.InName)) throw new FormatException("The name of a header is none.");
        Add(name).Add(": "u8).Add(value).Add("\r\n"u8);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _length >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + more));
        Written.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
