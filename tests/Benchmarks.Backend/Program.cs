using BrowserTech.Benchmarks.Backend;

// A session backend on one thread: binds, says that it is ready, answers GET and echoes WebSockets. Where the hub keeps it
// in a warm pool it binds, waits for its assignment, and says only then that it is ready.
unsafe
{
    var socket = Environment.GetEnvironmentVariable("SESSION_SOCKET");
    if (socket is null)
    {
        fixed (byte* said = "SESSION_SOCKET is not set.\n"u8) _ = Libc.Write(2, said, 27);
        return 2;
    }

    var listener = Libc.Socket(Libc.Unix, Libc.Stream | Libc.CloseOnExec, 0);
    Libc.Bind(listener, socket);
    _ = Libc.Listen(listener, 512);
    if (Environment.GetEnvironmentVariable("SESSION_ASSIGNMENT_SOCKET") is { Length: > 0 } assignment && !Assigned(assignment)) return 0;
    if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } notify) SayReady(notify);

    var epoll = Libc.EpollCreate(Libc.CloseOnExec);
    Watch(epoll, listener);
    var connections = new Connection?[64];
    var events = stackalloc byte[64 * EpollEvent.Size];
    while (true)
    {
        var count = Libc.EpollWait(epoll, (EpollEvent*)events, 64, -1);
        for (var i = 0; i < count; i++)
        {
            var descriptor = ((EpollEvent*)(events + (i * EpollEvent.Size)))->Descriptor;
            if (descriptor == listener)
            {
                var accepted = Libc.Accept(listener, null, null, Libc.CloseOnExec);
                if (accepted < 0) continue;
                if (accepted >= connections.Length) Array.Resize(ref connections, accepted * 2);
                connections[accepted] = new Connection(accepted);
                Watch(epoll, accepted);
            }
            else if (!connections[descriptor]!.Serve())
            {
                connections[descriptor] = null;
                _ = Libc.Close(descriptor);
            }
        }
    }
}

static unsafe void Watch(int epoll, int descriptor)
{
    var what = EpollEvent.Reading(descriptor);
    _ = Libc.EpollControl(epoll, Libc.EpollAdd, descriptor, &what);
}

static unsafe void SayReady(string path)
{
    var notify = Libc.Socket(Libc.Unix, Libc.Datagram | Libc.CloseOnExec, 0);
    Libc.Connect(notify, path);
    fixed (byte* ready = "READY=1"u8) _ = Libc.Send(notify, ready, 7, Libc.NoSignal);
    _ = Libc.Close(notify);
}

// True when the line came; the end of the stream instead means that it is not needed.
static unsafe bool Assigned(string path)
{
    var hub = Libc.Socket(Libc.Unix, Libc.Stream | Libc.CloseOnExec, 0);
    Libc.Connect(hub, path);
    var buffer = stackalloc byte[4096];
    nint read;
    while ((read = Libc.Receive(hub, buffer, 4096, 0)) > 0 && buffer[read - 1] != (byte)'\n')
    {
        // The rest of the line is on its way; what it says is not needed here.
    }

    _ = Libc.Close(hub);
    return read > 0;
}
