using System.Globalization;

namespace BrowserTech.Playground.Runtimes;

/// <summary>What <c>/proc</c> says about a process. Every answer may be "gone": processes end while one looks.</summary>
internal static class ProcessStat
{
    /// <summary>The first child of a process, null where it has none (yet).</summary>
    public static int? FirstChild(int pid) => Children(pid) is [var first, ..] ? first : null;

    /// <summary>Resident memory in bytes of a process and of all it started; null when it is gone.</summary>
    public static long? ResidentBytes(int pid)
    {
        try
        {
            // "size resident shared text lib data dt", in pages.
            var fields = File.ReadAllText($"/proc/{pid}/statm").Split(' ');
            var own = long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
            return own + Children(pid).Sum(child => ResidentBytes(child) ?? 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Processor time of one process; null when it is gone.</summary>
    public static TimeSpan? CpuTime(int pid)
    {
        const int TicksPerSecond = 100; // USER_HZ, the same on every architecture .NET runs on
        return Fields(pid) is { } fields
            ? TimeSpan.FromSeconds(
                (double)(long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
                / TicksPerSecond)
            : null;
    }

    /// <summary>
    /// When the process started, in ticks since boot: with the pid it names a process for good, while the pid alone is
    /// used again. Null when the process is gone.
    /// </summary>
    public static long? StartTicks(int pid) =>
        Fields(pid) is { } fields ? long.Parse(fields[19], CultureInfo.InvariantCulture) : null;

    /// <summary>The number of the process that began its session; null when it is gone.</summary>
    public static int? Session(int pid) => Fields(pid) is { } fields ? int.Parse(fields[3], CultureInfo.InvariantCulture) : null;

    /// <summary>All there are that can be seen.</summary>
    public static IEnumerable<int> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) yield return pid;
    }

    /// <summary>A variable of the environment it was started with; null when it has none, is gone or another user's.</summary>
    public static string? Variable(int pid, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').FirstOrDefault(each => each.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>False when it is gone, or dead and not reaped yet.</summary>
    public static bool IsRunning(int pid) => Fields(pid) is [var state, ..] && state is not ("Z" or "X");

    /// <summary>Its command line; null when it is gone.</summary>
    public static string[]? Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

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

    private static int[] Children(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/task/{pid}/children");
            return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(each => int.Parse(each, CultureInfo.InvariantCulture))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
