using System.Runtime.InteropServices;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>
/// A place to draw without a window or a screen, on this thread: the first graphics card that gives one. What draws on the processor is a card only to who
/// insists: this program does that faster itself.
/// </summary>
internal sealed partial class GlContext : IDisposable
{
    public const string Library = "libEGL.so.1";

    private const string SoftwareDevice = "EGL_MESA_device_software";

    private static readonly string[] SoftwareNames = ["llvmpipe", "softpipe", "swrast", "SwiftShader", "software"];

    private readonly Egl _egl;
    private readonly nint _display;
    private readonly nint _context;

    private GlContext(Egl egl, nint display, nint context, bool isEs)
    {
        (_egl, _display, _context) = (egl, display, context);
        Functions = new GlFunctions(egl.Address);
        IsEs = isEs;
        Name = Functions.Text(GlFunctions.Renderer);
    }

    public GlFunctions Functions { get; }

    /// <summary>OpenGL ES 3, where there is no OpenGL 3.3: small boards have only that.</summary>
    public bool IsEs { get; }

    /// <summary>As the driver calls it.</summary>
    public string Name { get; }

    private bool IsSoftware => SoftwareNames.Any(name => Name.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <param name="library">Of EGL.</param>
    /// <param name="onProcessor">Whether what draws on the processor will do.</param>
    /// <param name="es">Whether OpenGL ES is wanted, and nothing else; for who wants to try it.</param>
    /// <exception cref="RendererFailedException">There is none.</exception>
    public static GlContext Create(string library, bool onProcessor, bool es = false)
    {
        BeSilent();
        var egl = Egl.TryLoad(library) ?? throw new RendererFailedException($"there is no {library}");
        var troubles = new List<string>();
        var devices = egl.Devices();
        foreach (var device in (devices ?? []).OrderBy(IsOnProcessor))
        {
            if (!IsOnProcessor(device) || onProcessor)
            {
                if (TryCreate(egl, egl.DisplayOf(device), onProcessor, es, troubles) is { } found) return found;
            }
        }

        // Where EGL knows devices, it knows all that this could find, unless one on the processor will do.
        if ((devices is null || onProcessor) && TryCreate(egl, egl.SurfacelessDisplay(), onProcessor, es, troubles) is { } any) return any;
        throw new RendererFailedException(troubles.Count > 0 ? string.Join("; ", troubles.Distinct()) : "there is no graphics card");

        bool IsOnProcessor(nint device) => egl.ExtensionsOfDevice(device).Contains(SoftwareDevice);
    }

    public void Dispose()
    {
        _egl.MakeCurrent(_display, 0);
        _egl.Destroy(_display, _context);
        _egl.Terminate(_display);
    }

    private static GlContext? TryCreate(Egl egl, nint display, bool onProcessor, bool es, List<string> troubles)
    {
        if (display == 0) return null;
        if (!egl.Initialize(display))
        {
            troubles.Add($"a graphics card cannot be used (EGL says 0x{egl.Error:x})");
            return null;
        }

        try
        {
            var made = Current(egl, display, es, troubles);
            if (made is null || !made.IsSoftware || onProcessor) return made;
            troubles.Add($"there is no graphics card, only {made.Name}");
            made.Dispose();
            return null;
        }
        catch (RendererFailedException failure)
        {
            egl.Terminate(display);
            troubles.Add(failure.Message);
            return null;
        }
    }

    private static GlContext? Current(Egl egl, nint display, bool es, List<string> troubles)
    {
        var known = egl.ExtensionsOf(display);
        if (!known.Contains("EGL_KHR_surfaceless_context"))
        {
            troubles.Add("the driver draws only into windows");
            egl.Terminate(display);
            return null;
        }

        var needsConfig = !known.Contains("EGL_KHR_no_config_context") && !known.Contains("EGL_MESA_configless_context");
        foreach (var isEs in es ? new[] { true } : [false, true])
        {
            if (!egl.Bind(isEs ? Egl.OpenGlEsApi : Egl.OpenGlApi)) continue;
            var config = needsConfig ? egl.Config(display, isEs ? 0x40 : 0x8) : 0;
            var context = isEs ? egl.Context(display, config, 3, 0, isCore: false) : egl.Context(display, config, 3, 3, isCore: true);
            if (context == 0) continue;
            if (egl.MakeCurrent(display, context)) return new GlContext(egl, display, context, isEs);
            egl.Destroy(display, context);
        }

        troubles.Add("the driver has neither OpenGL 3.3 nor OpenGL ES 3");
        egl.Terminate(display);
        return null;
    }

    /// <summary>
    /// Three shaders are compiled in no time, and a sandbox has no folder to keep them in. For the libraries' own getenv, which does not see what .NET sets.
    /// </summary>
    private static void BeSilent()
    {
        _ = SetEnvironment("MESA_SHADER_CACHE_DISABLE", "true", 0);
        _ = SetEnvironment("__GL_SHADER_DISK_CACHE", "0", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
