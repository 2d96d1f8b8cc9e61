using System.Text;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>Two shaders that belong together, and where their uniforms are.</summary>
internal sealed unsafe class GlProgram
{
    private readonly GlFunctions _gl;
    private readonly uint _program;

    /// <exception cref="RendererFailedException">The driver does not take them; the message has what it said.</exception>
    public GlProgram(GlContext context, string vertex, string fragment)
    {
        _gl = context.Functions;
        _program = _gl.CreateProgram();
        Attach(GlFunctions.VertexShader, vertex);
        Attach(GlFunctions.FragmentShader, fragment);
        fixed (byte* name = GlFunctions.Name("place")) _gl.BindAttribLocation(_program, 0, name);
        _gl.LinkProgram(_program);
        var linked = 0;
        _gl.GetProgram(_program, GlFunctions.LinkStatus, &linked);
        if (linked == 0) throw Refused(_gl.GetProgramInfoLog, _program);

        void Attach(uint kind, string source)
        {
            var shader = _gl.CreateShader(kind);
            fixed (byte* text = Encoding.ASCII.GetBytes(Shaders.Head(context.IsEs) + source + '\0'))
            {
                var lines = text;
                _gl.ShaderSource(shader, 1, &lines, null);
            }

            _gl.CompileShader(shader);
            var compiled = 0;
            _gl.GetShader(shader, GlFunctions.CompileStatus, &compiled);
            if (compiled == 0) throw Refused(_gl.GetShaderInfoLog, shader);
            _gl.AttachShader(_program, shader);
        }
    }

    public void Use() => _gl.UseProgram(_program);

    /// <summary>Where a uniform is. One the driver has optimised away is nowhere, which every call takes.</summary>
    public int Uniform(string name)
    {
        fixed (byte* bytes = GlFunctions.Name(name)) return _gl.GetUniformLocation(_program, bytes);
    }

    private static RendererFailedException Refused(delegate* unmanaged<uint, int, int*, byte*, void> ask, uint of)
    {
        var said = stackalloc byte[400];
        var length = 0;
        ask(of, 400, &length, said);
        return new RendererFailedException($"the driver does not take a shader: {Encoding.UTF8.GetString(said, length).Trim().ReplaceLineEndings(" ")}");
    }
}
