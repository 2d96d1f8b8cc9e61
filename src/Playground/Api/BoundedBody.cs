using Microsoft.AspNetCore.Http;

namespace BrowserTech.Playground.Api;

/// <summary>Reads a small request body without ever holding a large one.</summary>
internal static class BoundedBody
{
    public static async Task<(ReadOnlyMemory<byte> Body, bool TooLarge)> Read(
        HttpRequest request, int max, CancellationToken cancel)
    {
        if (request.ContentLength > max) return (default, true);
        var buffer = new byte[max + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0) return (buffer.AsMemory(0, length), false);
            length += read;
        }

        return (default, true);
    }
}
