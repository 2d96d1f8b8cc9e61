using System.Globalization;

namespace BrowserTech.Playground.Runtimes;

/// <summary>What <c>/proc</c> says about a process. Every answer may be "gone": processes end while one looks.</summary>
internal static class ProcessStat
{
    /// <summary>The first child of a process, null where it has none (yet).</summary>
    public static int? FirstChild(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/task/{pid}/children");
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            return end > 0 ? int.Parse(text.AsSpan(0, end), CultureInfo.InvariantCulture) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Resident memory in bytes; null when the process is gone.</summary>
    public static long? ResidentBytes(int pid)
    {
        try
        {
            // "size resident shared text lib data dt", in pages.
            var fields = File.ReadAllText($"/proc/{pid}/statm").Split(' ');
            return long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the process has used of processors, its ended threads included; null when it is gone.</summary>
    public static TimeSpan? CpuTime(int pid) =>
        // "utime" and "stime", in ticks of a hundredth of a second: what Linux tells programs, whatever its own clock.
        Fields(pid) is { } fields
            ? TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)))
            : null;

    /// <summary>
    /// When the process started, in ticks since boot: with the pid it names a process for good, while the pid alone is
    /// used again. Null when the process is gone.
    /// </summary>
    public static long? StartTicks(int pid) =>
        Fields(pid) is { } fields ? long.Parse(fields[19], CultureInfo.InvariantCulture) : null;

    /// <summary>The fields of <c>stat</c> from the state on, which proc(5) counts as the third.</summary>
    private static string[]? Fields(int pid)
    {
        try
        {
            // The name in brackets may contain anything; the fields are counted after its last bracket.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
