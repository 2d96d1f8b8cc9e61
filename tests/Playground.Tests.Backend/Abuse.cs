using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BrowserTech.Playground.Tests.Backend;

/// <summary>What a program does that should not be here, each telling how far it got.</summary>
internal static partial class Abuse
{
    /// <summary>What a warm process was told; null for any other.</summary>
    public static string? Assignment { get; set; }

    /// <summary>A command of the shell: its exit code and all it said.</summary>
    public static object Run(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"({command}) 2>&1"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new { code = process.ExitCode, said };
    }

    /// <summary>Starts processes that stay, until it has that many or may not.</summary>
    public static object Fork(int count)
    {
        for (var started = 0; started < count; started++)
        {
            try
            {
                Process.Start("/bin/sleep", "600");
            }
            catch (Win32Exception refusal)
            {
                return new { started, refusal = refusal.Message };
            }
        }

        return new { started = count, refusal = (string?)null };
    }

    /// <summary>Opens files that stay open, until it has that many or may not.</summary>
    public static object OpenFiles(int count)
    {
        var files = new List<FileStream>();
        try
        {
            while (files.Count < count) files.Add(File.OpenRead("/dev/null"));
            return new { opened = files.Count, refusal = (string?)null };
        }
        catch (IOException refusal)
        {
            return new { opened = files.Count, refusal = refusal.Message };
        }
        finally
        {
            foreach (var file in files) file.Dispose();
        }
    }

    /// <summary>System calls no backend has a use for: the error number each was answered with; 0 where it was allowed.</summary>
    public static Dictionary<string, int> Calls()
    {
        var x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        var calls = new (string Name, nint X64, nint Arm64, nint First)[]
        {
            ("unshare a user namespace", 272, 97, 0x10000000), ("trace", 101, 117, 0), ("bpf", 321, 280, 0), ("keyctl", 250, 219, 0),
            ("io_uring", 425, 425, 8), ("perf_event_open", 298, 241, 0), ("mount", 165, 40, 0), ("userfaultfd", 323, 282, 1),
            ("clone a user namespace", 56, 220, 0x10000011), ("a socket to the machine's hypervisor", 41, 198, 40),
            ("a packet socket", 41, 198, 17), ("a pair of sockets to the hypervisor", 53, 199, 40),
            ("an attribute", 188, 5, 0), ("an attribute of a link", 189, 6, 0), ("an attribute of an open file", 190, 7, 0), ("an attribute, at", 463, 463, 0),
            ("an address layout without chance", 135, 92, 0x40000), ("clone3", 435, 435, 0),
        };
        return calls.ToDictionary(call => call.Name, call =>
            SystemCall(x64 ? call.X64 : call.Arm64, call.First, 0, 0, 0, 0) < 0 ? Marshal.GetLastPInvokeError() : 0);
    }

    /// <summary>Ways into the folder of its socket that leave no name and no event: the error number each was answered with; 0 where it wrote.</summary>
    public static Dictionary<string, int> WriteUnseen()
    {
        const int WriteOnly = 1, Create = 0x40, WithoutName = 0x410000;
        const string Folder = "/run/session";
        var x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        var withoutName = x64 ? WithoutName : 0x404000;
        return new Dictionary<string, int>
        {
            ["asynchronously"] = Error(WriteAsynchronously(Open(Folder + "/empty", WriteOnly | Create, 0b110_000_000), x64)),
            ["without a name"] = Error(Open(Folder, WriteOnly | withoutName, 0b110_000_000)),
            ["as an attribute"] = Error(SetAttribute(Folder, "user.x", "x", 1, 0)),
        };

        static int Error(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private static unsafe int WriteAsynchronously(int file, bool x64)
    {
        const int Bytes = 64 * 1024;
        nint context = 0;
        if (SystemCall(x64 ? 206 : 0, 1, (nint)(&context), 0, 0, 0) != 0) return -1;
        var block = stackalloc byte[64]; // struct iocb
        NativeMemory.Clear(block, 64);
        *(ushort*)(block + 16) = 1; // IOCB_CMD_PWRITE
        *(int*)(block + 20) = file;
        *(void**)(block + 24) = NativeMemory.AllocZeroed(Bytes);
        *(ulong*)(block + 32) = Bytes;
        return (int)SystemCall(x64 ? 209 : 2, context, 1, (nint)(&block), 0, 0);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, string value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e);
}
