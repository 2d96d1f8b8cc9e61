using BrowserTech.SessionBackend;

var visits = 0;
using var backend = BackendProcess.FromEnvironment();

return await new BackendServer(backend)
{
    OnRequest = call => new(BackendResponse.Text(
        $"{backend.Identity?.Id} for {call.Caller.User ?? "somebody"}: {Interlocked.Increment(ref visits)} visits\n")),
    OnSocket = async (call, socket) =>
    {
        while (await socket.ReceiveAsync() is { } message) await socket.SendAsync($"You said {message.Text}.");
    },
}.RunAsync();
