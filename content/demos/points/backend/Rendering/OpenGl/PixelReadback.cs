using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>A picture on its way back: asked for, copied by the card into memory of the driver's while the next one is drawn, and then fetched.</summary>
internal sealed unsafe class PixelReadback
{
    /// <summary>A card that takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly GlFunctions _gl;
    private readonly uint _buffer;
    private nint _capacity;
    private nint _fence;

    public PixelReadback(GlFunctions gl)
    {
        _gl = gl;
        uint buffer;
        gl.GenBuffers(1, &buffer);
        _buffer = buffer;
    }

    /// <summary>Of what is bound as framebuffer.</summary>
    public void Begin(int width, int height)
    {
        var bytes = (nint)width * height * 4;
        _gl.BindBuffer(GlFunctions.PixelPackBuffer, _buffer);
        if (bytes > _capacity)
        {
            _gl.BufferData(GlFunctions.PixelPackBuffer, bytes, null, GlFunctions.StreamRead);
            _capacity = bytes;
        }

        _gl.ReadPixels(0, 0, width, height, GlFunctions.Rgba, GlFunctions.UnsignedByte, null);
        _gl.BindBuffer(GlFunctions.PixelPackBuffer, 0);
        _fence = _gl.FenceSync(GlFunctions.CommandsComplete, 0);
        _gl.Flush();
        _gl.Check("a picture to be read back");
    }

    /// <exception cref="RendererFailedException">It does not come.</exception>
    public void Finish(Picture picture)
    {
        var came = _gl.ClientWaitSync(_fence, 1, (ulong)Patience.TotalNanoseconds);
        _gl.DeleteSync(_fence);
        _fence = 0;
        if (came == GlFunctions.TimeoutExpired) throw new RendererFailedException($"the graphics card has not answered for {Patience.TotalSeconds:0} seconds");
        if (came is not (GlFunctions.AlreadySignaled or GlFunctions.ConditionSatisfied)) throw new RendererFailedException("the graphics card lost the picture");
        var target = picture.Bytes;
        _gl.BindBuffer(GlFunctions.PixelPackBuffer, _buffer);
        var pixels = _gl.MapBufferRange(GlFunctions.PixelPackBuffer, 0, target.Length, GlFunctions.MapRead);
        if (pixels is null) throw new RendererFailedException("the graphics card gives its picture to nobody");
        new ReadOnlySpan<byte>(pixels, target.Length).CopyTo(target);
        var whole = _gl.UnmapBuffer(GlFunctions.PixelPackBuffer);
        _gl.BindBuffer(GlFunctions.PixelPackBuffer, 0);
        if (whole == 0) throw new RendererFailedException("the graphics card lost the picture");
    }
}
