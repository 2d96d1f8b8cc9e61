using System.Text;

namespace BrowserTech.SessionBackend;

/// <summary>What a request is answered with: a body that is there, or one that is written as it comes.</summary>
public sealed class BackendResponse
{
    private BackendResponse(int status, string? contentType) => (Status, ContentType) = (status, contentType);

    public int Status { get; }

    public string? ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>Sent as they are. Lengths and connection headers are the server's business.</summary>
    public IList<(string Name, string Value)> Headers { get; } = [];

    /// <summary>Null for a body that is there.</summary>
    internal Func<Stream, CancellationToken, Task>? Writer { get; private init; }

    public static BackendResponse Text(string text, int status = 200) =>
        new(status, "text/plain; charset=utf-8") { Body = Encoding.UTF8.GetBytes(text) };

    /// <param name="json">JSON text, however made.</param>
    /// <param name="status">HTTP status.</param>
    public static BackendResponse Json(string json, int status = 200) =>
        new(status, "application/json") { Body = Encoding.UTF8.GetBytes(json) };

    public static BackendResponse Bytes(ReadOnlyMemory<byte> body, string contentType, int status = 200) => new(status, contentType) { Body = body };

    public static BackendResponse Empty(int status) => new(status, null);

    /// <summary>
    /// A body of unknown length, or without end: server-sent events, a picture as it is rendered. Each write to the stream is sent at
    /// once. The token is cancelled when the client is gone or the process ends, also while nothing is written. A client that hung up is
    /// gone, and so is one that only ended what it sends; one that has sent tens of kilobytes of further requests ahead is noticed by the
    /// next write. The body of the request is read before, if it is wanted.
    /// </summary>
    public static BackendResponse Stream(string contentType, Func<Stream, CancellationToken, Task> write, int status = 200) =>
        new(status, contentType) { Writer = write };

    /// <summary>Adds a header, and is itself, for chaining.</summary>
    /// <exception cref="ArgumentException">A line break would end the header and begin another.</exception>
    public BackendResponse With(string name, string value)
    {
        if (name.AsSpan().IndexOfAny("\r\n:") >= 0 || value.AsSpan().IndexOfAny("\r\n\0") >= 0)
            throw new ArgumentException("A header is one line.", nameof(value));
        Headers.Add((name, value));
        return this;
    }
}
