using System.Net.Sockets;
using System.Text.Json;

namespace BrowserTech.SessionBackend;

/// <summary>
/// The warm start: a pooled program connects to the hub, which says by one line of JSON who it is from now on, or by closing that it
/// is not needed. Reading is apart from parsing, so that every line a hub might send can be tried without a socket.
/// </summary>
internal static class Assignment
{
    /// <summary>More than an identity and an environment need.</summary>
    internal const int MaxLine = 256 * 1024;

    /// <returns>Null when the hub closed without a line: the program is not needed.</returns>
    /// <exception cref="InvalidDataException">The line is not an assignment.</exception>
    public static async Task<BackendIdentity?> ReadAsync(string path, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
        var line = new byte[4096];
        var length = 0;
        while (true)
        {
            int read;
            try
            {
                read = await socket.ReceiveAsync(line.AsMemory(length), SocketFlags.None, cancel).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The hub is gone: so is the reason to be here.
                return null;
            }

            if (read == 0) return null;
            var end = line.AsSpan(length, read).IndexOf((byte)'\n');
            if (end >= 0) return Parse(line.AsSpan(0, length + end));
            length += read;
            if (length == MaxLine) throw new InvalidDataException($"The assignment is longer than {MaxLine} bytes.");
            if (length == line.Length) Array.Resize(ref line, Math.Min(line.Length * 2, MaxLine));
        }
    }

    /// <summary>Unknown members are skipped: a later hub may say more.</summary>
    /// <exception cref="InvalidDataException">Not an object, or without an id.</exception>
    public static BackendIdentity Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("The assignment is not the JSON of one.", error);
        }
    }

    private static BackendIdentity Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        string? id = null, key = null, fencing = null;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("backend_id"u8)) id = Next(ref reader);
            else if (reader.ValueTextEquals("key"u8)) key = Next(ref reader);
            else if (reader.ValueTextEquals("fencing_token"u8)) fencing = Next(ref reader);
            else if (reader.ValueTextEquals("environment"u8)) ReadEnvironment(ref reader, environment);
            else Skip(ref reader);
        }

        if (string.IsNullOrEmpty(id)) throw new JsonException("No backend_id.");
        return new BackendIdentity(
            new BackendId(id),
            string.IsNullOrEmpty(key) ? null : new BackendKey(key),
            FencingToken.TryParse(fencing, out var token) ? token : null,
            environment);
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        // A fencing token may be written as a number as well.
        return reader.TokenType == JsonTokenType.Number ? System.Text.Encoding.ASCII.GetString(reader.ValueSpan) : reader.GetString();
    }

    private static void ReadEnvironment(ref Utf8JsonReader reader, Dictionary<string, string> environment)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("'environment' is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (Next(ref reader) is { } value) environment[name] = value;
        }
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
