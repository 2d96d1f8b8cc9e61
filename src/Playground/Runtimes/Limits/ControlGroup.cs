using System.Globalization;

namespace BrowserTech.Playground.Runtimes.Limits;

/// <summary>What a whole backend uses, as the kernel counts it.</summary>
/// <param name="MemoryBytes">Memory that cannot be had back for the asking, its files in <c>/tmp</c> included. Null: not counted.</param>
/// <param name="CpuTime">Processor time of all its processes since it started. Null: not counted.</param>
/// <param name="Processes">Processes and threads now. Null: not counted.</param>
internal sealed record GroupUsage(long? MemoryBytes, TimeSpan? CpuTime, int? Processes);

/// <summary>The control group of one backend.</summary>
internal abstract class ControlGroup
{
    // A process that has ended is counted until somebody has asked how; that takes bubblewrap a moment.
    private static readonly TimeSpan RemovePause = TimeSpan.FromMilliseconds(5);
    private const int RemoveTries = 200;

    /// <summary>Puts a process in that has not started the program yet. It may be in it already.</summary>
    public abstract void Admit(int pid);

    public abstract GroupUsage Usage();

    /// <summary>Whether the kernel has ended a process of it for want of memory.</summary>
    public abstract bool RanOutOfMemory();

    private protected abstract IReadOnlyList<string> Folders { get; }

    /// <summary>False when a process is still in it after a while: somebody else has put one there.</summary>
    public async Task<bool> Remove()
    {
        for (var attempt = 0; attempt < RemoveTries; attempt++)
        {
            if (Folders.Where(folder => !ControlGroups.TryRemove(folder)).ToList() is []) return true;
            await Task.Delay(RemovePause);
        }

        return false;
    }

    private protected static long? Number(string folder, string file) =>
        Text(folder, file) is { } text && long.TryParse(text.AsSpan().Trim(), CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>The number after a word in a file of lines of words and numbers.</summary>
    private protected static long? Number(string folder, string file, string word)
    {
        if (Text(folder, file) is not { } text) return null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > word.Length && line[word.Length] == ' ' && line.StartsWith(word, StringComparison.Ordinal))
                return long.TryParse(line[(word.Length + 1)..], CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        return null;
    }

    private static string? Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
