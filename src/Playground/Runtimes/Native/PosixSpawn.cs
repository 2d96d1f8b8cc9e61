using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>What to start: an absolute program, its arguments (without the program), its whole environment.</summary>
internal sealed record SpawnRequest(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Folder)
{
    /// <summary>Opened for reading as <see cref="PosixSpawn.FilterDescriptor"/>; null: that descriptor is closed.</summary>
    public string? FilterFile { get; init; }

    /// <summary>Whether the program reads who it is from <see cref="PosixSpawn.IdentityDescriptor"/>.</summary>
    public bool ReadsIdentity { get; init; }
}

/// <summary>A started process and the hub's ends of its output and of its descriptors 3 and 4.</summary>
internal sealed record Spawned(int Pid, Socket Output, Socket Status);

/// <summary>
/// Starts one process: in a session of its own (so that its group can be signalled as a whole and a terminal's Ctrl+C does
/// not reach it), with default signal handling (.NET ignores SIGPIPE, and a child would inherit that), nothing on
/// standard input, output and errors on one socket, and a second socket as descriptors 3, on which it tells, and 4 and 6, on which it
/// is told. Sockets and not pipes, because .NET reads sockets without holding a thread; services under systemd are used to
/// that.
/// </summary>
internal static unsafe class PosixSpawn
{
    public const int StatusDescriptor = 3;
    public const int GoDescriptor = 4;
    public const int FilterDescriptor = 5;
    public const int IdentityDescriptor = 6;

    // Larger than posix_spawnattr_t (336 bytes), posix_spawn_file_actions_t (80) and sigset_t (128) of any C library.
    private const int OpaqueSize = 1024;

    public static Spawned Start(SpawnRequest request)
    {
        var (output, childOutput) = Pair();
        try
        {
            var (status, childStatus) = Pair();
            try
            {
                var pid = Start(request, childOutput, childStatus);
                return new Spawned(pid, Owned(output), Owned(status));
            }
            catch
            {
                _ = Libc.Close(status);
                throw;
            }
            finally
            {
                _ = Libc.Close(childStatus);
            }
        }
        catch
        {
            _ = Libc.Close(output);
            throw;
        }
        finally
        {
            _ = Libc.Close(childOutput);
        }
    }

    private static int Start(SpawnRequest request, int output, int status)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        byte* attributes = stackalloc byte[OpaqueSize];
        byte* signals = stackalloc byte[OpaqueSize];
        _ = Libc.FileActionsInit(actions);
        _ = Libc.AttributesInit(attributes);
        try
        {
            _ = Libc.FileActionsAddOpen(actions, 0, "/dev/null", 0, 0);
            _ = Libc.FileActionsAddDuplicate(actions, output, 1);
            _ = Libc.FileActionsAddDuplicate(actions, output, 2);
            _ = Libc.FileActionsAddDuplicate(actions, status, StatusDescriptor);
            _ = Libc.FileActionsAddDuplicate(actions, status, GoDescriptor);
            CloseInherited(actions);
            if (request.FilterFile is { } filter) _ = Libc.FileActionsAddOpen(actions, FilterDescriptor, filter, 0, 0);
            if (request.ReadsIdentity) _ = Libc.FileActionsAddDuplicate(actions, StatusDescriptor, IdentityDescriptor);
            _ = Libc.FileActionsAddChangeFolder(actions, request.Folder);

            _ = Libc.SignalsAll(signals);
            _ = Libc.AttributesSetSignalDefaults(attributes, signals);
            _ = Libc.SignalsNone(signals);
            _ = Libc.AttributesSetSignalMask(attributes, signals);
            _ = Libc.AttributesSetFlags(
                attributes, Libc.SpawnSetSignalDefaults | Libc.SpawnSetSignalMask | Libc.SpawnNewSession);

            using var arguments = new StringVector([request.Program, .. request.Arguments]);
            using var environment = new StringVector(request.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
            int pid;
            var error = Libc.PosixSpawn(&pid, arguments.First, actions, attributes, arguments.Pointers, environment.Pointers);
            if (error != 0)
                throw new IOException($"{request.Program} could not be started: {Marshal.GetPInvokeErrorMessage(error)}");
            return pid;
        }
        finally
        {
            _ = Libc.FileActionsDestroy(actions);
            _ = Libc.AttributesDestroy(attributes);
        }
    }

    /// <summary>
    /// Our own descriptors close by themselves; one that this hub was started with does not, and is nothing a backend should
    /// hold. Not every C library can do it.
    /// </summary>
    private static void CloseInherited(void* actions)
    {
        if (CanCloseFrom) _ = Libc.FileActionsAddCloseFrom(actions, FilterDescriptor);
    }

    private static readonly bool CanCloseFrom = NativeLibrary.TryLoad("libc", typeof(PosixSpawn).Assembly, null, out var library)
        && NativeLibrary.TryGetExport(library, "posix_spawn_file_actions_addclosefrom_np", out _);

    private static (int Hub, int Child) Pair()
    {
        var pair = stackalloc int[2];
        if (Libc.SocketPair(Libc.UnixFamily, Libc.StreamSocket | Libc.CloseOnExec, 0, pair) != 0)
            throw Libc.Failed("socketpair");
        return (pair[0], pair[1]);
    }

    private static Socket Owned(int fd) => new(new SafeSocketHandle(fd, ownsHandle: true));

    /// <summary>A null-terminated vector of null-terminated strings, as exec wants them.</summary>
    private sealed class StringVector : IDisposable
    {
        private readonly nint[] _strings;
        private readonly nint _vector;

        public StringVector(IEnumerable<string> strings)
        {
            _strings = [.. strings.Select(Allocate)];
            _vector = (nint)NativeMemory.AllocZeroed((nuint)(_strings.Length + 1), (nuint)sizeof(nint));
            for (var i = 0; i < _strings.Length; i++) ((nint*)_vector)[i] = _strings[i];
        }

        public byte* First => (byte*)_strings[0];

        public byte** Pointers => (byte**)_vector;

        public void Dispose()
        {
            foreach (var text in _strings) NativeMemory.Free((void*)text);
            NativeMemory.Free((void*)_vector);
        }

        private static nint Allocate(string text)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException("A command or variable contains a null character.", nameof(text));
            var bytes = Encoding.UTF8.GetBytes(text);
            var memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(memory, bytes.Length));
            memory[bytes.Length] = 0;
            return (nint)memory;
        }
    }
}
