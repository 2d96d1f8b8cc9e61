using System.Runtime.InteropServices;

namespace BrowserTech.Demos.Points.Rendering.Software;

/// <summary>
/// Depth and colour of a picture, each for itself and with a margin all around, so that sixteen pixels are worked on at a time and none asks whether it has neighbours.
/// Twice: as points left them, and with the holes between the points closed.
/// </summary>
internal sealed unsafe class Planes : IDisposable
{
    /// <summary>Where nothing was drawn: behind everything.</summary>
    public const float Nothing = 1e9f;

    /// <summary>Columns before and after each row.</summary>
    public const int Margin = 16;

    private nuint _capacity;

    /// <summary>Metres.</summary>
    public float* Depth { get; private set; }

    /// <summary>5-6-5.</summary>
    public uint* Colour { get; private set; }

    public float* ClosedDepth { get; private set; }

    public uint* ClosedColour { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int Stride => Width + 2 * Margin;

    public nuint Bytes => _capacity * (2 * sizeof(float) + 2 * sizeof(uint));

    /// <summary>Where a row begins: there is one above the first.</summary>
    public int Cell(int y) => (y + 1) * Stride + Margin;

    public void Resize(int width, int height)
    {
        if (Width == width && Height == height) return;
        (Width, Height) = (width, height);
        var cells = (nuint)(Stride * (height + 2) + 2 * Margin);
        if (cells > _capacity)
        {
            Free();
            Depth = (float*)Allocate(cells);
            Colour = (uint*)Allocate(cells);
            ClosedDepth = (float*)Allocate(cells);
            ClosedColour = (uint*)Allocate(cells);
            _capacity = cells;
        }

        // The margins lie elsewhere now.
        new Span<float>(Depth, (int)cells).Fill(Nothing);
        new Span<float>(ClosedDepth, (int)cells).Fill(Nothing);
    }

    public void Dispose() => Free();

    private static void* Allocate(nuint cells) => NativeMemory.AlignedAlloc(cells * sizeof(float), 64);

    private void Free()
    {
        NativeMemory.AlignedFree(Depth);
        NativeMemory.AlignedFree(ClosedDepth);
        NativeMemory.AlignedFree(Colour);
        NativeMemory.AlignedFree(ClosedColour);
        Depth = ClosedDepth = null;
        Colour = ClosedColour = null;
        _capacity = 0;
    }
}
