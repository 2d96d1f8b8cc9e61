using System.Globalization;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>Which limits of a whole backend the kernel enforces here.</summary>
/// <param name="Version">1 or 2; 0 where no control group can be made.</param>
internal sealed record GroupsInForce(int Version, bool Memory, bool Cpu, bool Pids)
{
    public static readonly GroupsInForce None = new(0, false, false, false);

    public bool Any => Memory || Cpu || Pids;

    /// <summary>What is counted for the whole backend, in words; empty where nothing is.</summary>
    public string Words => string.Join(", ", new[] { (Memory, "memory"), (Cpu, "processors"), (Pids, "processes") }
        .Where(each => each.Item1).Select(each => each.Item2));
}

/// <summary>
/// Makes a control group for each backend below one of this hub. How a process gets into its group is the difference between the
/// two versions of the kernel's interface, and both ways leave no instant in which a backend runs outside its limits.
/// </summary>
internal abstract class ControlGroups : IDisposable
{
    private static readonly TimeSpan RemovePause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(1);

    private protected const int CpuPeriodMicroseconds = 100_000;

    /// <summary>bubblewrap's two processes, and for an instant the thread that starts them.</summary>
    private protected const int PidsOfTheSandbox = 3;

    public abstract GroupsInForce InForce { get; }

    /// <summary>
    /// A group for the process this thread starts next. Called on a thread that starts processes, immediately before it
    /// does.
    /// </summary>
    public abstract ControlGroup Take(ServiceLimits limits);

    /// <summary>The process has been started from this thread: what can be prepared for the next one is prepared now.</summary>
    public virtual void PrepareNext()
    {
    }

    /// <summary>This thread starts no more processes.</summary>
    public virtual void LeaveThread()
    {
    }

    public abstract void Dispose();

    /// <summary>Ends and removes what a hub that was killed left under its name.</summary>
    public static async Task RemoveLeftovers(string hub)
    {
        var mounts = ControlGroupMounts.Read();
        var left = mounts.V1.Values.Append(mounts.V2).OfType<string>().Select(parent => Path.Combine(parent, hub))
            .Where(Directory.Exists).ToList();
        foreach (var folder in left.SelectMany(Directory.EnumerateDirectories)) KillAll(folder);
        // They are reaped by whoever inherited them, which takes a moment.
        for (var attempt = 0; attempt < 100 && left.Exists(Directory.Exists); attempt++)
        {
            foreach (var folder in left.Where(Directory.Exists)) RemoveTree(folder);
            await Task.Delay(RemovePause);
        }
    }

    /// <summary>
    /// Removes groups no hub owns up to: one that was killed while it removed them left them empty. A living hub's are in use, and one
    /// that it has just made is young.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="isKnown">Whether a hub of that name has a folder.</param>
    public static void RemoveForgotten(DateTimeOffset now, Func<string, bool> isKnown)
    {
        var mounts = ControlGroupMounts.Read();
        foreach (var parent in mounts.V1.Values.Append(mounts.V2).OfType<string>().Where(Directory.Exists))
        {
            foreach (var folder in Directory.EnumerateDirectories(parent, RunFolder.Prefix + "??????"))
            {
                if (isKnown(Path.GetFileName(folder)) || !IsOld(folder, now)) continue;
                foreach (var child in Directory.EnumerateDirectories(folder).Where(child => IsOld(child, now))) TryRemove(child);
                TryRemove(folder);
            }
        }
    }

    private static bool IsOld(string folder, DateTimeOffset now) => now - new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder)) > ForgottenAfter;

    /// <summary>The best there is on this machine; null where no group can be made.</summary>
    /// <param name="hub">A name no other hub on this machine has.</param>
    public static ControlGroups? Find(string hub)
    {
        var mounts = ControlGroupMounts.Read();
        if (ControlGroupsV1.Try(mounts, hub) is { } first) return first;
        return ControlGroupsV2.Try(mounts, hub);
    }

    /// <summary>A group's folder holds only the kernel's files: what can be removed are the folders.</summary>
    private protected static void RemoveTree(string folder)
    {
        foreach (var child in Directory.EnumerateDirectories(folder)) TryRemove(child);
        TryRemove(folder);
    }

    internal static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false; // a process in it has not been reaped yet
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void KillAll(string folder)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "cgroup.procs")))
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var pid) && pid > 1) _ = Libc.Kill(pid, Libc.SigKill);
    }

    private protected static void Write(string folder, string file, long value) =>
        Write(folder, file, value.ToString(CultureInfo.InvariantCulture));

    /// <remarks>One write call with the whole value, as the kernel wants it; nothing is truncated or created.</remarks>
    private protected static void Write(string folder, string file, string value)
    {
        using var handle = File.OpenHandle(Path.Combine(folder, file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, System.Text.Encoding.ASCII.GetBytes(value), 0);
    }

    private protected static bool TryWrite(string folder, string file, string value)
    {
        try
        {
            Write(folder, file, value);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
