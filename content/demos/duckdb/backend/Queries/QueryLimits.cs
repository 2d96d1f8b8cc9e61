namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// What one query may take. Each is met inside the engine, which says so and goes on; the limits of the process itself (demo.md), which only
/// end it, lie above them.
/// </summary>
public sealed record QueryLimits
{
    /// <summary>From when it begins to its last row.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Rows that are sent: what a person looks through.</summary>
    public int Rows { get; init; } = 10_000;

    /// <summary>Bytes of Arrow that are sent.</summary>
    public int Bytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Megabytes the engine may hold.</summary>
    public int MemoryMegabytes { get; init; } = 640;

    /// <summary>
    /// Megabytes the process may have resident. The engine does not count what it holds for an instant, such as two thousand texts of a megabyte each; so this is
    /// looked at from outside. Where queries before have left it with more, a query may use that again and not add to it. With what is spilled it stays below what demo.md allows.
    /// </summary>
    public int ResidentMegabytes { get; init; } = 1000;

    /// <summary>Megabytes it may put on disk when that is not enough. <c>/tmp</c> is memory too, and counts.</summary>
    public int DiskMegabytes { get; init; } = 1024;

    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Where it puts them.</summary>
    public string DiskFolder { get; init; } = Path.Combine(Path.GetTempPath(), "spilled");

    /// <summary>Characters of a query.</summary>
    public const int MaxSql = 100_000;
}
