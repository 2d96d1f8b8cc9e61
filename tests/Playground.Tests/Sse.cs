using System.Net;

namespace BrowserTech.Playground.Tests;

/// <summary>One server-sent event.</summary>
internal sealed record ServerEvent(string? Id, string? Name, string Data);

/// <summary>Reads a stream of events as a browser would, one at a time, each wait bounded.</summary>
internal sealed class Sse : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Sse(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    public static async Task<Sse> Open(HttpClient http, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new Sse(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null when the stream is over.</summary>
    public async Task<ServerEvent?> Next()
    {
        string? id = null, name = null, data = null;
        while (await _reader.ReadLineAsync().Soon() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data is not null) return new ServerEvent(id, name, data);
        }

        return null;
    }

    /// <summary>The next event that fits; the stream must not end before.</summary>
    public async Task<ServerEvent> Until(Func<ServerEvent, bool> fits)
    {
        while (await Next() is { } found)
            if (fits(found))
                return found;
        throw new InvalidOperationException("The stream ended.");
    }

    public async Task<List<ServerEvent>> ToEnd()
    {
        var all = new List<ServerEvent>();
        while (await Next() is { } each) all.Add(each);
        return all;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
