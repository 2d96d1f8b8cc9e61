using BrowserTech.Demos.GpuGrid;
using BrowserTech.SessionBackend;

// Ten million events for one tab. Nothing is read and next to nothing kept: the log is a function, and what is asked of it is computed.
using var backend = BackendProcess.FromEnvironment();
var log = new Lazy<EventLog>(() => new EventLog());
var tabs = new Tabs();

return await new BackendServer(backend)
{
    OnWarm = warming =>
    {
        warming.ThrowIfCancellationRequested();
        _ = log.Value;
        return Task.CompletedTask;
    },
    OnRequest = _ => new(BackendResponse.Text("Rows are told over a WebSocket.\n", 404)),
    OnSocket = (_, socket) => tabs.HoldAsync(socket, async () =>
    {
        using var session = new GridSession(log.Value, socket);
        await session.RunAsync(backend.Stopping);
    }),
    // A handful of tabs, and as many that come to hear that there is no room.
    Limits = new BackendLimits { MaxConnections = 2 * Tabs.Most, MaxMessage = 4096 },
}.RunAsync();
