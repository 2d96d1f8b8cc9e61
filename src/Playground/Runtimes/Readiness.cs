using System.Net.Sockets;
using System.Text;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// Tells when a backend is ready, by being told: either a datagram with <c>READY=1</c> arrives on its notification
/// socket (the systemd convention), or its HTTP socket appears in its folder and accepts. Made before the process is
/// started, so that nothing can happen unseen.
/// </summary>
internal sealed class Readiness : IDisposable
{
    private readonly Socket _notifications;
    private readonly IDisposable _watch;
    private readonly TaskCompletionSource _appeared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _socket;

    public Readiness(string folder, ProcessWatch watch)
    {
        _socket = Path.Combine(folder, Confinement.SocketName);
        var notify = Path.Combine(folder, Confinement.NotifyName);
        _notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _notifications.Bind(new UnixDomainSocketEndPoint(notify));
        // The backend may be another user; the folder above is closed to everybody else.
        File.SetUnixFileMode(notify, (UnixFileMode)0b110_110_110);
        _watch = watch.FilesIn(folder, name =>
        {
            if (name == Confinement.SocketName) _appeared.TrySetResult();
        });
    }

    public async Task Wait(CancellationToken cancel)
    {
        using var other = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var told = Told(other.Token);
        var accepted = Accepted(other.Token);
        var first = await Task.WhenAny(told, accepted);
        await other.CancelAsync();
        await first;
    }

    /// <summary>One connection to the backend.</summary>
    public async ValueTask<Socket> Connect(CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _notifications.Dispose();
    }

    private async Task Told(CancellationToken cancel)
    {
        var buffer = new byte[1024];
        while (true)
        {
            var length = await _notifications.ReceiveAsync(buffer, cancel);
            if (Encoding.UTF8.GetString(buffer, 0, length).Split('\n').Contains("READY=1")) return;
        }
    }

    /// <summary>
    /// The file appears when the program binds; it accepts when the program listens, which is the next thing programs do
    /// but not the same instant, and the kernel tells nobody. Hence a few quick tries, and only here.
    /// </summary>
    private async Task Accepted(CancellationToken cancel)
    {
        await _appeared.Task.WaitAsync(cancel);
        for (var pause = PlaygroundTimes.FirstConnectPause;; pause = Min(pause * 2, PlaygroundTimes.LastConnectPause))
        {
            try
            {
                (await Connect(cancel)).Dispose();
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(pause, cancel);
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
