using System.Runtime.InteropServices;

namespace BrowserTech.Benchmarks.Backend;

/// <summary>The few calls this program is made of. The framework's sockets would cost more to load than it takes to serve the first request.</summary>
internal static unsafe partial class Libc
{
    public const int Unix = 1, Stream = 1, Datagram = 2, CloseOnExec = 0x80000;
    public const int EpollAdd = 1, EpollIn = 1;
    public const int NoSignal = 0x4000;
    private const int MaxPath = 107;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int socket, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int socket, byte* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, EpollEvent* what);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, EpollEvent* events, int length, int timeout);

    public static void Bind(int socket, string path) => At(path, socket, connect: false);

    public static void Connect(int socket, string path) => At(path, socket, connect: true);

    private static void At(string path, int socket, bool connect)
    {
        var address = stackalloc byte[2 + MaxPath + 1];
        new Span<byte>(address, 2 + MaxPath + 1).Clear();
        address[0] = Unix;
        var length = System.Text.Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, MaxPath));
        var result = connect ? Connect(socket, address, (uint)(2 + length + 1)) : Bind(socket, address, (uint)(2 + length + 1));
        if (result != 0) throw new IOException($"{(connect ? "connect" : "bind")} {path}: error {Marshal.GetLastPInvokeError()}");
    }
}

/// <summary>As the kernel lays it out: packed on x64, padded on arm64.</summary>
internal struct EpollEvent
{
    private uint _events;
    private uint _low;
    private uint _high;
    private uint _more;

    private static bool Packed => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public static int Size => Packed ? 12 : 16;

    public static EpollEvent Reading(int descriptor)
    {
        var what = new EpollEvent { _events = Libc.EpollIn };
        if (Packed) what._low = (uint)descriptor;
        else what._high = (uint)descriptor;
        return what;
    }

    public readonly int Descriptor => (int)(Packed ? _low : _high);
}
