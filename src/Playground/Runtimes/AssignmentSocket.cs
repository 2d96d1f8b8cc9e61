using System.Net.Sockets;
using System.Text.Json;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The hub's end of a warm start. A process that is kept warm connects when it has loaded everything it can load for nobody in
/// particular; that connection says so, and on it, once, goes one line of JSON with who it is now.
/// </summary>
internal sealed class AssignmentSocket : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private Socket? _process;

    public AssignmentSocket(string path)
    {
        SessionFolder.OpenToAll(_listener, path);
        _listener.Listen(1);
    }

    /// <summary>Whether the process has connected: a program that does not know of assignments never does.</summary>
    public bool IsConnected => _process is not null;

    /// <summary>Completes when the process is warm.</summary>
    public async Task WaitUntilConnected(CancellationToken cancel) => _process = await _listener.AcceptAsync(cancel);

    /// <exception cref="SocketException">The process has gone.</exception>
    public async Task Assign(BackendSpec spec)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(new
        {
            backend_id = spec.Id.Value,
            key = spec.Key?.Value,
            fencing_token = spec.Fencing.ToString(),
            environment = new Dictionary<string, string>(),
        });
        await _process!.SendAsync((byte[])[.. line, (byte)'\n']);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _process?.Dispose();
    }
}
