namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>Colours and depths to draw into, and to read from afterwards. It grows with the largest picture: viewers with windows of different sizes take turns.</summary>
internal sealed unsafe class GlSurface
{
    private readonly GlFunctions _gl;
    private readonly uint _colours;
    private readonly uint _depths;
    private readonly uint _framebuffer;
    private int _width;
    private int _height;

    public GlSurface(GlFunctions gl)
    {
        _gl = gl;
        uint colours, depths, framebuffer;
        gl.GenTextures(1, &colours);
        gl.GenTextures(1, &depths);
        gl.GenFramebuffers(1, &framebuffer);
        (_colours, _depths, _framebuffer) = (colours, depths, framebuffer);
    }

    public void Bind() => _gl.BindFramebuffer(GlFunctions.Framebuffer, _framebuffer);

    /// <exception cref="RendererFailedException">There is no memory for it.</exception>
    public void Reserve(int width, int height)
    {
        if (width <= _width && height <= _height) return;
        (_width, _height) = (Math.Max(_width, width), Math.Max(_height, height));
        Bind();
        Allocate(_colours, GlFunctions.Rgba8, GlFunctions.Rgba, GlFunctions.UnsignedByte, GlFunctions.ColourAttachment);
        Allocate(_depths, GlFunctions.Depth24, GlFunctions.Depth, GlFunctions.UnsignedInt, GlFunctions.DepthAttachment);
        _gl.Check($"a picture of {_width} × {_height}");
        if (_gl.CheckFramebufferStatus(GlFunctions.Framebuffer) is var status and not GlFunctions.FramebufferComplete)
            throw new RendererFailedException($"the driver does not draw into a picture of {_width} × {_height} (0x{status:x})");
    }

    /// <summary>As the textures that a program calls <c>colours</c> and <c>depths</c>.</summary>
    public void Read(int coloursUniform, int depthsUniform)
    {
        Bind(0, _colours, coloursUniform);
        Bind(1, _depths, depthsUniform);

        void Bind(int unit, uint texture, int uniform)
        {
            _gl.ActiveTexture(GlFunctions.Texture0 + (uint)unit);
            _gl.BindTexture(GlFunctions.Texture2D, texture);
            _gl.Uniform1(uniform, unit);
        }
    }

    private void Allocate(uint texture, uint format, uint layout, uint type, uint attachment)
    {
        _gl.BindTexture(GlFunctions.Texture2D, texture);
        _gl.TexImage2D(GlFunctions.Texture2D, 0, (int)format, _width, _height, 0, layout, type, null);
        _gl.TexParameter(GlFunctions.Texture2D, GlFunctions.MinFilter, GlFunctions.Nearest);
        _gl.TexParameter(GlFunctions.Texture2D, GlFunctions.MagFilter, GlFunctions.Nearest);
        _gl.FramebufferTexture2D(GlFunctions.Framebuffer, attachment, GlFunctions.Texture2D, texture, 0);
    }
}
