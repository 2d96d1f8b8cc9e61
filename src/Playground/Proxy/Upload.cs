using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace BrowserTech.Playground.Proxy;

/// <summary>Passes the body of a request on as it comes.</summary>
internal static class Upload
{
    /// <summary>
    /// How much a backend takes and how slowly it is sent is the backend's business; that it moves at all is looked at by <see cref="BackendLinks"/>.
    /// </summary>
    public static void LetItTakeItsTime(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }

    /// <summary>Never throws. True when the backend has it all; a client that breaks off ends the link.</summary>
    public static async Task<bool> Run(HttpContext context, BackendLink link)
    {
        var body = context.Request.BodyReader;
        var chunked = context.Request.ContentLength is null;
        var left = context.Request.ContentLength ?? long.MaxValue;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync();
                left -= read.Buffer.Length;
                var passed = !read.IsCanceled && await Pass(read.Buffer, link, chunked);
                body.AdvanceTo(read.Buffer.End);
                if (!passed) return false;
                if (!read.IsCompleted && left > 0) continue;
                return !chunked || await TryWrite(link, "0\r\n\r\n"u8.ToArray());
            }
        }
        catch (BadHttpRequestException)
        {
            link.End(LinkEnd.Malformed);
            return false;
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            link.End(LinkEnd.Client);
            return false;
        }
    }

    /// <summary>
    /// The backend answered without waiting for the end of the question, and the rest of that is of no use to anybody. The client has
    /// the whole answer before anything is done about it, and is given a moment to see it and stop.
    /// </summary>
    public static async Task Stop(HttpContext context, BackendLink link, Task upload, bool answered)
    {
        link.End(LinkEnd.Done);
        if (answered) await context.Response.CompleteAsync();
        await Task.WhenAny(upload, Task.Delay(PlaygroundTimes.CutWait));
        if (!upload.IsCompleted) context.Request.BodyReader.CancelPendingRead();
    }

    private static async ValueTask<bool> Pass(System.Buffers.ReadOnlySequence<byte> bytes, BackendLink link, bool chunked)
    {
        if (bytes.IsEmpty) return true;
        if (chunked && !await TryWrite(link, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")))) return false;
        foreach (var piece in bytes)
            if (!await TryWrite(link, piece)) return false;
        return !chunked || await TryWrite(link, "\r\n"u8.ToArray());
    }

    /// <summary>False when the backend reads no more: it may have answered already, and that answer is what counts.</summary>
    private static async ValueTask<bool> TryWrite(BackendLink link, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await link.Write(bytes);
            return true;
        }
        catch (Exception error) when (Exchange.IsBroken(error))
        {
            return false;
        }
    }
}
