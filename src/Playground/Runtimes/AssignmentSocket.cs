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
    private readonly TaskCompletionSource<Socket> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AssignmentSocket(string path)
    {
        SessionFolder.OpenToAll(_listener, path);
        _listener.Listen(1);
        _ = Accept();
    }

    /// <summary>Completes when the process says that it is warm; never for a program that does not know of assignments.</summary>
    public Task Connected => _connected.Task;

    /// <summary>
    /// Tells the process who it is: at once when it has connected, else when it does. A program that listens for requests before it asks
    /// who it is may be taken for ready, and must not wait for ever then.
    /// </summary>
    public async Task Assign(BackendSpec spec)
    {
        var process = await _connected.Task;

        var line = JsonSerializer.SerializeToUtf8Bytes(new
        {
            backend_id = spec.Id.Value,
            key = spec.Key?.Value,
            fencing_token = spec.Fencing.ToString(),
            environment = new Dictionary<string, string>(),
        });
        try
        {
            await process.SendAsync((byte[])[.. line, (byte)'\n']);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has ended, which is told by its end.
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        if (_connected.Task.IsCompletedSuccessfully) _connected.Task.GetAwaiter().GetResult().Dispose();
    }

    private async Task Accept()
    {
        try
        {
            _connected.TrySetResult(await _listener.AcceptAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed before it came.
        }
    }
}
