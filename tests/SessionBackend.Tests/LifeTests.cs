using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace BrowserTech.SessionBackend.Tests;

public sealed class LifeTests
{
    [Fact]
    public void A_program_started_for_somebody_knows_who_it_is()
    {
        using var process = BackendProcess.FromEnvironment(Variables(
            ("SESSION_BACKEND_ID", "be-1"), ("SESSION_BACKEND_KEY", "a key"), ("SESSION_BACKEND_FENCING_TOKEN", "17"),
            ("SESSION_ASSIGNMENT_SOCKET", "/not/used")));
        Assert.False(process.IsWarm);
        Assert.Equal(new BackendId("be-1"), process.Identity!.Id);
        Assert.Equal(new BackendKey("a key"), process.Identity.Key);
        Assert.Equal(new FencingToken(17), process.Identity.Fencing);
        Assert.True(process.Identity.Fencing > new FencingToken(16));
    }

    [Fact]
    public async Task A_program_started_by_hand_is_nobody_and_waits_for_nobody()
    {
        using var process = BackendProcess.FromEnvironment(Variables(("SESSION_BACKEND_KEY", "")));
        Assert.Null(process.Identity);
        Assert.True(await process.AssignmentAsync());
        process.SayReady();
        var error = Assert.Throws<InvalidOperationException>(process.Listen);
        Assert.Contains("SESSION_SOCKET=", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uptime_begins_when_a_process_becomes_somebodys_however_long_it_waited_in_its_pool()
    {
        var clock = new FakeTimeProvider();
        var folder = Directory.CreateTempSubdirectory("sb-");
        var path = Path.Combine(folder.FullName, "assign.sock");
        using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        hub.Bind(new UnixDomainSocketEndPoint(path));
        hub.Listen();
        using var process = BackendProcess.FromEnvironment(Variables(("SESSION_ASSIGNMENT_SOCKET", path)), clock);
        var assigned = process.AssignmentAsync();
        using var warm = await hub.AcceptAsync().WaitAsync(RunningServer.Bound);
        clock.Advance(TimeSpan.FromMinutes(7));
        await warm.SendAsync("""{"backend_id":"be-7","key":null,"fencing_token":"17","environment":{}}"""u8.ToArray());
        await warm.SendAsync("\n"u8.ToArray());
        Assert.True(await assigned.WaitAsync(RunningServer.Bound));
        Assert.Equal(TimeSpan.Zero, process.Uptime);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), process.Uptime);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_warm_program_becomes_who_the_hub_says_and_is_ready_only_then()
    {
        var prepared = false;
        using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var server = await RunningServer.Start(
            process => new BackendServer(process)
            {
                OnWarm = _ =>
                {
                    prepared = true;
                    return Task.CompletedTask;
                },
                OnRequest = _ => new(BackendResponse.Text($"{process.Identity!.Id} {process.Identity.Key} {process.Identity.Fencing}")),
            },
            (variables, folder) => Pool(variables, folder, hub));
        Assert.True(server.Process.IsWarm);
        using var warm = await hub.AcceptAsync().WaitAsync(RunningServer.Bound);
        Assert.True(prepared);
        var line = """{"later":{"x":[1]},"backend_id":"be-7","key":"клю\u0447","fencing_token":"17","environment":{"SB_TEST_REGION":"eu"}}""" + "\nmore";
        foreach (var part in Encoding.UTF8.GetBytes(line).Chunk(7)) await warm.SendAsync(part);
        await server.Ready();
        using var http = server.NewClient();
        Assert.Equal("be-7 ключ 17", await http.GetStringAsync("/"));
        Assert.Equal("eu", Environment.GetEnvironmentVariable("SB_TEST_REGION"));
        Assert.Equal("eu", server.Process.Identity!.Environment["SB_TEST_REGION"]);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task Without_descriptors_it_waits_a_moment_before_it_accepts_again(SocketError error)
    {
        var clock = new PauseClock(BackendServer.AcceptPause);
        var tries = 0;
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Clock = clock,
            Limits = new BackendLimits { MaxConnections = 1 },
            OnRequest = _ => new(BackendResponse.Text("here")),
            Accept = (listener, cancel) => ++tries <= 3 ? throw new SocketException((int)error) : listener.AcceptAsync(cancel),
        });
        var answer = server.Exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        for (var pause = 1; pause <= 3; pause++)
        {
            Assert.True(await clock.Paused.WaitAsync(RunningServer.Bound));
            Assert.Equal(pause, tries);
            clock.Advance(BackendServer.AcceptPause);
        }

        Assert.EndsWith("here", await answer, StringComparison.Ordinal);
    }

    /// <summary>Tells when somebody begins to wait for that long.</summary>
    private sealed class PauseClock(TimeSpan pause) : FakeTimeProvider
    {
        public SemaphoreSlim Paused { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == pause) Paused.Release();
            return timer;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"backend_id\":\"be-1\"")] // cut in the middle: not an assignment
    public async Task A_warm_program_that_is_not_needed_ends_with_0(string before)
    {
        using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var server = await RunningServer.Start(process => new BackendServer(process), (variables, folder) => Pool(variables, folder, hub));
        using (var warm = await hub.AcceptAsync().WaitAsync(RunningServer.Bound)) await warm.SendAsync(Encoding.UTF8.GetBytes(before));
        Assert.Equal(0, await server.Exit.WaitAsync(RunningServer.Bound));
    }

    [Fact]
    public async Task A_warm_program_told_to_end_ends_with_0()
    {
        using var hub = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await using var server = await RunningServer.Start(process => new BackendServer(process), (variables, folder) => Pool(variables, folder, hub));
        using var warm = await hub.AcceptAsync().WaitAsync(RunningServer.Bound);
        server.Process.Stop();
        Assert.Equal(0, await server.Exit.WaitAsync(RunningServer.Bound));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"backend_id\":7")]
    [InlineData("{\"backend_id\":null}")]
    [InlineData("{\"backend_id\":\"be-1\",\"environment\":7}")]
    [InlineData("\"be-1\"")]
    public void A_line_that_is_not_an_assignment_is_refused(string line) =>
        Assert.Throws<InvalidDataException>(() => Assignment.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void An_assignment_without_a_key_has_none()
    {
        var identity = Assignment.Parse("""{"backend_id":"be-1","key":null,"fencing_token":17}"""u8);
        Assert.Null(identity.Key);
        Assert.Equal(17, identity.Fencing!.Value.Value);
        Assert.Empty(identity.Environment);
    }

    [Fact]
    public void The_last_call_comes_a_second_before_the_hub_kills()
    {
        var clock = new FakeTimeProvider();
        using var process = BackendProcess.FromEnvironment(Variables(), clock);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(process.LastCall.IsCancellationRequested);
        process.Stop();
        Assert.True(process.Stopping.IsCancellationRequested);
        clock.Advance(BackendProcess.StopGrace - TimeSpan.FromSeconds(1.001));
        Assert.False(process.LastCall.IsCancellationRequested);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(process.LastCall.IsCancellationRequested);
    }

    [Fact]
    public async Task What_is_being_answered_when_the_end_comes_is_answered_and_an_idle_connection_closed()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = async _ =>
            {
                asked.SetResult();
                await go.Task;
                return BackendResponse.Text("still here");
            },
        });
        await using var idle = await server.Connect();
        var answer = server.Exchange("GET / HTTP/1.1\r\n\r\n");
        await asked.Task.WaitAsync(RunningServer.Bound);
        server.Process.Stop();
        Assert.Equal(0, await idle.ReadAsync(new byte[1]).AsTask().WaitAsync(RunningServer.Bound));
        Assert.False(server.Exit.IsCompleted);
        go.SetResult();
        Assert.EndsWith("still here", await answer, StringComparison.Ordinal);
        Assert.Equal(0, await server.Exit.WaitAsync(RunningServer.Bound));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_handshake_closes_the_socket_and_waits_for_nothing_else()
    {
        var clock = new FakeTimeProvider();
        var talked = false;
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Subprotocols = new StopsWhenAsked(process),
            Clock = clock,
            OnSocket = (_, _) =>
            {
                talked = true;
                return Task.CompletedTask;
            },
        });
        using var socket = await server.Open();
        Assert.Equal("1001 stopping", await socket.Hear());
        await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        socket.Dispose();
        // Long before the last call, which would give up what is still open.
        Assert.Equal(0, await server.Exit.WaitAsync(BackendProcess.StopGrace / 2));
        Assert.False(talked);
    }

    /// <summary>Looked at between the two halves of a handshake.</summary>
    private sealed class StopsWhenAsked(BackendProcess process) : List<string>, IReadOnlyList<string>
    {
        int IReadOnlyCollection<string>.Count
        {
            get
            {
                process.Stop();
                return 0;
            }
        }
    }

    [Fact]
    public async Task SIGTERM_closes_sockets_with_1001_and_the_process_ends_with_0()
    {
        var demo = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "demos-debug", "session-backend", "backend"));
        var folder = Directory.CreateTempSubdirectory("sb-");
        using var notifications = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notifications.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "n")));
        var start = new ProcessStartInfo(demo) { UseShellExecute = false };
        start.Environment["SESSION_SOCKET"] = Path.Combine(folder.FullName, "s");
        start.Environment["NOTIFY_SOCKET"] = Path.Combine(folder.FullName, "n");
        start.Environment["SESSION_BACKEND_ID"] = "be-signal";
        using var process = Process.Start(start)!;
        try
        {
            await notifications.ReceiveAsync(new byte[64]).WaitAsync(RunningServer.Bound);
            using var socket = new System.Net.WebSockets.ClientWebSocket();
            using var client = new HttpMessageInvoker(new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancel) =>
                {
                    var way = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await way.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "s")), cancel);
                    return new NetworkStream(way, ownsSocket: true);
                },
            });
            await socket.ConnectAsync(new Uri("ws://backend/"), client, CancellationToken.None).WaitAsync(RunningServer.Bound);
            Assert.Contains("be-signal", await socket.Hear(), StringComparison.Ordinal);
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            string heard;
            do heard = await socket.Hear();
            while (heard.StartsWith('{'));
            Assert.Equal("1001 stopping", heard);
            await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            await process.WaitForExitAsync().WaitAsync(RunningServer.Bound);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Verified_headers_become_a_caller()
    {
        var headers = new Dictionary<string, string>
        {
            ["X-Verified-Backend"] = "be-1", ["X-Verified-Key"] = "a%20%D0%BA%2Fb", ["X-Verified-Fencing-Token"] = "9", ["X-Verified-Path"] = "/x",
            ["X-Verified-Secret"] = "s", ["X-Verified-Username"] = "ada", ["X-Verified-User-Data"] = "{\"a\":1}",
        };
        var caller = VerifiedCaller.From(headers.GetValueOrDefault);
        Assert.Equal(
            new VerifiedCaller(new BackendId("be-1"), new BackendKey("a к/b"), new FencingToken(9), "/x", "s", "ada", "{\"a\":1}"), caller);
        Assert.Equal(new VerifiedCaller(null, null, null, null, null, null, null), VerifiedCaller.From(_ => ""));
    }

    private static void Pool(Dictionary<string, string?> variables, string folder, Socket hub)
    {
        var path = Path.Combine(folder, "a");
        hub.Bind(new UnixDomainSocketEndPoint(path));
        hub.Listen();
        variables.Remove("SESSION_BACKEND_ID");
        variables["SESSION_ASSIGNMENT_SOCKET"] = path;
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(each => each.Name == name).Value;
}
