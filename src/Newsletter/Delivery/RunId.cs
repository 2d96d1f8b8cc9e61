using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// Names one run of the program as the holder of leases, so that its successor can tell that it is dead and take up what it held at once,
/// without waiting for leases to end. The name says which machine, process and start; a process that another
/// machine, boot or container cannot see is not judged.
/// </summary>
public readonly record struct RunId(string Value)
{
    /// <summary>The name of a new run of this process.</summary>
    public static RunId New()
    {
        using var process = Process.GetCurrentProcess();
        return new RunId($"{Place()}/{process.Id}/{StartOf(process)}/{Guid.NewGuid():N}");
    }

    /// <summary>True if that run certainly no longer exists. False if it does, or if this cannot be known from here.</summary>
    public static bool IsDead(string run)
    {
        var parts = run.Split('/');
        if (parts.Length != 4 || parts[0] != Place()
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited || IsZombie(process) || StartOf(process) != parts[2];
        }
        catch (ArgumentException)
        {
            return true; // no process has this number
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            return error is InvalidOperationException; // it ended while it was looked at
        }
    }

    /// <summary>
    /// Machine, boot and process namespace: within one of these, process numbers mean the same. Two containers of one machine
    /// differ in the last.
    /// </summary>
    private static string Place()
    {
        var boot = ReadOr("/proc/sys/kernel/random/boot_id", "");
        var space = Directory.Exists("/proc/self/ns") ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "" : "";
        return $"{Environment.MachineName} {boot} {space}".Replace('/', '_');
    }

    /// <summary>Numbers are used again; a process with the number but another start is another one.</summary>
    private static string StartOf(Process process)
    {
        // The start, in clock ticks since boot, is the 20th field after the name.
        return StatusOf(process) is { Length: > 19 } fields
            ? fields[19]
            : process.StartTime.ToUniversalTime().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
    }

    /// <summary>Killed, but not yet waited for by its parent: it has a number and does nothing any more.</summary>
    private static bool IsZombie(Process process) => StatusOf(process) is ["Z" or "X", ..];

    /// <summary>Linux: what /proc says after the name, which stands in brackets and may hold spaces; empty elsewhere.</summary>
    private static string[] StatusOf(Process process)
    {
        var stat = ReadOr($"/proc/{process.Id}/stat", "");
        return stat.Length == 0 ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string ReadOr(string path, string otherwise)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
