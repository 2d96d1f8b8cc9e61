using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The system calls a backend may not make, as a program for the kernel's packet filter machine (seccomp mode 2). A list of what is
/// refused, not of what is allowed: a backend may be written in any language, and what runtimes call changes with each
/// release. Refused is what a program in a sandbox has no use for and what kernels were broken through: namespaces and
/// mounts, other processes' memory, kernel keys, BPF, io_uring, kernel modules, socket families that no network namespace
/// contains. And what would put bytes on the machine's disk without the kernel telling <see cref="SessionFolder"/> of it: asynchronous
/// writes, extended attributes, files that never have a name.
/// <para>
/// A refused call fails with EPERM, as if the capability for it were missing (it mostly is, too); calls that runtimes try and do without
/// fail with ENOSYS, and a file without a name with EOPNOTSUPP, as on file systems that have none. A call made in another
/// architecture's numbering ends the program.
/// </para>
/// </summary>
internal static class SystemCallFilter
{
    private const uint Allow = 0x7fff0000;
    private const uint KillProcess = 0x80000000;
    private const uint Refuse = 0x00050000 | 1; // EPERM
    private const uint NotThere = 0x00050000 | 38; // ENOSYS
    private const uint NotSupported = 0x00050000 | 95; // EOPNOTSUPP

    // struct seccomp_data: number, architecture, instruction pointer, six arguments of eight bytes; little-endian halves.
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint FirstArgumentAt = 16;
    private const uint SecondArgumentAt = 24;
    private const uint ThirdArgumentAt = 32;

    private const ushort Load = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpIfAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    private const ushort JumpIfAnyBit = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    private const uint ForeignNumbers = 0x40000000; // x32
    private const uint NewNamespaces = 0x7e020080; // every CLONE_NEW* bit
    private const uint PushInput = 0x5412; // TIOCSTI
    private const uint ConsoleInput = 0x541c; // TIOCLINUX

    private const uint WithoutName = 0x400000; // what O_TMPFILE has more than O_DIRECTORY

    // AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK (programs list network interfaces with it; they find the loopback).
    private static readonly uint[] SocketFamilies = [1, 2, 10, 16];

    // The default, and the question what it is.
    private static readonly uint[] Personalities = [0, 0xffffffff];

    /// <param name="Architecture">As the kernel's audit calls it.</param>
    /// <param name="Fork">clone.</param>
    /// <param name="InputOutputControl">ioctl.</param>
    /// <param name="Sockets">socket and socketpair.</param>
    /// <param name="Personality">personality.</param>
    /// <param name="Open">open, where there is one.</param>
    /// <param name="OpenAt">openat.</param>
    /// <param name="Missing">Answered with ENOSYS.</param>
    /// <param name="Refused">Answered with EPERM.</param>
    private sealed record Numbers(
        uint Architecture, uint Fork, uint InputOutputControl, uint[] Sockets, uint Personality, uint? Open, uint OpenAt, uint[] Missing, uint[] Refused);

    // Missing are clone3 and openat2, for a filter cannot look where their arguments point (libraries use clone and openat then), and io_setup
    // and io_submit, whose writes no watch of a folder hears of.
    //
    // Refused are, from each architecture's table of system calls; in this order: acct, add_key, adjtimex, bpf, chroot, clock_adjtime,
    // clock_settime, delete_module, fanotify_init, finit_module, fsconfig, fsmount, fsopen, fspick, init_module, io_uring (enter,
    // register, setup), kcmp, kexec_file_load, kexec_load, keyctl, lookup_dcookie, migrate_pages, mount, mount_setattr, move_mount,
    // move_pages, name_to_handle_at, nfsservctl, open_by_handle_at, open_tree, perf_event_open, pidfd_getfd, pivot_root,
    // process_madvise, process_vm (readv, writev), ptrace, quotactl, quotactl_fd, reboot, request_key, setdomainname, sethostname,
    // setns, settimeofday, setxattr (l-, f-, -at), swapoff, swapon, syslog, umount2, unshare, userfaultfd, vhangup; x86-64 has a few more of its youth.
    private static readonly Numbers X64 = new(
        0xc000003e, 56, 16, [41, 53], 135, 2, 257, [435, 437, 206, 209],
        [
            163, 248, 159, 321, 161, 305, 227, 176, 300, 313, 431, 432, 430, 433, 175, 426, 427, 425, 312, 320, 246, 250, 212, 256, 165, 442,
            429, 279, 303, 180, 304, 428, 298, 438, 155, 440, 310, 311, 101, 179, 443, 169, 249, 171, 170, 308, 164, 188, 189, 190, 463, 168, 167, 103, 166, 272,
            323, 153,
            // create_module, get_kernel_syms, ioperm, iopl, modify_ldt, query_module, sysfs, _sysctl, uselib, ustat, vserver
            174, 177, 173, 172, 154, 178, 139, 156, 134, 136, 236,
        ]);

    private static readonly Numbers Arm64 = new(
        0xc00000b7, 220, 29, [198, 199], 92, null, 56, [435, 437, 0, 2],
        [
            89, 217, 171, 280, 51, 266, 112, 106, 262, 273, 431, 432, 430, 433, 105, 426, 427, 425, 272, 294, 104, 219, 18, 238, 40, 442, 429,
            239, 264, 42, 265, 428, 241, 438, 41, 440, 270, 271, 117, 60, 443, 142, 218, 162, 161, 268, 170, 5, 6, 7, 463, 225, 224, 116, 39, 97, 282, 58,
        ]);

    /// <summary>The filter as bubblewrap reads it (<c>struct sock_filter</c>s); null for an architecture we have no numbers of.</summary>
    public static byte[]? For(Architecture architecture) => architecture switch
    {
        Architecture.X64 => Assemble(X64),
        Architecture.Arm64 => Assemble(Arm64),
        _ => null,
    };

    private static byte[] Assemble(Numbers numbers)
    {
        var program = new List<(ushort Code, byte IfTrue, byte IfFalse, uint Value)>
        {
            (Load, 0, 0, ArchitectureAt),
            (JumpIfEqual, 1, 0, numbers.Architecture),
            (Return, 0, 0, KillProcess),
            (Load, 0, 0, NumberAt),
            (JumpIfAtLeast, 0, 1, ForeignNumbers),
            (Return, 0, 0, KillProcess),
        };
        foreach (var refused in numbers.Refused)
        {
            program.Add((JumpIfEqual, 0, 1, refused));
            program.Add((Return, 0, 0, Refuse));
        }

        foreach (var missing in numbers.Missing)
        {
            program.Add((JumpIfEqual, 0, 1, missing));
            program.Add((Return, 0, 0, NotThere));
        }

        // Each of these ends in an answer, so what is loaded does not matter to the next one.
        When(numbers.Fork,
            (Load, 0, 0, FirstArgumentAt), (JumpIfAnyBit, 0, 1, NewNamespaces), (Return, 0, 0, Refuse), (Return, 0, 0, Allow));
        When(numbers.InputOutputControl,
            (Load, 0, 0, SecondArgumentAt), (JumpIfEqual, 1, 0, PushInput), (JumpIfEqual, 0, 1, ConsoleInput),
            (Return, 0, 0, Refuse), (Return, 0, 0, Allow));
        foreach (var makes in numbers.Sockets) When(makes, OneOf(SocketFamilies));
        if (numbers.Open is { } open) When(open, NotWithoutName(SecondArgumentAt));
        When(numbers.OpenAt, NotWithoutName(ThirdArgumentAt));
        When(numbers.Personality, OneOf(Personalities));
        program.Add((Return, 0, 0, Allow));

        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var (code, ifTrue, ifFalse, value) = program[i];
            var at = bytes.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            at[2] = ifTrue;
            at[3] = ifFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], value);
        }

        return bytes;

        void When(uint call, params (ushort, byte, byte, uint)[] then)
        {
            program.Add((JumpIfEqual, 0, (byte)then.Length, call));
            program.AddRange(then);
        }
    }

    private static (ushort, byte, byte, uint)[] NotWithoutName(uint flagsAt) =>
        [(Load, 0, 0, flagsAt), (JumpIfAnyBit, 0, 1, WithoutName), (Return, 0, 0, NotSupported), (Return, 0, 0, Allow)];

    private static (ushort, byte, byte, uint)[] OneOf(uint[] allowed)
    {
        var checks = allowed.Select((value, i) => (JumpIfEqual, (byte)(allowed.Length - i), (byte)0, value));
        return [(Load, 0, 0, FirstArgumentAt), .. checks, (Return, 0, 0, Refuse), (Return, 0, 0, Allow)];
    }
}
