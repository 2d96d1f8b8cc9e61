using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BrowserTech.SessionBackend;

/// <summary>
/// What the hub and this process say to each other outside of requests: where to listen, who it is, that it is ready, that it shall
/// end. It knows nothing of HTTP, so it serves <see cref="BackendServer"/> and Kestrel alike.
/// <para>
/// A program is started in one of two ways. Started for somebody, it knows who it is from its environment. Started for a pool, it does
/// what it can do beforehand and then waits in <see cref="AssignmentAsync"/>. A program that always waits there is right both
/// times.
/// </para>
/// </summary>
public sealed class BackendProcess : IDisposable
{
    /// <summary>Between SIGTERM and SIGKILL, as the hub promises it.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>Kept back from the grace, so that the process still ends by itself.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    private readonly Func<string, string?> _variable;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _lastCall;
    private readonly TimeProvider _clock;
    private PosixSignalRegistration[]? _signals;
    private readonly string? _assignmentSocket;
    private long _since;

    private BackendProcess(Func<string, string?> variable, TimeProvider clock)
    {
        (_variable, _clock) = (variable, clock);
        _lastCall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        Identity = BackendIdentity.FromEnvironment(variable);
        _assignmentSocket = Identity is null ? variable("SESSION_ASSIGNMENT_SOCKET") : null;
        _since = clock.GetTimestamp();
    }

    /// <summary>Reads the environment. Make one, at the start.</summary>
    /// <param name="variable">The environment; null: the process's own.</param>
    /// <param name="clock">Measures the grace; null: the system's.</param>
    public static BackendProcess FromEnvironment(Func<string, string?>? variable = null, TimeProvider? clock = null) =>
        new(variable ?? Environment.GetEnvironmentVariable, clock ?? TimeProvider.System);

    /// <summary>Whether it was started for a pool and has not been told yet for whom.</summary>
    public bool IsWarm => _assignmentSocket is { Length: > 0 } && Identity is null;

    /// <summary>Null while it waits in a pool, and in a program started by hand.</summary>
    public BackendIdentity? Identity { get; private set; }

    /// <summary>How long it has been somebody's: since it was taken from its pool, or else since it was started.</summary>
    public TimeSpan Uptime => _clock.GetElapsedTime(Volatile.Read(ref _since));

    /// <summary>Cancelled by SIGTERM: save, say goodbye, return. The process is killed <see cref="StopGrace"/> later.</summary>
    public CancellationToken Stopping
    {
        get
        {
            if (_signals is null) Heed();
            return _stopping.Token;
        }
    }

    /// <summary>Cancelled one second before the process is killed: what is not done by now is to be given up in order.</summary>
    public CancellationToken LastCall => _lastCall.Token;

    /// <summary>The Unix socket to listen on; null in a container, where there is <see cref="Port"/>.</summary>
    public string? SocketPath => _variable("SESSION_SOCKET") is { Length: > 0 } path ? path : null;

    /// <summary>The TCP port to listen on where there is no <see cref="SocketPath"/>; null where there is neither.</summary>
    public int? Port => ushort.TryParse(_variable("PORT"), out var port) ? port : null;

    /// <summary>A socket that listens where the hub expects it.</summary>
    /// <exception cref="InvalidOperationException">Nothing says where: the program was not started by a hub.</exception>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public Socket Listen()
    {
        if (SocketPath is { } path)
        {
            // Left by a run by hand that was killed; the hub's own folders are always new.
            File.Delete(path);
            return Bound(AddressFamily.Unix, ProtocolType.Unspecified, new UnixDomainSocketEndPoint(path));
        }

        if (Port is { } port) return Bound(AddressFamily.InterNetwork, ProtocolType.Tcp, new IPEndPoint(IPAddress.Any, port));
        throw new InvalidOperationException(
            "Neither SESSION_SOCKET nor PORT is set. A hub sets one; by hand, try SESSION_SOCKET=/tmp/backend.sock.");
    }

    /// <summary>
    /// Who it is: at once where the environment says it or nobody will, else when the hub takes it from its pool.
    /// What came with the assignment is then in the process environment too.
    /// </summary>
    /// <returns>Whether it is needed. False: return from the program with 0.</returns>
    /// <exception cref="InvalidDataException">The hub sent something that is not an assignment.</exception>
    public async Task<bool> AssignmentAsync()
    {
        if (!IsWarm) return true;
        try
        {
            Identity = await Assignment.ReadAsync(_assignmentSocket!, Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            return false;
        }

        if (Identity is null) return false;
        Volatile.Write(ref _since, _clock.GetTimestamp());
        foreach (var (name, value) in Identity.Environment) Environment.SetEnvironmentVariable(name, value);
        Environment.SetEnvironmentVariable(BackendIdentity.IdVariable, Identity.Id.Value);
        Environment.SetEnvironmentVariable(BackendIdentity.KeyVariable, Identity.Key?.Value);
        Environment.SetEnvironmentVariable(BackendIdentity.FencingVariable, Identity.Fencing?.ToString());
        return true;
    }

    /// <summary>
    /// Tells the hub that requests are answered from now on, by the systemd convention: one datagram. Without a
    /// <c>NOTIFY_SOCKET</c> it does nothing; a hub then finds out by connecting.
    /// </summary>
    public void SayReady()
    {
        if (_variable("NOTIFY_SOCKET") is not { Length: > 0 } path) return;
        // systemd writes the name of an abstract socket with an @.
        if (path[0] == '@') path = "\0" + path[1..];
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo("READY=1"u8, new UnixDomainSocketEndPoint(path));
    }

    /// <summary>As SIGTERM does. For programs that end by themselves.</summary>
    public void Stop()
    {
        if (_stopping.IsCancellationRequested) return;
        _lastCall.CancelAfter(StopGrace - LastMoment);
        _stopping.Cancel();
    }

    public void Dispose()
    {
        foreach (var signal in _signals ?? []) signal.Dispose();
        _stopping.Dispose();
        _lastCall.Dispose();
    }

    /// <summary>
    /// Takes over SIGTERM and SIGINT, when somebody first wants to know of them: it starts a thread, which takes longer than everything else
    /// before the process is ready. Until then a signal ends a program that has nothing to lose.
    /// </summary>
    private void Heed()
    {
        PosixSignalRegistration[] signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];
        if (Interlocked.CompareExchange(ref _signals, signals, null) is null) return;
        foreach (var signal in signals) signal.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Otherwise the runtime would end the process at once.
        context.Cancel = true;
        Stop();
    }

    private static Socket Bound(AddressFamily family, ProtocolType protocol, EndPoint address)
    {
        var socket = new Socket(family, SocketType.Stream, protocol);
        try
        {
            socket.Bind(address);
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
