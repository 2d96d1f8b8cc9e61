using BrowserTech.Demos.GpuGrid;
using BrowserTech.SessionBackend;

// Ten million events for one tab. Nothing is read and next to nothing kept: the log is a function, and what is asked of it is computed.
using var backend = BackendProcess.FromEnvironment();
var log = new Lazy<EventLog>(() => new EventLog());

return await new BackendServer(backend)
{
    OnWarm = warming =>
    {
        warming.ThrowIfCancellationRequested();
        _ = log.Value;
        return Task.CompletedTask;
    },
    OnRequest = _ => new(BackendResponse.Text("Rows are told over a WebSocket.\n", 404)),
    OnSocket = async (_, socket) =>
    {
        using var session = new GridSession(log.Value, socket);
        await session.RunAsync(backend.Stopping);
    },
    // Each filter that is looked at costs 1.3 MB; a handful of tabs may share one process, not a crowd.
    Limits = new BackendLimits { MaxConnections = 16, MaxMessage = 4096 },
}.RunAsync();
