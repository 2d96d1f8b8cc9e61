using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>A whole conversation over a real WebSocket, with a page that is well-behaved, hostile, or slow.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly EventLog Log = new(500_000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-");
    private readonly Tabs _tabs = new();
    private BackendProcess _process = null!;
    private Task<int> _exit = null!;
    private volatile bool _broken;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_page")]
    private static extern ref byte[] PageOf(GridSession session);

    private string SocketPath => Path.Combine(_folder.FullName, "s");

    public async ValueTask InitializeAsync()
    {
        _process = BackendProcess.FromEnvironment(name => name == "SESSION_SOCKET" ? SocketPath : name == "SESSION_BACKEND_ID" ? "be-test" : null);
        _exit = Task.Run(() => new BackendServer(_process)
        {
            OnSocket = (_, socket) => _tabs.HoldAsync(socket, async () =>
            {
                using var session = new GridSession(Log, socket);
                // Room for no row: writing one throws.
                if (_broken) PageOf(session) = [];
                await session.RunAsync(_process.Stopping);
            }),
        }.RunAsync());
        await Listening.WaitAsync(SocketPath, Bound);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Stop();
        await _exit.WaitAsync(Bound);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_says_the_words_first_and_then_the_rows_that_are_wanted()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, ProtocolTests.Want(0, 0, 7));
        var page = await ReceiveAsync(socket);
        Assert.Equal((1, 7u), (page[0], Number(page, 8)));
        Assert.Equal(7u * 256, Number(page, 32));
    }

    [Fact]
    public async Task A_filter_narrows_and_its_rows_come_while_it_still_searches()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, ProtocolTests.Show(1, "storm level>=warn"));
        byte[] count;
        do count = await ReceiveAsync(socket);
        while (count[0] != 2 || count[1] != 1);
        var expected = Enumerable.Range(0, Log.Rows).Count(row => Filter.Parse("storm level>=warn", out _)!.Wants(Log, row));
        Assert.Equal((uint)expected, Number(count, 12));
        Assert.InRange(expected, 1, Log.Rows / 2);
        await SendAsync(socket, ProtocolTests.Want(1, 0, 0));
        var page = await ReceiveAsync(socket);
        Assert.Equal((1, 1u), (page[0], Number(page, 4)));
        Assert.Contains("Storm", Text((int)Number(page, 32)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_filter_ends_the_older_and_only_the_newest_is_ever_complete()
    {
        using var socket = await OpenAsync();
        for (uint view = 1; view <= 200; view++) await SendAsync(socket, ProtocolTests.Show(view, $"{view % 10}"));
        byte[] count;
        do count = await ReceiveAsync(socket);
        while (count[0] != 2 || count[1] != 1 || Number(count, 4) != 200);
        Assert.Equal((uint)Log.Rows, Number(count, 8));
    }

    [Fact]
    public async Task A_filter_that_cannot_be_understood_is_answered_and_the_rows_stay()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, ProtocolTests.Show(1, "duration>long"));
        var wrong = await ReceiveAsync(socket);
        Assert.Equal(6, wrong[0]);
        Assert.Contains("a duration is a number", Encoding.UTF8.GetString(wrong, 8, wrong.Length - 8), StringComparison.Ordinal);
        await SendAsync(socket, ProtocolTests.Want(0, 0, 0));
        Assert.Equal(1, (await ReceiveAsync(socket))[0]);
    }

    [Fact]
    public async Task Copied_rows_are_whole_and_in_order()
    {
        using var socket = await OpenAsync();
        await SendAsync(socket, ProtocolTests.Copy(0, 999, 2000, 2000));
        var (text, last) = (new StringBuilder(), false);
        while (!last)
        {
            var part = await ReceiveAsync(socket);
            Assert.Equal((5, 7u), (part[0], Number(part, 4)));
            text.Append(Encoding.UTF8.GetString(part, 12, part.Length - 12));
            last = part[1] == 1;
        }

        var lines = text.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal([.. Enumerable.Range(1, 1000), 2001], lines.Select(line => int.Parse(line.Split('\t')[0])));
        Assert.All(lines, line => Assert.Equal(8, line.Split('\t').Length));
    }

    [Theory]
    [InlineData(WebSocketMessageType.Text, WebSocketCloseStatus.InvalidMessageType)]
    [InlineData(WebSocketMessageType.Binary, WebSocketCloseStatus.PolicyViolation)]
    public async Task What_is_no_request_ends_the_conversation_with_the_reason(WebSocketMessageType type, WebSocketCloseStatus status)
    {
        using var socket = await OpenAsync();
        await socket.SendAsync("what?"u8.ToArray(), type, true, Token);
        var buffer = new byte[1024];
        var closed = await socket.ReceiveAsync(buffer, Token).WaitAsync(Bound, Token);
        Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus?)status), (closed.MessageType, closed.CloseStatus));
        Assert.NotEqual("", closed.CloseStatusDescription);
    }

    [Fact]
    public async Task A_process_that_fails_while_it_answers_ends_the_conversation_with_the_reason()
    {
        _broken = true;
        using var socket = await OpenAsync();
        await SendAsync(socket, ProtocolTests.Want(0, 0, 7));
        var closed = await socket.ReceiveAsync(new byte[1024], Token).WaitAsync(Bound, Token);
        Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus?)WebSocketCloseStatus.InternalServerError), (closed.MessageType, closed.CloseStatus));
        Assert.Equal("The process failed while answering.", closed.CloseStatusDescription);
    }

    [Fact]
    public async Task A_page_that_asks_and_never_reads_gets_a_window_of_pages_and_costs_no_more()
    {
        using var slow = await OpenAsync();
        for (uint i = 0; i < 3000; i++) await SendAsync(slow, ProtocolTests.Want(0, 0, i, i + 1, i + 2));
        // Another is served meanwhile.
        using var other = await OpenAsync();
        await SendAsync(other, ProtocolTests.Want(0, 0, 3));
        Assert.Equal(1, (await ReceiveAsync(other))[0]);
        await SendAsync(slow, ProtocolTests.Locate(Log.Times.End));
        var pages = 0;
        while ((await ReceiveAsync(slow))[0] == 1) pages++;
        Assert.InRange(pages, 1, Outbox.Window);
    }

    [Fact]
    public async Task A_tab_too_many_is_refused_in_words_and_let_in_when_one_has_gone()
    {
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < Tabs.Most; i++) sockets.Add(await OpenAsync());
        using (var refused = await KnockAsync(SocketPath))
        {
            var closed = await refused.ReceiveAsync(new byte[1024], Token).WaitAsync(Bound, Token);
            Assert.Equal((WebSocketMessageType.Close, (WebSocketCloseStatus?)WebSocketCloseStatus.PolicyViolation), (closed.MessageType, closed.CloseStatus));
            Assert.Equal("8 tabs look at this process already. Close one of them.", closed.CloseStatusDescription);
        }

        // Those that were here before are answered as ever.
        await SendAsync(sockets[0], ProtocolTests.Want(0, 0, 7));
        Assert.Equal(1, (await ReceiveAsync(sockets[0]))[0]);
        await sockets[0].CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token).WaitAsync(Bound, Token);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(Bound);
        while (_tabs.Open >= Tabs.Most)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using (await OpenAsync())
        {
        }

        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_flood_of_filters_leaves_no_memory_behind()
    {
        using var socket = await OpenAsync();
        for (uint view = 1; view <= 2000; view++) await SendAsync(socket, ProtocolTests.Show(view, $"storm {view % 9}"));
        byte[] count;
        do count = await ReceiveAsync(socket);
        while (count[0] != 2 || count[1] != 1 || Number(count, 4) != 2000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 250_000_000);
    }

    private static async Task<ClientWebSocket> KnockAsync(string path)
    {
        var socket = new ClientWebSocket();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await unix.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(unix, ownsSocket: true);
            },
        });
        await socket.ConnectAsync(new Uri("ws://backend/"), client, Token).WaitAsync(Bound);
        return socket;
    }

    private async Task<ClientWebSocket> OpenAsync()
    {
        var socket = await KnockAsync(SocketPath);
        using var words = JsonDocument.Parse(await ReceiveAsync(socket));
        Assert.Equal(Log.Rows, words.RootElement.GetProperty("rows").GetInt32());
        return socket;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task SendAsync(ClientWebSocket socket, byte[] message) => socket.SendAsync(message, WebSocketMessageType.Binary, true, Token).WaitAsync(Bound);

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, Token).WaitAsync(Bound);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return message.ToArray();
        }
    }

    private static uint Number(byte[] message, int at) => BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at));

    private static string Text(int row)
    {
        var message = new char[Template.MaxText];
        return new string(message, 0, Log.Row(row).Message(message));
    }
}
