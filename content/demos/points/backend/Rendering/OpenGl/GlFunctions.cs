using System.Runtime.InteropServices;
using System.Text;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>
/// The functions and numbers of OpenGL that three shaders need, those that OpenGL 3.3 and OpenGL ES 3 have in common. Valid on the thread, and as long as the context,
/// they were asked for with.
/// </summary>
internal sealed unsafe class GlFunctions
{
    public const uint Vendor = 0x1f00;
    public const uint Renderer = 0x1f01;
    public const uint Version = 0x1f02;
    public const uint PointsMode = 0x0000;
    public const uint Triangles = 0x0004;
    public const uint ColourAndDepth = 0x4000 | 0x0100;
    public const uint DepthTest = 0x0b71;
    public const uint ProgramPointSize = 0x8642;
    public const uint Less = 0x0201;
    public const uint Always = 0x0207;
    public const uint UnsignedByte = 0x1401;
    public const uint UnsignedShort = 0x1403;
    public const uint UnsignedInt = 0x1405;
    public const uint Rgba = 0x1908;
    public const uint Rgba8 = 0x8058;
    public const uint Depth = 0x1902;
    public const uint Depth24 = 0x81a6;
    public const uint Texture2D = 0x0de1;
    public const uint Texture0 = 0x84c0;
    public const uint MagFilter = 0x2800;
    public const uint MinFilter = 0x2801;
    public const int Nearest = 0x2600;
    public const uint Framebuffer = 0x8d40;
    public const uint ColourAttachment = 0x8ce0;
    public const uint DepthAttachment = 0x8d00;
    public const uint FramebufferComplete = 0x8cd5;
    public const uint ArrayBuffer = 0x8892;
    public const uint PixelPackBuffer = 0x88eb;
    public const uint StaticDraw = 0x88e4;
    public const uint StreamRead = 0x88e1;
    public const uint MapRead = 1;
    public const uint VertexShader = 0x8b31;
    public const uint FragmentShader = 0x8b30;
    public const uint CompileStatus = 0x8b81;
    public const uint LinkStatus = 0x8b82;
    public const uint CommandsComplete = 0x9117;
    public const uint AlreadySignaled = 0x911a;
    public const uint ConditionSatisfied = 0x911c;
    public const uint TimeoutExpired = 0x911b;
    public const uint OutOfMemory = 0x0505;

    private readonly delegate* unmanaged<uint, byte*> _getString;

    public readonly delegate* unmanaged<uint> GetError;
    public readonly delegate* unmanaged<uint, void> Enable;
    public readonly delegate* unmanaged<int, int, int, int, void> Viewport;
    public readonly delegate* unmanaged<uint, void> Clear;
    public readonly delegate* unmanaged<uint, void> DepthFunc;
    public readonly delegate* unmanaged<uint, uint> CreateShader;
    public readonly delegate* unmanaged<uint, int, byte**, int*, void> ShaderSource;
    public readonly delegate* unmanaged<uint, void> CompileShader;
    public readonly delegate* unmanaged<uint, uint, int*, void> GetShader;
    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetShaderInfoLog;
    public readonly delegate* unmanaged<uint> CreateProgram;
    public readonly delegate* unmanaged<uint, uint, void> AttachShader;
    public readonly delegate* unmanaged<uint, uint, byte*, void> BindAttribLocation;
    public readonly delegate* unmanaged<uint, void> LinkProgram;
    public readonly delegate* unmanaged<uint, uint, int*, void> GetProgram;
    public readonly delegate* unmanaged<uint, int, int*, byte*, void> GetProgramInfoLog;
    public readonly delegate* unmanaged<uint, void> UseProgram;
    public readonly delegate* unmanaged<uint, byte*, int> GetUniformLocation;
    public readonly delegate* unmanaged<int, int, void> Uniform1;
    public readonly delegate* unmanaged<int, float, float, void> Uniform2;
    public readonly delegate* unmanaged<int, float, float, float, void> Uniform3;
    public readonly delegate* unmanaged<int, float, float, float, float, void> Uniform4;
    public readonly delegate* unmanaged<int, uint*, void> GenBuffers;
    public readonly delegate* unmanaged<uint, uint, void> BindBuffer;
    public readonly delegate* unmanaged<uint, nint, void*, uint, void> BufferData;
    public readonly delegate* unmanaged<uint, nint, nint, void*, void> BufferSubData;
    public readonly delegate* unmanaged<uint, nint, nint, uint, void*> MapBufferRange;
    public readonly delegate* unmanaged<uint, byte> UnmapBuffer;
    public readonly delegate* unmanaged<int, uint*, void> GenVertexArrays;
    public readonly delegate* unmanaged<uint, void> BindVertexArray;
    public readonly delegate* unmanaged<uint, void> EnableVertexAttribArray;
    public readonly delegate* unmanaged<uint, int, uint, byte, int, void*, void> VertexAttribPointer;
    public readonly delegate* unmanaged<uint, int, int, void> DrawArrays;
    public readonly delegate* unmanaged<int, uint*, void> GenTextures;
    public readonly delegate* unmanaged<uint, uint, void> BindTexture;
    public readonly delegate* unmanaged<uint, void> ActiveTexture;
    public readonly delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void> TexImage2D;
    public readonly delegate* unmanaged<uint, uint, int, void> TexParameter;
    public readonly delegate* unmanaged<int, uint*, void> GenFramebuffers;
    public readonly delegate* unmanaged<uint, uint, void> BindFramebuffer;
    public readonly delegate* unmanaged<uint, uint, uint, uint, int, void> FramebufferTexture2D;
    public readonly delegate* unmanaged<uint, uint> CheckFramebufferStatus;
    public readonly delegate* unmanaged<int, int, int, int, uint, uint, void*, void> ReadPixels;
    public readonly delegate* unmanaged<uint, uint, nint> FenceSync;
    public readonly delegate* unmanaged<nint, uint, ulong, uint> ClientWaitSync;
    public readonly delegate* unmanaged<nint, void> DeleteSync;
    public readonly delegate* unmanaged<void> Flush;

    /// <param name="address">Of a function, by its name; 0 where there is none.</param>
    /// <exception cref="RendererFailedException">The driver lacks one.</exception>
    public GlFunctions(Func<string, nint> address)
    {
        _getString = (delegate* unmanaged<uint, byte*>)Find("glGetString");
        GetError = (delegate* unmanaged<uint>)Find("glGetError");
        Enable = (delegate* unmanaged<uint, void>)Find("glEnable");
        Viewport = (delegate* unmanaged<int, int, int, int, void>)Find("glViewport");
        Clear = (delegate* unmanaged<uint, void>)Find("glClear");
        DepthFunc = (delegate* unmanaged<uint, void>)Find("glDepthFunc");
        CreateShader = (delegate* unmanaged<uint, uint>)Find("glCreateShader");
        ShaderSource = (delegate* unmanaged<uint, int, byte**, int*, void>)Find("glShaderSource");
        CompileShader = (delegate* unmanaged<uint, void>)Find("glCompileShader");
        GetShader = (delegate* unmanaged<uint, uint, int*, void>)Find("glGetShaderiv");
        GetShaderInfoLog = (delegate* unmanaged<uint, int, int*, byte*, void>)Find("glGetShaderInfoLog");
        CreateProgram = (delegate* unmanaged<uint>)Find("glCreateProgram");
        AttachShader = (delegate* unmanaged<uint, uint, void>)Find("glAttachShader");
        BindAttribLocation = (delegate* unmanaged<uint, uint, byte*, void>)Find("glBindAttribLocation");
        LinkProgram = (delegate* unmanaged<uint, void>)Find("glLinkProgram");
        GetProgram = (delegate* unmanaged<uint, uint, int*, void>)Find("glGetProgramiv");
        GetProgramInfoLog = (delegate* unmanaged<uint, int, int*, byte*, void>)Find("glGetProgramInfoLog");
        UseProgram = (delegate* unmanaged<uint, void>)Find("glUseProgram");
        GetUniformLocation = (delegate* unmanaged<uint, byte*, int>)Find("glGetUniformLocation");
        Uniform1 = (delegate* unmanaged<int, int, void>)Find("glUniform1i");
        Uniform2 = (delegate* unmanaged<int, float, float, void>)Find("glUniform2f");
        Uniform3 = (delegate* unmanaged<int, float, float, float, void>)Find("glUniform3f");
        Uniform4 = (delegate* unmanaged<int, float, float, float, float, void>)Find("glUniform4f");
        GenBuffers = (delegate* unmanaged<int, uint*, void>)Find("glGenBuffers");
        BindBuffer = (delegate* unmanaged<uint, uint, void>)Find("glBindBuffer");
        BufferData = (delegate* unmanaged<uint, nint, void*, uint, void>)Find("glBufferData");
        BufferSubData = (delegate* unmanaged<uint, nint, nint, void*, void>)Find("glBufferSubData");
        MapBufferRange = (delegate* unmanaged<uint, nint, nint, uint, void*>)Find("glMapBufferRange");
        UnmapBuffer = (delegate* unmanaged<uint, byte>)Find("glUnmapBuffer");
        GenVertexArrays = (delegate* unmanaged<int, uint*, void>)Find("glGenVertexArrays");
        BindVertexArray = (delegate* unmanaged<uint, void>)Find("glBindVertexArray");
        EnableVertexAttribArray = (delegate* unmanaged<uint, void>)Find("glEnableVertexAttribArray");
        VertexAttribPointer = (delegate* unmanaged<uint, int, uint, byte, int, void*, void>)Find("glVertexAttribPointer");
        DrawArrays = (delegate* unmanaged<uint, int, int, void>)Find("glDrawArrays");
        GenTextures = (delegate* unmanaged<int, uint*, void>)Find("glGenTextures");
        BindTexture = (delegate* unmanaged<uint, uint, void>)Find("glBindTexture");
        ActiveTexture = (delegate* unmanaged<uint, void>)Find("glActiveTexture");
        TexImage2D = (delegate* unmanaged<uint, int, int, int, int, int, uint, uint, void*, void>)Find("glTexImage2D");
        TexParameter = (delegate* unmanaged<uint, uint, int, void>)Find("glTexParameteri");
        GenFramebuffers = (delegate* unmanaged<int, uint*, void>)Find("glGenFramebuffers");
        BindFramebuffer = (delegate* unmanaged<uint, uint, void>)Find("glBindFramebuffer");
        FramebufferTexture2D = (delegate* unmanaged<uint, uint, uint, uint, int, void>)Find("glFramebufferTexture2D");
        CheckFramebufferStatus = (delegate* unmanaged<uint, uint>)Find("glCheckFramebufferStatus");
        ReadPixels = (delegate* unmanaged<int, int, int, int, uint, uint, void*, void>)Find("glReadPixels");
        FenceSync = (delegate* unmanaged<uint, uint, nint>)Find("glFenceSync");
        ClientWaitSync = (delegate* unmanaged<nint, uint, ulong, uint>)Find("glClientWaitSync");
        DeleteSync = (delegate* unmanaged<nint, void>)Find("glDeleteSync");
        Flush = (delegate* unmanaged<void>)Find("glFlush");

        nint Find(string name) => address(name) is var found and not 0 ? found : throw new RendererFailedException($"the driver lacks {name}");
    }

    /// <summary>What the driver says of itself.</summary>
    public string Text(uint name) => Marshal.PtrToStringUTF8((nint)_getString(name)) ?? "";

    /// <exception cref="RendererFailedException">Something went wrong since it was last asked.</exception>
    public void Check(string doing)
    {
        var error = GetError();
        if (error == 0) return;
        throw new RendererFailedException(error == OutOfMemory ? $"the graphics card has no memory left for {doing}" : $"the driver refused {doing} (error 0x{error:x})");
    }

    public static byte[] Name(string name) => Encoding.ASCII.GetBytes(name + '\0');
}
