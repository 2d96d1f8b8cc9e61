using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>Everything that lies on the graphics card, and the three steps of a picture. For the thread that has the context.</summary>
internal sealed class GlDrawing
{
    private readonly GlFunctions _gl;
    private readonly GlCloud _cloud;
    private readonly GlSurface _drawn;
    private readonly GlSurface _closed;
    private readonly GlProgram _points;
    private readonly GlProgram _close;
    private readonly GlProgram _light;
    private readonly PixelReadback[] _readbacks;
    private int _turn;

    /// <exception cref="RendererFailedException">The card or its driver lacks something.</exception>
    public GlDrawing(GlContext context, PointCloud cloud)
    {
        _gl = context.Functions;
        _points = new GlProgram(context, Shaders.PointsVertex, Shaders.PointsFragment);
        _close = new GlProgram(context, Shaders.ScreenVertex, Shaders.CloseFragment);
        _light = new GlProgram(context, Shaders.ScreenVertex, Shaders.LightFragment);
        (_drawn, _closed) = (new GlSurface(_gl), new GlSurface(_gl));
        _readbacks = [new(_gl), new(_gl)];
        _cloud = new GlCloud(_gl, cloud);
        // In OpenGL ES a shader sets the size of points anyway.
        if (!context.IsEs) Enable(GlFunctions.ProgramPointSize);
        Enable(GlFunctions.DepthTest);
        _gl.Check("what points need");
    }

    /// <summary>Tells the card what to draw, and returns before it has. Two pictures may be on their way.</summary>
    /// <returns>What fetches it; null where it was abandoned.</returns>
    public PixelReadback? Begin(IReadOnlyList<Draw> draws, in Projection view, CancellationToken abandoned)
    {
        _drawn.Reserve(view.Width, view.Height);
        _closed.Reserve(view.Width, view.Height);
        SetViewport(view.Width, view.Height);
        if (!DrawPoints(draws, view, abandoned)) return null;
        Pass(_close, _drawn, _closed, view);
        Pass(_light, _closed, _drawn, view);
        var readback = _readbacks[_turn++ % _readbacks.Length];
        readback.Begin(view.Width, view.Height);
        return readback;
    }

    private unsafe void Enable(uint what) => _gl.Enable(what);

    private unsafe void SetViewport(int width, int height) => _gl.Viewport(0, 0, width, height);

    private unsafe bool DrawPoints(IReadOnlyList<Draw> draws, in Projection view, CancellationToken abandoned)
    {
        _drawn.Bind();
        _gl.DepthFunc(GlFunctions.Less);
        _gl.Clear(GlFunctions.ColourAndDepth);
        _points.Use();
        Set("column", view.Column);
        Set("row", view.Row);
        Set("depth", view.Depth);
        SetShape(_points, view);
        _cloud.Bind();
        var place = _points.Uniform("tile");
        foreach (var draw in draws)
        {
            if (abandoned.IsCancellationRequested) return false;
            var (x, y) = CloudFormat.Corner(draw.Tile);
            _gl.Uniform3(place, x, y, draw.Splat);
            _cloud.Draw(draw.Tile, draw.Blocks);
        }

        return true;

        void Set(string name, PlaneRow row) => _gl.Uniform4(_points.Uniform(name), row.X, row.Y, row.Z, row.W);
    }

    /// <summary>From one surface to the other, pixel by pixel.</summary>
    private unsafe void Pass(GlProgram program, GlSurface from, GlSurface to, in Projection view)
    {
        to.Bind();
        _gl.DepthFunc(GlFunctions.Always);
        program.Use();
        from.Read(program.Uniform("colours"), program.Uniform("depths"));
        SetShape(program, view);
        _gl.DrawArrays(GlFunctions.Triangles, 0, 3);
    }

    private unsafe void SetShape(GlProgram program, in Projection view)
    {
        _gl.Uniform2(program.Uniform("size"), view.Width, view.Height);
        _gl.Uniform2(program.Uniform("reach"), OrbitCamera.Near, Shaders.Far);
    }
}
