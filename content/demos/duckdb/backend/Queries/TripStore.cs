using System.Globalization;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Native;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>
/// The engine with the data attached and every door closed behind it: what runs in it afterwards comes from strangers. It reads no other file, attaches nothing,
/// loads no extension, writes nowhere but to its own memory and what it spills, and cannot change a setting to get any of that back. The database it opens is one of the
/// files, read-only: so there is no place where one tab could leave a table for another, only the temporary ones of each connection.
/// </summary>
public sealed class TripStore : IDisposable
{
    private readonly DuckDatabase _database;
    private readonly string _folder;

    /// <param name="folder">As <see cref="Preparation"/> made it.</param>
    /// <param name="limits">Of every query together.</param>
    /// <exception cref="DuckException">There is no data, or it cannot be read.</exception>
    public TripStore(string folder, QueryLimits limits)
    {
        _folder = folder;
        Parts = Preparation.PartsIn(folder);
        if (Parts == 0) throw new DuckException(Preparation.IsMissing);
        _database = new DuckDatabase(PathOf(Preparation.CityFile), [
            ("access_mode", "READ_ONLY"), ("arrow_lossless_conversion", "true"),
            ("threads", Text(limits.Threads)), ("memory_limit", $"{Text(limits.MemoryMegabytes)}MB"),
            ("temp_directory", limits.DiskFolder),
            ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"), ("preserve_insertion_order", "false"),
        ]);
        using var connection = _database.Connect();
        for (var part = 0; part < Parts; part++) Attach(connection, Preparation.PartFile(part), PartName(part));
        // Said when the database is opened, this would be known to it and not be held.
        connection.Execute($"SET max_temp_directory_size = '{Text(limits.DiskMegabytes)}MB'");
        connection.Execute("SET enable_external_access = false; SET allowed_configs = ['streaming_buffer_size']; SET lock_configuration = true");
    }

    /// <summary>How many millions of trips there are here.</summary>
    public int Parts { get; }

    public string PathOf(string file) => Path.Combine(_folder, file);

    /// <summary>A connection of its own for each tab: what it makes for itself (temporary tables, which trips there are) is nobody else's.</summary>
    public DuckConnection Connect() => _database.Connect();

    /// <summary>
    /// Lets <c>trips</c> be the first <paramref name="parts"/> million of them, for this connection; whatever somebody put in the place of that name,
    /// or of the others', is gone.
    /// </summary>
    public void Choose(DuckConnection connection, int parts)
    {
        try
        {
            NameAll(connection, parts);
        }
        catch (DuckException)
        {
            // A transaction that has failed, or that saw what was here before.
            connection.RollBack();
            NameAll(connection, parts);
        }
    }

    private static void NameAll(DuckConnection connection, int parts)
    {
        // The engine computes ahead until there is as much as this. It does not count the letters of texts in it, and of wide rows it would have gigabytes ready.
        connection.Execute("SET streaming_buffer_size = '1KB'");
        Name(connection, "stations", "FROM city.stations");
        Name(connection, "weather", "FROM city.weather");
        Name(connection, "trips", string.Join(" UNION ALL ", Enumerable.Range(0, parts).Select(part => $"FROM {PartName(part)}.trips")));
    }

    private static void Name(DuckConnection connection, string name, string query)
    {
        var view = $"CREATE OR REPLACE TEMP VIEW {name} AS {query}";
        try
        {
            connection.Execute(view);
        }
        catch (DuckException)
        {
            // A table of that name.
            connection.Execute($"DROP TABLE IF EXISTS temp.main.{name}");
            connection.Execute(view);
        }
    }

    public void Dispose() => _database.Dispose();

    private static string PartName(int part) => string.Create(CultureInfo.InvariantCulture, $"part{part:00}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Attach(DuckConnection connection, string file, string name) =>
        connection.Execute($"ATTACH '{Path.Combine(_folder, file).Replace("'", "''", StringComparison.Ordinal)}' AS {name} (READ_ONLY)");
}
