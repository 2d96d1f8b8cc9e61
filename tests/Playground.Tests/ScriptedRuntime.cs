using System.Net.Sockets;
using System.Text;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Playground.Tests;

/// <summary>Runs backends inside the test, so that a test says byte by byte what a backend does. Each connection is one call of the script.</summary>
public sealed class ScriptedRuntime(Func<ScriptedConnection, Task> script) : IBackendRuntime
{
    /// <summary>Backends are ready when this completes: at once, unless a test takes hold of it.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>Whether a backend ends when it is asked to.</summary>
    public bool Polite { get; set; } = true;

    public Task<IBackendInstance> Prepare(BackendSpec spec, CancellationToken cancel) => Task.FromResult<IBackendInstance>(new Instance(this, script));

    private sealed class Instance(ScriptedRuntime runtime, Func<ScriptedConnection, Task> script) : IBackendInstance
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bt-scripted-");
        private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Socket> _open = [];

        private UnixDomainSocketEndPoint Address => new(Path.Combine(_folder.FullName, "s"));

        public Task<ProcessExit> Exited => _exited.Task;

        public Task<string> Trespassed { get; } = new TaskCompletionSource<string>().Task;

        public bool MemoryIsCounted => true;

        public string InForce => "nothing: it runs in the test";

        public Task Spawn()
        {
            _listener.Bind(Address);
            _listener.Listen(16);
            _ = Accept();
            return Task.CompletedTask;
        }

        public Task WaitUntilReady(CancellationToken cancel) => runtime.Ready.WaitAsync(cancel);

        public void Terminate()
        {
            if (runtime.Polite) End(new ProcessExit(0, null));
        }

        public void Kill() => End(new ProcessExit(137, 9));

        public async ValueTask<Stream> Connect(CancellationToken cancel)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(Address, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }

        public ProcessFigures? Figures() => null;

        public OutputRing Output { get; } = new();

        public ValueTask DisposeAsync()
        {
            Kill();
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        private void End(ProcessExit exit)
        {
            _listener.Dispose();
            lock (_open) _open.ForEach(socket => socket.Dispose());
            _exited.TrySetResult(exit);
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptAsync();
                    lock (_open) _open.Add(socket);
                    _ = Run(socket);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Ended.
            }
        }

        private async Task Run(Socket socket)
        {
            try
            {
                using var stream = new NetworkStream(socket, ownsSocket: true);
                await script(new ScriptedConnection(stream, runtime));
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // The hub closed it.
            }
        }
    }
}

/// <summary>A backend's side of one connection.</summary>
public sealed class ScriptedConnection(Stream stream, ScriptedRuntime runtime)
{

    public ScriptedRuntime Runtime { get; } = runtime;

    public Stream Stream { get; } = stream;

    /// <summary>The next request's head, without its empty line; null when the hub closed.</summary>
    public async Task<string?> Head()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await Byte() is not { } next) return null;
            head.Append((char)next);
        }

        return head.ToString()[..^4];
    }

    public async Task<byte[]> Bytes(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    public Task Say(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public Task Answer(string body, string headers = "") =>
        Say($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <summary>Answers an upgrade; what follows is frames.</summary>
    public async Task<string> Upgrade(string headers = "")
    {
        var head = (await Head())!;
        var key = head.Split("\r\n").First(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(": ")[1];
        await Accept(key, headers);
        return head;
    }

    public Task Accept(string key, string headers = "")
    {
#pragma warning disable CA5350 // the protocol fixes SHA-1
        var accept = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        return Say($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{headers}\r\n");
    }

    private async Task<byte?> Byte()
    {
        var one = new byte[1];
        return await Stream.ReadAsync(one) == 0 ? null : one[0];
    }
}
