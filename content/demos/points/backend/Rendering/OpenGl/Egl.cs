using System.Runtime.InteropServices;
using System.Text;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>
/// What of EGL is needed to get a context without a window. Once loaded it stays: drivers do not like to be unloaded. The library is the system's own and may be missing; it knows where the driver's are. No package
/// of bindings: the one that is kept covers OpenGL and no longer EGL, and of both this program takes some sixty functions.
/// </summary>
internal sealed unsafe class Egl
{
    public const int Extensions = 0x3055;
    public const int OpenGlApi = 0x30a2;
    public const int OpenGlEsApi = 0x30a0;

    private const int None = 0x3038;
    private const int PlatformDevice = 0x313f;
    private const int PlatformSurfaceless = 0x31dd;

    private readonly delegate* unmanaged<byte*, nint> _address;
    private readonly delegate* unmanaged<nint, int, byte*> _queryString;
    private readonly delegate* unmanaged<nint, int*, int*, int> _initialize;
    private readonly delegate* unmanaged<nint, int> _terminate;
    private readonly delegate* unmanaged<int, int> _bindApi;
    private readonly delegate* unmanaged<nint, int*, nint*, int, int*, int> _chooseConfig;
    private readonly delegate* unmanaged<nint, nint, nint, int*, nint> _createContext;
    private readonly delegate* unmanaged<nint, nint, nint, nint, int> _makeCurrent;
    private readonly delegate* unmanaged<nint, nint, int> _destroyContext;
    private readonly delegate* unmanaged<int> _releaseThread;
    private readonly delegate* unmanaged<int> _error;
    private readonly delegate* unmanaged<int, nint*, int*, int> _queryDevices;
    private readonly delegate* unmanaged<nint, int, byte*> _queryDeviceString;
    private readonly delegate* unmanaged<int, nint, int*, nint> _platformDisplay;

    private Egl(nint library)
    {
        _address = (delegate* unmanaged<byte*, nint>)NativeLibrary.GetExport(library, "eglGetProcAddress");
        _queryString = (delegate* unmanaged<nint, int, byte*>)NativeLibrary.GetExport(library, "eglQueryString");
        _initialize = (delegate* unmanaged<nint, int*, int*, int>)NativeLibrary.GetExport(library, "eglInitialize");
        _terminate = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "eglTerminate");
        _bindApi = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "eglBindAPI");
        _chooseConfig = (delegate* unmanaged<nint, int*, nint*, int, int*, int>)NativeLibrary.GetExport(library, "eglChooseConfig");
        _createContext = (delegate* unmanaged<nint, nint, nint, int*, nint>)NativeLibrary.GetExport(library, "eglCreateContext");
        _makeCurrent = (delegate* unmanaged<nint, nint, nint, nint, int>)NativeLibrary.GetExport(library, "eglMakeCurrent");
        _destroyContext = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "eglDestroyContext");
        _releaseThread = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "eglReleaseThread");
        _error = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "eglGetError");
        _queryDevices = (delegate* unmanaged<int, nint*, int*, int>)Address("eglQueryDevicesEXT");
        _queryDeviceString = (delegate* unmanaged<nint, int, byte*>)Address("eglQueryDeviceStringEXT");
        _platformDisplay = (delegate* unmanaged<int, nint, int*, nint>)Address("eglGetPlatformDisplayEXT");
    }

    /// <summary>What the last call on this thread complained of.</summary>
    public int Error => _error();

    /// <summary>Null where there is none.</summary>
    public static Egl? TryLoad(string name)
    {
        try
        {
            return NativeLibrary.TryLoad(name, out var library) ? new Egl(library) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A function of EGL or of OpenGL; 0 where there is none of that name.</summary>
    public nint Address(string name)
    {
        fixed (byte* bytes = Encoding.ASCII.GetBytes(name + '\0')) return _address(bytes);
    }

    /// <summary>Of a display, or, with 0, of the library.</summary>
    public string[] ExtensionsOf(nint display) => Words(_queryString(display, Extensions));

    /// <summary>Graphics cards, and what else draws. Null where the library cannot tell.</summary>
    public nint[]? Devices()
    {
        var known = ExtensionsOf(0);
        var canTell = known.Contains("EGL_EXT_device_base") || (known.Contains("EGL_EXT_device_enumeration") && known.Contains("EGL_EXT_device_query"));
        if (!canTell || !known.Contains("EGL_EXT_platform_device") || _queryDevices is null || _queryDeviceString is null || _platformDisplay is null) return null;
        var count = 0;
        if (_queryDevices(0, null, &count) == 0 || count == 0) return [];
        var devices = new nint[count];
        fixed (nint* all = devices) return _queryDevices(count, all, &count) == 0 ? [] : devices[..Math.Min(count, devices.Length)];
    }

    public string[] ExtensionsOfDevice(nint device) => Words(_queryDeviceString(device, Extensions));

    /// <summary>0 where there is none.</summary>
    public nint DisplayOf(nint device) => _platformDisplay(PlatformDevice, device, null);

    /// <summary>Whatever draws without a screen. 0 where nothing does.</summary>
    public nint SurfacelessDisplay() =>
        ExtensionsOf(0).Contains("EGL_MESA_platform_surfaceless") && _platformDisplay is not null ? _platformDisplay(PlatformSurfaceless, 0, null) : 0;

    public bool Initialize(nint display) => _initialize(display, null, null) != 0;

    public void Terminate(nint display)
    {
        _terminate(display);
        _releaseThread();
    }

    public bool Bind(int api) => _bindApi(api) != 0;

    /// <summary>One with which something of this kind can be drawn; surfaces of its own it need not have. 0 where there is none.</summary>
    public nint Config(nint display, int renderable)
    {
        const int SurfaceType = 0x3033;
        const int RenderableType = 0x3040;
        var wanted = stackalloc int[] { SurfaceType, 0, RenderableType, renderable, None };
        nint config = 0;
        var count = 0;
        return _chooseConfig(display, wanted, &config, 1, &count) != 0 && count > 0 ? config : 0;
    }

    /// <summary>0 where there is none of that version.</summary>
    public nint Context(nint display, nint config, int major, int minor, bool isCore)
    {
        const int MajorVersion = 0x3098;
        const int MinorVersion = 0x30fb;
        const int ProfileMask = 0x30fd;
        var wanted = stackalloc int[] { MajorVersion, major, MinorVersion, minor, isCore ? ProfileMask : None, 1, None };
        return _createContext(display, config, 0, wanted);
    }

    public bool MakeCurrent(nint display, nint context) => _makeCurrent(display, 0, 0, context) != 0;

    public void Destroy(nint display, nint context) => _destroyContext(display, context);

    private static string[] Words(byte* text) => text is null ? [] : (Marshal.PtrToStringUTF8((nint)text) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
