using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Server-sent events. Nothing is queued here: an event is written, and the next one made, when the connection has taken the one
/// before, so a slow reader costs one buffer. One that takes next to nothing is cut by the server's least rate.
/// </summary>
internal sealed class EventStream
{
    private readonly HttpContext _context;

    private EventStream(HttpContext context) => _context = context;

    private CancellationToken Gone => _context.RequestAborted;

    public static EventStream Open(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // Proxies that gather answers would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return new EventStream(context);
    }

    /// <summary>Proxies see that the stream lives, clients see nothing.</summary>
    public async Task KeepAlive()
    {
        await _context.Response.WriteAsync(":\n\n", Gone);
        await Flush();
    }

    /// <param name="data">One line.</param>
    /// <param name="id">What a client sends as <c>Last-Event-ID</c> when it comes back; null leaves it as it was.</param>
    /// <param name="name">Null for an ordinary message.</param>
    public async Task Write(string data, string? id = null, string? name = null)
    {
        var head = (id is null ? "" : $"id: {id}\n") + (name is null ? "" : $"event: {name}\n");
        await _context.Response.WriteAsync($"{head}data: {data}\n\n", Gone);
    }

    public Task Write<T>(T data, string? id = null, string? name = null) => Write(JsonSerializer.Serialize(data, ApiJson.Options), id, name);

    public Task Flush() => _context.Response.Body.FlushAsync(Gone);
}
