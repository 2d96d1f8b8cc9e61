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

    /// <summary>
    /// When the process started, in ticks since boot: with the pid it names a process for good, while the pid alone is
    /// used again. Null when the process is gone.
    /// </summary>
    public static long? StartTicks(int pid)
    {
        try
        {
            // The name in brackets may contain anything; the fields are counted after its last bracket.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
