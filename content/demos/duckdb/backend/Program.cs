using System.Globalization;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.Demos.DuckDb.Native;
using BrowserTech.Demos.DuckDb.Queries;
using BrowserTech.SessionBackend;

// ./backend --prepare FOLDER [--parts N]: makes what is missing of the data, and ends.
if (args is ["--prepare", var folder, ..])
{
    var parts = args is [_, _, "--parts", var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var some) ? some : Preparation.MaxParts;
    if (parts is < 1 or > Preparation.MaxParts)
    {
        await Console.Error.WriteLineAsync($"--parts takes a number from 1 to {Preparation.MaxParts}.");
        return 2;
    }

    Preparation.Run(folder, parts);
    return 0;
}

// Else it is a session backend: one tab's own DuckDB, beside the data, or that of a few which share a key.
var limits = new QueryLimits();
var tabs = new Tabs();
var data = Path.Combine(AppContext.BaseDirectory, "data");
if (Preparation.PartsIn(data) == 0)
{
    await Console.Error.WriteLineAsync(Preparation.IsMissing);
    return 1;
}

var store = new Lazy<TripStore>(() => new TripStore(data, limits));
using var backend = BackendProcess.FromEnvironment();
var ended = await new BackendServer(backend)
{
    // Opened, and asked once: what the first query would otherwise wait for.
    OnWarm = stopping => Task.Run(() =>
    {
        using var connection = store.Value.Connect();
        store.Value.Choose(connection, 1);
        connection.Execute("SELECT start_station, count(*), avg(seconds) FROM trips GROUP BY ALL");
    }, stopping),
    OnRequest = call => new(TripFiles.Answer(call, store.Value)),
    OnSocket = (_, socket) => new Conversation(socket, store.Value, limits, tabs, TimeProvider.System).HoldAsync(backend.Stopping),
}.RunAsync();
if (store.IsValueCreated) store.Value.Dispose();
return ended;
