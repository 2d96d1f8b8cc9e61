using System.Net.Sockets;
using System.Text;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// The folder a backend and the hub share: the backend's HTTP socket is in it, and the hub's notification socket. It tells when
/// the backend is ready, by being told: either a datagram with <c>READY=1</c> arrives (the systemd convention), or the HTTP socket
/// appears and accepts. Made before the process is started, so that nothing can happen unseen.
/// <para>
/// It is the one place outside its sandbox a backend can write to, and it is for sockets. A backend that makes a folder in it, writes to a
/// file or fills it with names is told of at once (<see cref="Trespassed"/>), so that no backend fills the machine's disk.
/// And what it puts there is never followed: a symbolic link in the place of the socket would lead the hub, with the
/// hub's rights, to any socket of the machine.
/// </para>
/// </summary>
internal sealed class SessionFolder : IDisposable
{
    /// <summary>More than sockets and the odd lock file need; the kernel keeps each in memory.</summary>
    private const int MaxNames = 64;

    private const int NotesPerTurn = 16;

    private const string WroteFile = "It wrote to a file in the folder of its socket.";
    private const string MadeFolder = "It made a folder in the folder of its socket.";
    private const string FilledWithNames = "It filled the folder of its socket with names.";

    private readonly Socket _notifications;
    private readonly IDisposable _watch;
    private readonly TaskCompletionSource _appeared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _trespassed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _socket;
    private int _names;

    /// <param name="folder">It exists and is empty.</param>
    /// <param name="watch">Tells of what happens in it.</param>
    /// <param name="assigned">False for a process that is kept warm: there is a socket more, for its assignment.</param>
    public SessionFolder(string folder, ProcessWatch watch, bool assigned)
    {
        _socket = Path.Combine(folder, Confinement.SocketName);
        if (!assigned) Assignment = new AssignmentSocket(Path.Combine(folder, Confinement.AssignmentName));
        _notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            OpenToAll(_notifications, Path.Combine(folder, Confinement.NotifyName));
            _watch = watch.ChangesIn(folder, Changed);
        }
        catch
        {
            _notifications.Dispose();
            Assignment?.Dispose();
            throw;
        }
    }

    /// <summary>Where a process that is kept warm is told who it is; null for one that knows from the start.</summary>
    public AssignmentSocket? Assignment { get; }

    /// <summary>Completes, with what it did, when the backend uses the folder for anything but sockets.</summary>
    public Task<string> Trespassed => _trespassed.Task;

    public async Task WaitUntilReady(CancellationToken cancel)
    {
        using var other = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var told = Told(other.Token);
        var accepted = Accepted(other.Token);
        var first = await Task.WhenAny(told, accepted);
        await other.CancelAsync();
        await first;
    }

    /// <summary>One connection to the backend.</summary>
    /// <exception cref="SocketException">It does not accept, or there is no socket.</exception>
    public async ValueTask<Socket> Connect(CancellationToken cancel)
    {
        // The name is opened without following it; connecting through the descriptor then reaches that very file and no other,
        // and fails when it is not a socket.
        var fd = Libc.Open(_socket, Libc.PathOnly | Libc.NoFollow | Libc.CloseOnExec);
        if (fd < 0)
        {
            throw new SocketException((int)(System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is Libc.TooManyFiles or Libc.TooManyFilesOfAll
                ? SocketError.TooManyOpenSockets : SocketError.ConnectionRefused));
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/proc/self/fd/{fd}"), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        _notifications.Dispose();
        Assignment?.Dispose();
    }

    /// <summary>The backend may be another user; the folder above is closed to everybody else.</summary>
    internal static void OpenToAll(Socket socket, string path)
    {
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
    }

    private void Changed(string name, FolderChange change)
    {
        if (change == FolderChange.Missed)
        {
            _ = Task.Run(LookAround);
            return;
        }

        if (change == FolderChange.Appeared && name == Confinement.SocketName) _appeared.TrySetResult();
        if (change == FolderChange.Written) _trespassed.TrySetResult(WroteFile);
        else if (change == FolderChange.FolderAppeared) _trespassed.TrySetResult(MadeFolder);
        else if (++_names > MaxNames) _trespassed.TrySetResult(FilledWithNames);
    }

    private void LookAround()
    {
        try
        {
            var names = 0;
            foreach (var entry in new DirectoryInfo(Path.GetDirectoryName(_socket)!).EnumerateFileSystemInfos())
            {
                if (entry.Name == Confinement.SocketName) _appeared.TrySetResult();
                if (entry.LinkTarget is null && entry is DirectoryInfo) _trespassed.TrySetResult(MadeFolder);
                else if (entry.LinkTarget is null && entry is FileInfo { Length: > 0 }) _trespassed.TrySetResult(WroteFile);
                if (++names <= MaxNames) continue;
                _trespassed.TrySetResult(FilledWithNames);
                break;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone, and with it the backend.
        }
    }

    private async Task Told(CancellationToken cancel)
    {
        var buffer = new byte[1024];
        for (var turn = 1;; turn++)
        {
            // A program that has much to say before it is ready waits, and not the hub.
            if (turn % NotesPerTurn == 0) await Task.Delay(PlaygroundTimes.OutputPause, cancel);
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
