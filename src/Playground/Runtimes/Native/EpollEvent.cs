using System.Runtime.InteropServices;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>
/// <c>struct epoll_event</c>: four bytes of events, then eight of ours, of which the first four hold the descriptor. It is packed on
/// x86-64 and aligned everywhere else, so no one layout attribute describes it.
/// </summary>
internal unsafe struct EpollEvent
{
    public const int MaxSize = 16;

    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int Size = Packed ? 12 : 16;
    private static readonly int DataAt = Packed ? 4 : 8;

    private fixed byte _bytes[MaxSize];

    /// <summary>Asks to be told when the descriptor can be read.</summary>
    public EpollEvent(int fd)
    {
        fixed (byte* bytes = _bytes)
        {
            *(uint*)bytes = Libc.EpollIn;
            *(int*)(bytes + DataAt) = fd;
        }
    }

    /// <summary>For the call only: the value must be on the stack.</summary>
    public byte* Bytes => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref this);

    public static int DescriptorAt(byte* events, int index) => *(int*)(events + index * Size + DataAt);
}
