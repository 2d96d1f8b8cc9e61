using System.Globalization;
using BrowserTech.Demos.CLASSDemo;
using BrowserTech.SessionBackend;

// One process for one tab, or for all tabs that give the same key. What it knows is in its memory, and goes with it.
using var backend = BackendProcess.FromEnvironment();
var counter = new Counter();

return await new BackendServer(backend)
{
    OnRequest = call =>
    {
        if (call.Method != "POST") return new(BackendResponse.Stream("text/plain; charset=utf-8", FollowAsync));
        Console.WriteLine($"counted to {counter.Add()}");
        return new(BackendResponse.Empty(204));
    },
}.RunAsync();

// A line now and one for each change, for as long as somebody reads.
async Task FollowAsync(Stream body, CancellationToken gone)
{
    while (true)
    {
        var (count, changed) = counter.Now;
        await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{count}\n")), gone);
        await changed.WaitAsync(gone);
    }
}
