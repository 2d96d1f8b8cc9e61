using System.Globalization;
using BrowserTech.Demos.DuckDb.City;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.DuckDb.Queries;

/// <summary>The files themselves, for the engine in the tab: <c>/trips/00.db</c> to the last there is, and <c>/trips/city.db</c>.</summary>
public static class TripFiles
{
    private const string Prefix = "/trips/";

    public static BackendResponse Answer(BackendCall call, TripStore store)
    {
        if (call.Method != "GET") return BackendResponse.Text("Trips can only be read.", 405);
        // By comparing with the names there are: nothing a request says becomes a path.
        var name = Enumerable.Range(0, store.Parts).Select(Preparation.PartFile).Append(Preparation.CityFile)
            .FirstOrDefault(file => call.Path == Prefix + file);
        if (name is null) return BackendResponse.Text($"There is no such file. There are {store.Parts.ToString(CultureInfo.InvariantCulture)} million trips here.", 404);
        return BackendResponse.Stream("application/octet-stream", async (body, gone) =>
        {
            await using var file = new FileStream(store.PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await file.CopyToAsync(body, 256 * 1024, gone).ConfigureAwait(false);
        });
    }
}
