namespace BrowserTech.Playground.Runtimes.Warm;

/// <summary>Tells whether the files of a program have changed, by their names, sizes and times.</summary>
internal static class ProgramStamp
{
    /// <summary>Looking at more costs more than it is worth; a program has its own files first and what it needs in folders.</summary>
    private const int MaxFiles = 2000;

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    public static int Of(string folder)
    {
        var stamp = default(HashCode);
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", All).Take(MaxFiles))
            {
                stamp.Add(file.FullName, StringComparer.Ordinal);
                stamp.Add(file.Length);
                stamp.Add(file.LastWriteTimeUtc);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is being changed: another stamp than before, and another one at the next look.
        }

        return stamp.ToHashCode();
    }
}
