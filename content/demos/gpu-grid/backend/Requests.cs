using System.Buffers.Binary;
using System.Text;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What a page may ask for. The first byte says what it is; numbers are little-endian.</summary>
internal abstract record Request
{
    /// <summary>Rows of a page.</summary>
    public const int PageRows = 256;
    public const int MaxPages = 32;
    public const int MaxBins = 2048;
    public const int MaxRanges = 64;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a message. Everything in it comes from outside: null, and why, where it is not one of these.</summary>
    public static Request? Read(ReadOnlySpan<byte> message, out string why)
    {
        why = "";
        var read = message switch
        {
            [1, var count, _, _, ..] when count <= MaxPages && message.Length == 12 + 4 * count =>
                new Want(Number(message, 4), Number(message, 8), Numbers(message[12..])),
            [2, _, _, _, ..] when message.Length is >= 8 and <= 8 + 4 * Filter.MaxLength => Look(message),
            [3, <= 1, _, _, ..] when message.Length == 24 => Histogram(message),
            [4, _, _, _, ..] when message.Length == 20 => Moment(message),
            [5, var count, _, _, ..] when count <= MaxRanges && message.Length == 12 + 8 * count => Ranges(message),
            _ => (Request?)null,
        };
        if (read is null) why = $"A message of {message.Length} bytes that begins with {(message.Length > 0 ? message[0] : 0)} is none that is understood here.";
        return read;
    }

    private static Request? Look(ReadOnlySpan<byte> message)
    {
        try
        {
            return new Show(Number(message, 4), Strict.GetString(message[8..]));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Request? Histogram(ReadOnlySpan<byte> message)
    {
        var bins = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        var (from, to) = (BinaryPrimitives.ReadDoubleLittleEndian(message[8..]), BinaryPrimitives.ReadDoubleLittleEndian(message[16..]));
        return bins is >= 1 and <= MaxBins && double.IsFinite(from) && double.IsFinite(to) && from < to ? new Bins(message[1], bins, Number(message, 4), from, to) : null;
    }

    private static Request? Moment(ReadOnlySpan<byte> message)
    {
        var time = BinaryPrimitives.ReadDoubleLittleEndian(message[12..]);
        return double.IsFinite(time) ? new Locate(Number(message, 4), Number(message, 8), time) : null;
    }

    private static Request? Ranges(ReadOnlySpan<byte> message)
    {
        var numbers = Numbers(message[12..]);
        for (var i = 0; i < numbers.Length; i++)
        {
            // Rows are asked for once, and in order.
            if (numbers[i] > int.MaxValue - 1 || (i > 0 && (i % 2 == 1 ? numbers[i] < numbers[i - 1] : numbers[i] <= numbers[i - 1]))) return null;
        }

        return new Copy(Number(message, 4), Number(message, 8), numbers);
    }

    private static uint Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt32LittleEndian(message[at..]);

    private static uint[] Numbers(ReadOnlySpan<byte> bytes)
    {
        var numbers = new uint[bytes.Length / 4];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = Number(bytes, 4 * i);
        return numbers;
    }
}

/// <summary>The pages that are wanted now, the most wanted first; what was wanted before and is not named any more is not sent.</summary>
/// <param name="View">Which view's pages.</param>
/// <param name="Received">How many pages have arrived so far, of any view: what is behind that is still on its way.</param>
/// <param name="Pages">Their numbers.</param>
internal sealed record Want(uint View, uint Received, uint[] Pages) : Request;

/// <summary>Look at other rows; the search for those before ends.</summary>
internal sealed record Show(uint View, string Filter) : Request;

/// <summary>How many rows there are over time.</summary>
/// <param name="Strip">Which of the page's two pictures it is for: a later request for the same one takes its place.</param>
/// <param name="Count">How many parts.</param>
/// <param name="View">Of which view.</param>
/// <param name="From">Unix milliseconds.</param>
/// <param name="To">Unix milliseconds, later.</param>
internal sealed record Bins(byte Strip, int Count, uint View, double From, double To) : Request;

/// <summary>Where a time is in a view.</summary>
internal sealed record Locate(uint View, uint Token, double Time) : Request;

/// <summary>Rows as text, first and last of each range, both included. Without ranges: no more of it.</summary>
internal sealed record Copy(uint View, uint Token, uint[] Ranges) : Request;
