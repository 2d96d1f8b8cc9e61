using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using BrowserTech.Demos.DuckDb.Native;

namespace BrowserTech.Demos.DuckDb.City;

/// <summary>Trips as a file in DuckDB's own format, which every engine can attach read-only: the native one here, and the one in a tab, which has no Parquet built in.</summary>
public static unsafe class TripFile
{
    // duckdb_type
    private const int Integer = 4;
    private const int SmallInt = 3;
    private const int Timestamp = 12;
    private const int Varchar = 17;
    private const int VectorSize = 2048;

    private static readonly long Midnight = new DateTimeOffset(Calendar.Year, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>Writes the whole file anew.</summary>
    /// <exception cref="DuckException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Trips trips)
    {
        Create(path, connection =>
        {
            // Words and not an ENUM: the file is as small, and the engine in the tab leaves out an ENUM's names where it streams an answer.
            connection.Execute("""
                CREATE TABLE trips (started TIMESTAMP, seconds SMALLINT, metres INTEGER, start_station SMALLINT, end_station SMALLINT,
                  bike VARCHAR, rider VARCHAR)
                """);
            Append(connection, trips);
        });
    }

    /// <summary>What there is besides trips: stations and the weather.</summary>
    public static void WriteCity(string path)
    {
        Create(path, connection =>
        {
            connection.Execute("""
                CREATE TABLE stations (station SMALLINT, name VARCHAR, district VARCHAR, lon DOUBLE, lat DOUBLE, docks SMALLINT);
                CREATE TABLE weather (day DATE, celsius DOUBLE, rain_mm DOUBLE);
                """);
            var stations = Stations.All.Select(each => string.Create(CultureInfo.InvariantCulture,
                $"({each.Id}, '{each.Name}', '{each.District}', {each.Longitude}, {each.Latitude}, {each.Docks})"));
            connection.Execute($"INSERT INTO stations VALUES {string.Join(", ", stations)}");
            var days = Weather.Year.Select(each => string.Create(CultureInfo.InvariantCulture,
                $"(DATE '{Calendar.Year}-01-01' + {each.Day}, {each.Celsius}, {each.RainMillimetres})"));
            connection.Execute($"INSERT INTO weather VALUES {string.Join(", ", days)}");
        });
    }

    private static void Create(string path, Action<DuckConnection> fill)
    {
        File.Delete(path);
        // One thread: what two write at once lies in the file as it happens to.
        using var database = new DuckDatabase(null, ("threads", "1"));
        using var connection = database.Connect();
        // Blocks of 16 KiB would waste less at a file's end, and be read one by one. The version is one that the engine in the tab knows.
        connection.Execute($"ATTACH '{path.Replace("'", "''", StringComparison.Ordinal)}' AS made (STORAGE_VERSION 'v1.2.0'); USE made");
        fill(connection);
        connection.Execute("CHECKPOINT made; USE memory; DETACH made");
    }

    private static void Append(DuckConnection connection, Trips trips)
    {
        var types = stackalloc nint[7]
        {
            Duck.CreateType(Timestamp), Duck.CreateType(SmallInt), Duck.CreateType(Integer), Duck.CreateType(SmallInt), Duck.CreateType(SmallInt),
            Duck.CreateType(Varchar), Duck.CreateType(Varchar),
        };
        var (bikes, riders) = (Trips.Bikes.Select(InlineText).ToArray(), Trips.Riders.Select(InlineText).ToArray());
        var chunk = Duck.CreateChunk(types, 7);
        if (Duck.CreateAppender(connection.Handle, null, "trips", out var appender) == Duck.Error)
            throw new DuckException(Duck.Text(Duck.AppenderError(appender)) ?? "DuckDB could not append.");
        try
        {
            for (var from = 0; from < trips.Count; from += VectorSize)
            {
                var count = Math.Min(VectorSize, trips.Count - from);
                Duck.ResetChunk(chunk);
                var started = Column<long>(chunk, 0, count);
                for (var i = 0; i < count; i++) started[i] = (Midnight + trips.Started[from + i]) * 1_000_000;
                trips.Seconds.AsSpan(from, count).CopyTo(Column<short>(chunk, 1, count));
                trips.Metres.AsSpan(from, count).CopyTo(Column<int>(chunk, 2, count));
                trips.From.AsSpan(from, count).CopyTo(Column<short>(chunk, 3, count));
                trips.To.AsSpan(from, count).CopyTo(Column<short>(chunk, 4, count));
                Words(trips.Bike.AsSpan(from, count), bikes, Column<UInt128>(chunk, 5, count));
                Words(trips.Rider.AsSpan(from, count), riders, Column<UInt128>(chunk, 6, count));
                Duck.SetChunkSize(chunk, (ulong)count);
                if (Duck.AppendChunk(appender, chunk) == Duck.Error)
                    throw new DuckException(Duck.Text(Duck.AppenderError(appender)) ?? "DuckDB could not append.");
            }
        }
        finally
        {
            _ = Duck.DestroyAppender(ref appender);
            Duck.DestroyChunk(ref chunk);
            for (var i = 0; i < 7; i++) Duck.DestroyType(ref types[i]);
        }
    }

    private static Span<T> Column<T>(nint chunk, ulong column, int count) where T : unmanaged => new(Duck.VectorData(Duck.Vector(chunk, column)), count);

    private static void Words(ReadOnlySpan<byte> indices, UInt128[] words, Span<UInt128> column)
    {
        for (var i = 0; i < indices.Length; i++) column[i] = words[indices[i]];
    }

    /// <summary>As DuckDB's vectors hold a text of at most twelve bytes: its length in four bytes, then itself.</summary>
    private static UInt128 InlineText(string text)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Encoding.UTF8.GetBytes(text, bytes.AsSpan(4)));
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
