using System.Globalization;
using BrowserTech.SessionBackend;

// One process for one tab. It tells what it is, at once and then every second, and sends back whatever it is sent, so that the page
// can measure the way there and back.
using var backend = BackendProcess.FromEnvironment();

return await new BackendServer(backend)
{
    OnRequest = _ => new(BackendResponse.Json(Tick())),
    OnSocket = TalkAsync,
}.RunAsync();

async Task TalkAsync(BackendCall call, BackendSocket socket)
{
    // A tab that does not read misses ticks; it is told the newest when it does.
    await using var ticks = new Timer(_ => _ = socket.TrySendAsync(Tick()).AsTask(), null, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    while (await socket.ReceiveAsync() is { } message) await socket.SendAsync(message.Data, message.IsText);
}

string Tick() => string.Create(CultureInfo.InvariantCulture,
    $"{{\"type\":\"tick\",\"pid\":{Environment.ProcessId},\"uptimeMs\":{backend.Uptime.TotalMilliseconds:F0},"
    + $"\"rssBytes\":{Environment.WorkingSet},\"threads\":{Threads()},"
    + $"\"backendId\":\"{backend.Identity?.Id}\",\"fencingToken\":\"{backend.Identity?.Fencing}\"}}");

static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
