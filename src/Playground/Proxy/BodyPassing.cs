using System.Buffers;
using System.IO.Pipelines;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// Passes the body of an answer on as it comes: what was read is on its way to the client before more is read. An answer that came in
/// one piece is left to the end of the request, which sends it together with its head.
/// </summary>
internal static class BodyPassing
{
    private const int Piece = 16 * 1024;

    /// <param name="client">Where it goes.</param>
    /// <param name="link">Where it comes from.</param>
    /// <param name="length">In bytes; null: until the backend closes.</param>
    /// <exception cref="EndOfStreamException">The backend closed before the end.</exception>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public static async ValueTask Bytes(PipeWriter client, BackendLink link, long? length)
    {
        var left = length ?? long.MaxValue;
        var had = (int)Math.Min(left, link.Buffered.Length);
        client.Write(link.Buffered.Span[..had]);
        link.Use(had);
        left -= had;
        if (left > 0) await Flush(client);
        while (left > 0)
        {
            var into = client.GetMemory(left > Piece ? Piece : 0);
            var read = await link.Read(left < into.Length ? into[..(int)left] : into);
            if (read == 0)
            {
                if (length is null) return;
                throw new EndOfStreamException();
            }

            client.Advance(read);
            left -= read;
            await Flush(client);
        }
    }

    /// <inheritdoc cref="Bytes"/>
    /// <exception cref="NotHttpException">It is not chunked as it should be.</exception>
    public static async ValueTask Chunks(PipeWriter client, BackendLink link)
    {
        var chunks = new ChunkedReader();
        for (var whole = true; ; whole = false)
        {
            while (!link.Buffered.IsEmpty && !chunks.Over)
            {
                link.Use(chunks.Next(link.Buffered.Span, out var data));
                client.Write(data);
            }

            if (chunks.Over && whole) return;
            await Flush(client);
            if (chunks.Over) return;
            if (await link.Fill(Piece) == 0) throw new EndOfStreamException();
        }
    }

    private static async ValueTask Flush(PipeWriter client)
    {
        if ((await client.FlushAsync()) is { IsCompleted: true }) throw new OperationCanceledException("The client is gone.");
    }
}
