using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BrowserTech.Demos;
using BrowserTech.Playground.Tests.Backend;

switch (args[0])
{
    case "serve":
        Serve();
        break;
    case "warm":
        Abuse.Assignment = await ReadAssignment();
        Serve();
        break;
    case "talk":
        Console.WriteLine("first words");
        Console.Error.WriteLine("second words");
        Serve();
        break;
    case "crash-at-start":
        Console.Error.WriteLine("no such database: points.duckdb");
        return 3;
    case "never-ready":
        Console.WriteLine("thinking");
        new ManualResetEvent(false).WaitOne();
        break;
    case "ignore-term":
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true)) Serve();
        break;
    case "wait-for-file":
        // Ready only when the test says so: the test makes a file in the backend's folder.
        var gate = Path.Combine(Path.GetDirectoryName(SessionServer.Variable("SESSION_SOCKET"))!, "go");
        while (!File.Exists(gate)) Thread.Sleep(5);
        Serve();
        break;
    case "notify-only":
        SessionServer.SayReady();
        new ManualResetEvent(false).WaitOne();
        break;
    case "deaf":
        // Listens, with little room to wait in, and takes nobody.
        using (var deaf = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            deaf.Bind(new UnixDomainSocketEndPoint(SessionServer.Variable("SESSION_SOCKET")!));
            deaf.Listen(1);
            SessionServer.SayReady();
            new ManualResetEvent(false).WaitOne();
        }

        break;
    case "link-to":
        // In the place of its socket, a way to somebody else's.
        File.CreateSymbolicLink(SessionServer.Variable("SESSION_SOCKET")!, args[1]);
        SessionServer.SayReady();
        new ManualResetEvent(false).WaitOne();
        break;
    case "speak-for-the-origin":
        SpeakForTheOrigin();
        break;
    default:
        Console.Error.WriteLine($"no mode '{args[0]}'");
        return 2;
}

return 0;

// What a program does that can load before it knows for whom.
static async Task<string?> ReadAssignment()
{
    if (SessionServer.Variable("SESSION_ASSIGNMENT_SOCKET") is not { } path) return null;
    using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    await hub.ConnectAsync(new UnixDomainSocketEndPoint(path));
    using var reader = new StreamReader(new NetworkStream(hub));
    if (await reader.ReadLineAsync() is { } line) return line;
    Environment.Exit(0);
    return "";
}

static void Serve() => new SessionServer(Answer, Echo).Run();

// Answers everything with headers by which a page would bind a browser to more than this answer.
static void SpeakForTheOrigin()
{
    using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    listener.Bind(new UnixDomainSocketEndPoint(SessionServer.Variable("SESSION_SOCKET")!));
    listener.Listen();
    while (true)
    {
        using var client = listener.Accept();
        var request = new byte[16 * 1024];
        var length = 0;
        do
        {
            var read = client.Receive(request.AsSpan(length));
            if (read == 0) break;
            length += read;
        }
        while (request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0);
        if (length == 0) continue;
        client.Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\nX-Own: kept\r\n"u8);
        string[] headers =
        [
            "Set-Cookie: a=b", "NEL: {\"report_to\":\"x\",\"max_age\":9}",
            "Report-To: {\"group\":\"x\",\"max_age\":9,\"endpoints\":[{\"url\":\"https://x.example\"}]}",
            "Reporting-Endpoints: x=\"https://x.example\"", "Clear-Site-Data: \"*\"",
            "Strict-Transport-Security: max-age=31536000", "Alt-Svc: h2=\":444\"", "Service-Worker-Allowed: /",
        ];
        client.Send(Encoding.ASCII.GetBytes(string.Join("\r\n", headers) + "\r\n\r\nok"));
    }
}

// Not the collector's, which knows its limit and refuses; written to, because memory nobody touched is not resident.
static unsafe void Fill(int megabytes)
{
    for (var i = 0; i < megabytes; i++) NativeMemory.Fill(NativeMemory.Alloc(1024 * 1024), 1024 * 1024, 1);
    new ManualResetEvent(false).WaitOne();
}

static string Answer(SessionRequest request)
{
    var path = request.Target.Split('?')[0];
    switch (path)
    {
        case "/exit":
            Console.WriteLine("asked to exit with 7");
            Environment.Exit(7);
            return "";
        case "/say":
            // "/say?word=la:3" says "la 1", "la 2" and "la 3".
            var said = request.Target[(request.Target.IndexOf("word=", StringComparison.Ordinal) + 5)..].Split(':');
            for (var i = 1; i <= int.Parse(said[1]); i++) Console.WriteLine($"{said[0]} {i}");
            return "said";
        case "/mumble":
            Console.Write("no end of line");
            Console.Out.Flush();
            return "mumbled";
        case "/network":
            return JsonSerializer.Serialize(Network(int.Parse(request.Target.Split('=')[1])));
        case "/fill":
            Fill(int.Parse(request.Target.Split('=')[1]));
            return "full";
        case "/run":
            return JsonSerializer.Serialize(Abuse.Run(Uri.UnescapeDataString(request.Target.Split('=', 2)[1])));
        case "/forks":
            return JsonSerializer.Serialize(Abuse.Fork(int.Parse(request.Target.Split('=')[1])));
        case "/descriptors":
            return JsonSerializer.Serialize(Abuse.OpenFiles(int.Parse(request.Target.Split('=')[1])));
        case "/calls":
            return JsonSerializer.Serialize(Abuse.Calls());
        case "/unseen":
            return JsonSerializer.Serialize(Abuse.WriteUnseen());
        case "/assignment":
            return Abuse.Assignment ?? "null";
        case "/folders":
            return JsonSerializer.Serialize(Folders());
        case "/environment":
            return JsonSerializer.Serialize(Environment.GetEnvironmentVariables());
        default:
            return JsonSerializer.Serialize(new { pid = Environment.ProcessId, target = request.Target, headers = request.Headers });
    }
}

// Whether the program can reach a port of the machine it runs on, and which network interfaces it has.
static object Network(int port)
{
    string reached;
    try
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", port);
        reached = "yes";
    }
    catch (SocketException error)
    {
        reached = error.SocketErrorCode.ToString();
    }

    return new { reached, interfaces = File.ReadAllLines("/proc/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim()) };
}

// What the program can see and change around itself.
static object Folders() => new
{
    root = Entries("/"),
    run = Entries("/run"),
    session = Entries("/run/session"),
    tmp = Entries("/tmp"),
    processes = Entries("/proc").Count(name => name.All(char.IsAsciiDigit)),
    user = File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)),
    capabilities = File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal)),
    canWriteSystem = CanWrite("/usr/x"),
    canWriteBackend = CanWrite("/backend/x"),
    canWriteTmp = CanWrite("/tmp/x"),
};

static IEnumerable<string> Entries(string folder)
{
    try
    {
        return Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);
    }
    catch (IOException)
    {
        return [];
    }
}

static bool CanWrite(string path)
{
    try
    {
        File.WriteAllText(path, "x");
        return true;
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException)
    {
        return false;
    }
}

static void Echo(SessionRequest request, WebSocket socket)
{
    var buffer = new byte[64 * 1024];
    while (true)
    {
        var received = socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (received.MessageType == WebSocketMessageType.Close)
        {
            socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).GetAwaiter().GetResult();
            return;
        }

        var text = Encoding.UTF8.GetString(buffer, 0, received.Count);
        var reply = text == "headers" ? JsonSerializer.Serialize(request.Headers) : text;
        socket.SendAsync(Encoding.UTF8.GetBytes(reply), WebSocketMessageType.Text, true, CancellationToken.None)
            .GetAwaiter().GetResult();
    }
}
