namespace BrowserTech.Playground;

/// <summary>
/// Every time constant of session backends, each with its reason. Their order is part of the design and is asserted by a
/// test: a limit that is longer than the one that contains it never fires.
/// </summary>
public static class PlaygroundTimes
{
    /// <summary>After a hub said SIGKILL to backends at its own stop, how long it waits to see them gone.</summary>
    public static readonly TimeSpan KillWait = TimeSpan.FromSeconds(2);

    /// <summary>What backends get after SIGTERM when the hub stops: a person is waiting at a terminal.</summary>
    public static readonly TimeSpan HubStopGrace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a backend outlives its last connection where its service says nothing: a reload takes one to two
    /// seconds, a phone that changes networks about four.
    /// </summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);

    /// <summary>Between SIGTERM and SIGKILL. Promised to authors of backends in the design.</summary>
    public static readonly TimeSpan TermGrace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the grain lets a caller wait for a change, and so how often a silent event stream shows that it lives:
    /// below the 30 seconds Orleans gives an answer, and the 30 to 60 after which proxies cut.
    /// </summary>
    public static readonly TimeSpan ChangeWait = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A token that has not been used for this long is not waited for any more: long enough for a page on a slow phone,
    /// short enough that a script that only calls connect holds little.
    /// </summary>
    public static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(25);

    /// <summary>
    /// A program that has ended may have left its output open in a child of its own: how long its last words are waited for
    /// before the end is told without them.
    /// </summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a backend that writes much is not listened to after each 64 kB: at most six megabytes a second are read.</summary>
    public static readonly TimeSpan OutputPause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Between two looks at how much memory a backend uses, where the kernel does not count it: a program fills about a gigabyte in this time, and a hundred
    /// looks take a few milliseconds.
    /// </summary>
    public static readonly TimeSpan MemoryLook = TimeSpan.FromSeconds(1);

    /// <summary>How soon after a backend's last connection it is looked at when it has to end. A shorter limit of the backend makes it sooner.</summary>
    public static readonly TimeSpan UseLook = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks whether an idle end that was announced is averted: a person waits for the warning to go away.</summary>
    public static readonly TimeSpan AvertedLook = TimeSpan.FromSeconds(1);

    /// <summary>Between two measurements a metrics stream sends: often enough to see a peak, seldom enough to cost nothing.</summary>
    public static readonly TimeSpan MetricsPeriod = TimeSpan.FromSeconds(2);

    /// <summary>How long before a limit strikes those who watch are told: time to save one's work.</summary>
    public static readonly TimeSpan EndAnnounced = TimeSpan.FromMinutes(1);

    /// <summary>From accepted to ready. A start that takes longer has failed; one that fails earlier is told at once.</summary>
    public static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    /// <summary>A request is held at most this long for its backend: until the start has failed, and a little more.</summary>
    public static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(35);

    /// <summary>A plain request to a backend may be silent this long before it is given up (504).</summary>
    public static readonly TimeSpan RequestSilence = TimeSpan.FromSeconds(100);

    /// <summary>A connection to a backend that no request needed for this long is closed: shorter than servers commonly wait (60 s and more).</summary>
    public static readonly TimeSpan LinkIdle = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at the connections to a backend: how much later than promised a silent or idle one may be ended.</summary>
    public static readonly TimeSpan LinkLook = TimeSpan.FromSeconds(5);

    /// <summary>How long a new connection waits for room in a backend's queue before its request is refused (503).</summary>
    public static readonly TimeSpan ConnectBusy = TimeSpan.FromSeconds(1);

    /// <summary>The lifetime limit where a service says nothing.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(30);

    /// <summary>No service may ask for more: a playground is not a hosting service.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(12);

    /// <summary>
    /// A client connection silent for this long is probed by TCP, then every <see cref="PeerProbeInterval"/>, and dropped
    /// after <see cref="PeerProbes"/> probes without an answer: a lost phone does not hold a process. On a WebSocket the hub
    /// sends a ping as well: TCP knows only that the machine is there, and nothing at all of what is behind another proxy.
    /// </summary>
    public static readonly TimeSpan PeerSilence = TimeSpan.FromSeconds(15);

    /// <summary>
    /// What a client has to answer a ping, or to send anything at all, before its WebSocket is dropped. Longer than a phone needs to
    /// change networks.
    /// </summary>
    public static readonly TimeSpan PeerAnswer = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When a WebSocket is cut in the middle of a frame or while its client reads nothing, how long it may take to come to where a
    /// close frame can be said. A revoke must not wait for who was revoked.
    /// </summary>
    public static readonly TimeSpan CutWait = TimeSpan.FromSeconds(1);

    /// <summary>After a close frame, how long the client has to answer it before the connection is closed under it.</summary>
    public static readonly TimeSpan CloseAnswer = TimeSpan.FromSeconds(2);

    /// <summary>When a backend's side of a WebSocket ends without a word, how long its process may take to be seen as gone too.</summary>
    public static readonly TimeSpan EndNotice = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan PeerProbeInterval = TimeSpan.FromSeconds(5);

    public const int PeerProbes = 3;

    /// <summary>How long after a warm process was handed out its pool is left as it is: several times what its new owner needs to reach it.</summary>
    public static readonly TimeSpan PoolCalm = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a pool that is asked all the time waits for such a moment at most.</summary>
    public static readonly TimeSpan PoolPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>How long at most, for each process, filling waits while cold starts are under way.</summary>
    public static readonly TimeSpan PoolYield = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks whether the services, and so what is kept warm, have changed.</summary>
    public static readonly TimeSpan PoolLook = TimeSpan.FromSeconds(5);

    /// <summary>After a process that should be kept warm failed to start; doubles with each failure up to the last.</summary>
    public static readonly TimeSpan FirstPoolPause = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LastPoolPause = TimeSpan.FromMinutes(5);

    /// <summary>When there is no descriptor or memory for a client's connection: it waits in the kernel's queue meanwhile.</summary>
    public static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    /// <summary>First pause between "the socket file is there" and another try to connect; doubles up to the last.</summary>
    public static readonly TimeSpan FirstConnectPause = TimeSpan.FromMilliseconds(1);

    public static readonly TimeSpan LastConnectPause = TimeSpan.FromMilliseconds(16);
}
