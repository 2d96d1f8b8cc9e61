using System.Globalization;

namespace BrowserTech.Demos.DuckDb.City;

/// <summary>
/// Makes what is missing of the data: a folder with <c>city.db</c> and a file for each million trips. Made once and shared read-only
/// by every backend, so that the machine's memory holds each page of it once, however many tabs ask.
/// </summary>
public static class Preparation
{
    public const int RowsPerPart = 1_000_000;
    public const int MaxParts = 50;
    public const string CityFile = "city.db";

    /// <summary>Counted up with every change of what is in the files: those of another version are made anew.</summary>
    private const string Version = "2";
    private const string VersionFile = "version";

    /// <summary>What to say where there is no data.</summary>
    public const string IsMissing = "The trips have not been made yet: ./backend --prepare FOLDER makes them, and ./run does it.";

    public static string PartFile(int part) => string.Create(CultureInfo.InvariantCulture, $"{part:00}.db");

    /// <summary>How many parts there are, from the first on; 0 where what all of them need is missing.</summary>
    public static int PartsIn(string folder) => File.Exists(Path.Combine(folder, CityFile))
        ? Enumerable.Range(0, MaxParts).TakeWhile(part => File.Exists(Path.Combine(folder, PartFile(part)))).Count()
        : 0;

    /// <param name="folder">Made where there is none.</param>
    /// <param name="parts">From 1 to <see cref="MaxParts"/>.</param>
    /// <param name="rows">Of each part; tests take fewer.</param>
    /// <returns>How many files were made.</returns>
    /// <exception cref="Native.DuckException">The disk is full, or the folder cannot be written to.</exception>
    public static int Run(string folder, int parts, int rows = RowsPerPart)
    {
        Directory.CreateDirectory(folder);
        var version = Path.Combine(folder, VersionFile);
        var isCurrent = File.Exists(version) && File.ReadAllText(version) == Version;
        if (!isCurrent)
        {
            foreach (var old in Directory.EnumerateFiles(folder, "*.db")) File.Delete(old);
            File.WriteAllText(version, Version);
        }

        var missing = Enumerable.Range(0, parts).Where(part => !File.Exists(Path.Combine(folder, PartFile(part)))).ToList();
        if (!File.Exists(Path.Combine(folder, CityFile))) Make(folder, CityFile, TripFile.WriteCity);
        if (missing.Count == 0) return 0;
        var generator = new TripGenerator();
        Parallel.ForEach(missing, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            part => Make(folder, PartFile(part), path => TripFile.Write(path, generator.Make(part, rows))));
        return missing.Count;
    }

    /// <summary>A file has its name when it is whole: whoever is interrupted leaves none that is half there.</summary>
    private static void Make(string folder, string name, Action<string> write)
    {
        var unfinished = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{Environment.ProcessId}.unfinished"));
        try
        {
            write(unfinished);
            File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
            File.Delete(unfinished + ".wal");
        }
    }
}
