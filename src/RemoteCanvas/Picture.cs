namespace BrowserTech.RemoteCanvas;

/// <summary>A picture in memory, rows from the top, four bytes for each pixel: blue, green, red, and one that nobody looks at.</summary>
public sealed class Picture
{
    private byte[] _bytes = [];

    /// <summary>Pixels; even.</summary>
    public int Width { get; private set; }

    /// <summary>Pixels; even.</summary>
    public int Height { get; private set; }

    /// <summary>Bytes of one row.</summary>
    public int Stride => Width * 4;

    public Span<byte> Bytes => _bytes.AsSpan(0, Stride * Height);

    /// <summary>Makes it this size. What is in it afterwards is undefined.</summary>
    /// <param name="width">Pixels, even, from 2 to 16384.</param>
    /// <param name="height">Pixels, even, from 2 to 16384.</param>
    public void Resize(int width, int height)
    {
        Check(width);
        Check(height);
        (Width, Height) = (width, height);
        var bytes = width * height * 4;
        // On an object heap that does not move: encoders hand it to native code.
        if (_bytes.Length < bytes) _bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        static void Check(int side, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(side))] string? name = null)
        {
            if (side is < 2 or > 16384 || side % 2 != 0) throw new ArgumentOutOfRangeException(name, side, "A picture's side is an even number from 2 to 16384.");
        }
    }
}
