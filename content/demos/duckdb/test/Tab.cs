using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Demos.DuckDb;

/// <summary>One end of a conversation, as a tab has it, without the page.</summary>
internal sealed class Tab : IDisposable
{
    /// <summary>Pairs of trips: never done, and needs no memory.</summary>
    public const string Endless = "SELECT count(*) FROM trips a JOIN trips b ON a.metres + b.metres < a.seconds::INT * b.seconds % 977";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = new byte[1 << 20];

    private Tab(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    /// <summary>Of a process of its own, or of the one that has the key, through the hub.</summary>
    public static async Task<Tab> OpenAsync(BrowserHub hub, string? key = null)
    {
        using var content = new StringContent(key is null ? "{}" : JsonSerializer.Serialize(new { key }), Encoding.UTF8, "application/json");
        using var answer = await hub.Hub.Http.PostAsync("/v2/service/browsertech/duckdb/connect", content, Stop());
        var text = await answer.Content.ReadAsStringAsync(Stop());
        Assert.True(answer.IsSuccessStatusCode, text);
        var path = new Uri(JsonSerializer.Deserialize<JsonElement>(text).GetProperty("path_url").GetString()!).AbsolutePath;
        var tab = new Tab(new ClientWebSocket());
        await tab.Socket.ConnectAsync(new Uri($"ws://127.0.0.1:{hub.Hub.Port}{path}"), Stop());
        Assert.Equal("hello", (await tab.NextAsync()).GetProperty("type").GetString());
        return tab;
    }

    /// <summary>Of a process that listens on a file; it has said nothing yet.</summary>
    public static async Task<Tab> OpenAsync(string path)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await unix.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(unix, ownsSocket: true);
            },
        });
        var tab = new Tab(new ClientWebSocket());
        await tab.Socket.ConnectAsync(new Uri("ws://backend/"), client, Stop());
        return tab;
    }

    public Task AskAsync(int id, string sql) => SendAsync(JsonSerializer.Serialize(new { type = "query", id, sql, parts = 1 }));

    public Task CancelAsync(int id) => SendAsync($"{{\"type\":\"cancel\",\"id\":{id}}}");

    public Task SendAsync(string message) => Socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Stop());

    /// <summary>Asks something that is quickly answered, and has the answer.</summary>
    public async Task AnswersAsync()
    {
        await AskAsync(99, "SELECT count(*) FROM trips");
        IsAnswer(await EndAsync());
    }

    public static void IsAnswer(JsonElement ended) =>
        Assert.Equal(("done", 99, 1), (ended.GetProperty("type").GetString(), ended.GetProperty("id").GetInt32(), ended.GetProperty("rows").GetInt32()));

    /// <summary>How a query failed, and which.</summary>
    public static (string? Failure, int Id) Of(JsonElement ended) => (ended.GetProperty("failure").GetString(), ended.GetProperty("id").GetInt32());

    public async Task<JsonElement> EndAsync(TimeSpan? limit = null)
    {
        while (true)
        {
            var said = await NextAsync(limit);
            if (said.GetProperty("type").GetString() is "done" or "failed") return said;
        }
    }

    /// <summary>The next that is said in words; pieces of answers are left out.</summary>
    public async Task<JsonElement> NextAsync(TimeSpan? limit = null)
    {
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await Socket.ReceiveAsync(_buffer.AsMemory(length), Stop(limit));
                Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Text) return JsonSerializer.Deserialize<JsonElement>(_buffer.AsSpan(0, length));
        }
    }

    /// <summary>The next, which is of this type.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        var said = await NextAsync();
        Assert.Equal(type, said.GetProperty("type").GetString());
        return said;
    }

    public static CancellationToken Stop(TimeSpan? limit = null)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(limit ?? Limit);
        return stop.Token;
    }

    public void Dispose() => Socket.Dispose();
}
