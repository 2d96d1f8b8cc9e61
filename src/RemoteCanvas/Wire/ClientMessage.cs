using System.Buffers.Binary;

namespace BrowserTech.RemoteCanvas.Wire;

/// <summary>
/// What a viewer says. Little-endian; the first byte tells the kind:
/// <code>
/// 1 hello, and again when the window or the wish changes:
///     u8 codecs, u8 quality, u8 0, u16 width, u16 height (device pixels)
/// 2 a frame was shown:     u8 1 where it was thrown away, u16 decoding in tenths of a millisecond, u32 frame
/// 3 state:                 u8 0, u16 0, u32 sequence, then the page's bytes
/// 4 pointer:               u8 action, u8 buttons, u8 modifiers, u32 sequence, u8 pointer, u8 0, u16 0, f32 x, y, deltaX, deltaY
/// 5 key:                   u8 1 down 0 up, u8 0, u8 modifiers, u32 sequence, then its code in UTF-8
/// 6 ping:                  u8 0, u16 0, u32 anything. Comes back as it is
/// 7 begin again with a key frame: nothing else
/// 8 looking:               u8 1 or 0
/// </code>
/// Whoever sends anything else is refused.
/// </summary>
public readonly record struct ClientMessage
{
    public const byte Hello = 1;
    public const byte Shown = 2;
    public const byte Ping = 6;
    public const byte KeyFrame = 7;
    public const byte Looking = 8;

    public byte Kind { get; init; }

    public CanvasInput Input { get; init; }

    public Codecs Codecs { get; init; }

    public Quality Quality { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    public uint Frame { get; init; }

    /// <summary>Milliseconds the viewer took to decode it.</summary>
    public double Decoding { get; init; }

    /// <summary>The first byte after the kind, of those messages that have only this one: thrown away, or looking.</summary>
    public bool Flag { get; init; }

    /// <summary>False: it is malformed, and <paramref name="why"/> says how. State in the result is a part of <paramref name="bytes"/>.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out ClientMessage message, out string why)
    {
        var from = bytes.Span;
        (message, why) = (default, "");
        if (from.IsEmpty)
        {
            why = "An empty message.";
            return false;
        }

        message = new ClientMessage { Kind = from[0] };
        return from[0] switch
        {
            Hello => ReadHello(from, ref message, ref why),
            Shown => Has(from, 8, ref why) && Read(out message, message with
            {
                Flag = from[1] != 0,
                Decoding = BinaryPrimitives.ReadUInt16LittleEndian(from[2..]) / 10.0,
                Frame = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
            }),
            (byte)InputKind.State => ReadState(bytes, ref message, ref why),
            (byte)InputKind.Pointing => ReadPointer(from, ref message, ref why),
            (byte)InputKind.Key => ReadKey(from, ref message, ref why),
            Ping => Has(from, 8, ref why),
            KeyFrame => Has(from, 1, ref why),
            Looking => Has(from, 2, ref why) && Read(out message, message with { Flag = from[1] != 0 }),
            _ => Refuse($"No message is of kind {from[0]}.", ref why),
        };
    }

    private static bool ReadHello(ReadOnlySpan<byte> from, ref ClientMessage message, ref string why)
    {
        if (!Has(from, 8, ref why)) return false;
        message = message with
        {
            Codecs = (Codecs)from[1],
            Quality = (Quality)from[2],
            Width = BinaryPrimitives.ReadUInt16LittleEndian(from[4..]),
            Height = BinaryPrimitives.ReadUInt16LittleEndian(from[6..]),
        };
        if (message.Width is 0 or > 16384 || message.Height is 0 or > 16384) return Refuse($"A canvas has no {message.Width} × {message.Height} pixels.", ref why);
        if ((message.Codecs & (Codecs.Jpeg | Codecs.Png | Codecs.WebP)) == 0) return Refuse("A viewer must be able to show JPEG, WebP or PNG.", ref why);
        return Enum.IsDefined(message.Quality) || Refuse("There is no such quality.", ref why);
    }

    private static bool ReadState(ReadOnlyMemory<byte> bytes, ref ClientMessage message, ref string why)
    {
        if (bytes.Length is < 8 or > 8 + CanvasLimits.MaxState) return Refuse($"State has at most {CanvasLimits.MaxState} bytes.", ref why);
        message = message with
        {
            Input = new CanvasInput { Kind = InputKind.State, Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]), State = bytes[8..] },
        };
        return true;
    }

    private static bool ReadPointer(ReadOnlySpan<byte> from, ref ClientMessage message, ref string why)
    {
        if (!Has(from, 28, ref why)) return false;
        var (x, y) = (BinaryPrimitives.ReadSingleLittleEndian(from[12..]), BinaryPrimitives.ReadSingleLittleEndian(from[16..]));
        var (dx, dy) = (BinaryPrimitives.ReadSingleLittleEndian(from[20..]), BinaryPrimitives.ReadSingleLittleEndian(from[24..]));
        // What is not a number is in no range.
        if (!(MathF.Abs(x) <= 1000 && MathF.Abs(y) <= 1000 && MathF.Abs(dx) <= 1e6f && MathF.Abs(dy) <= 1e6f) || from[1] > (byte)PointerAction.Wheel || from[3] > 15)
            return Refuse("A pointer is somewhere near the canvas.", ref why);
        message = message with
        {
            Input = new CanvasInput
            {
                Kind = InputKind.Pointing, Sequence = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]), Action = (PointerAction)from[1], Buttons = from[2],
                Modifiers = (Modifiers)from[3], PointerId = from[8], X = x, Y = y, DeltaX = dx, DeltaY = dy,
            },
        };
        return true;
    }

    private static bool ReadKey(ReadOnlySpan<byte> from, ref ClientMessage message, ref string why)
    {
        if (from.Length is < 9 or > 40 || from[3] > 15) return Refuse("The code of a key has 1 to 32 characters.", ref why);
        var code = from[8..];
        if (code.ContainsAnyExceptInRange((byte)'!', (byte)'~')) return Refuse("The code of a key has letters and digits.", ref why);
        message = message with
        {
            Input = new CanvasInput
            {
                Kind = InputKind.Key, Sequence = BinaryPrimitives.ReadUInt32LittleEndian(from[4..]), IsDown = from[1] != 0,
                Modifiers = (Modifiers)from[3], Code = System.Text.Encoding.ASCII.GetString(code),
            },
        };
        return true;
    }

    private static bool Read(out ClientMessage message, ClientMessage read)
    {
        message = read;
        return true;
    }

    private static bool Has(ReadOnlySpan<byte> from, int bytes, ref string why) =>
        from.Length == bytes || Refuse($"A message of kind {from[0]} has {bytes} bytes, not {from.Length}.", ref why);

    private static bool Refuse(string reason, ref string why)
    {
        why = reason;
        return false;
    }
}
