using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Queries;

namespace BrowserTech.Demos.DuckDb;

/// <summary>Two small parts, and an engine on them as a tab's process has it.</summary>
public sealed class TripFolder : IDisposable
{
    public const int Rows = 50_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trips-tests-");

    public TripFolder()
    {
        Preparation.Run(Path, 2, Rows);
        Store = new TripStore(Path, Limits);
    }

    public QueryLimits Limits => new() { MemoryMegabytes = 200, DiskMegabytes = 50, Threads = 2, DiskFolder = System.IO.Path.Combine(_folder.FullName, "spilled") };

    public TripStore Store { get; }

    public string Path => System.IO.Path.Combine(_folder.FullName, "data");

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }
}
