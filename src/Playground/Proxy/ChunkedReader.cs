namespace BrowserTech.Playground.Proxy;

/// <summary>A backend's answer is not HTTP as RFC 9112 has it; nothing of it can be believed.</summary>
internal sealed class NotHttpException(string message) : Exception(message);

/// <summary>
/// Takes the chunks (RFC 9112, 7.1) out of a body that comes in pieces cut anywhere. Strict: what two readers could
/// read differently is refused. Extensions and trailers are read over.
/// </summary>
internal struct ChunkedReader
{
    /// <summary>Of what is no data between two chunks, or after the last: far more than anybody sends, too little to be an attack.</summary>
    private const int MaxAside = 16 * 1024;

    private const long MaxChunk = long.MaxValue / 32;

    private enum Place { FirstDigit, Size, Extension, SizeEnd, Data, DataEnd, DataLineEnd, TrailerStart, Trailer, TrailerEnd, LastEnd, Over }

    private Place _place;
    private long _left;
    private int _aside;

    /// <summary>The body has ended, and all that belongs to it is read.</summary>
    public readonly bool Over => _place == Place.Over;

    /// <summary>Reads on until there is data or nothing more. How many bytes were read; <paramref name="data"/> is part of them, or empty.</summary>
    /// <exception cref="NotHttpException">It is not chunked.</exception>
    public int Next(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        data = default;
        for (var read = 0; read < bytes.Length && !Over;)
        {
            if (_place == Place.Data)
            {
                data = bytes.Slice(read, (int)Math.Min(_left, bytes.Length - read));
                _left -= data.Length;
                if (_left == 0) _place = Place.DataEnd;
                return read + data.Length;
            }

            Step(bytes[read++]);
            if (Over) return read;
        }

        return bytes.Length;
    }

    private void Step(byte next)
    {
        _place = (_place, next) switch
        {
            (Place.FirstDigit, _) => Digit(next),
            (Place.Size, (byte)'\r') => Place.SizeEnd,
            (Place.Size, (byte)';' or (byte)' ' or (byte)'\t') => Aside(Place.Extension),
            (Place.Size, _) => Digit(next),
            (Place.Extension, (byte)'\r') => Place.SizeEnd,
            (Place.Extension, >= (byte)' ' or (byte)'\t') => Aside(Place.Extension),
            (Place.SizeEnd, (byte)'\n') => _left == 0 ? Place.TrailerStart : Place.Data,
            (Place.DataEnd, (byte)'\r') => Place.DataLineEnd,
            (Place.DataLineEnd, (byte)'\n') => Begin(),
            (Place.TrailerStart, (byte)'\r') => Place.LastEnd,
            (Place.TrailerStart or Place.Trailer, >= (byte)' ' or (byte)'\t') => Aside(Place.Trailer),
            (Place.Trailer, (byte)'\r') => Place.TrailerEnd,
            (Place.TrailerEnd, (byte)'\n') => Place.TrailerStart,
            (Place.LastEnd, (byte)'\n') => Place.Over,
            _ => throw new NotHttpException("A chunk of the body does not begin or end as it must."),
        };
    }

    private Place Begin()
    {
        (_left, _aside) = (0, 0);
        return Place.FirstDigit;
    }

    private Place Digit(byte digit)
    {
        var value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => throw new NotHttpException("The length of a chunk is no number."),
        };
        if (_left > MaxChunk) throw new NotHttpException("A chunk is longer than anything.");
        _left = (_left * 16) + value;
        return Place.Size;
    }

    private Place Aside(Place place) =>
        ++_aside <= MaxAside ? place : throw new NotHttpException("There is more between the chunks of the body than may be.");
}
