using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BrowserTech.Playground.Proxy.Loops;

/// <summary>The few calls a loop makes. None of them ever waits but <see cref="Wait"/>.</summary>
internal static unsafe partial class LoopCalls
{
    public const uint In = 0x1, Out = 0x4, Error = 0x8, HangUp = 0x10, ReadHangUp = 0x2000, Edge = 1u << 31;
    public const int Add = 1, Delete = 2, Modify = 3;
    public const int Peek = 0x2, DontWait = 0x40, NoSignal = 0x4000;
    public const int Interrupted = 4, Again = 11;
    public const int CloseOnExec = 0x80000;

    // Packed on x86-64 and aligned everywhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int EventSize => DataAt + 8;

    public static uint EventsOf(byte* entry) => *(uint*)entry;

    public static long IdOf(byte* entry) => *(long*)(entry + DataAt);

    public static int Control(int loop, int what, SafeSocketHandle socket, uint events, long id)
    {
        var entry = stackalloc byte[16];
        (*(uint*)entry, *(long*)(entry + DataAt)) = (events, id);
        return Control(loop, what, socket, entry);
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int loop, byte* events, int max, int timeout);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeSocketHandle socket, byte* into, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeSocketHandle socket, byte* from, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int loop, int what, SafeSocketHandle socket, byte* entry);
}
