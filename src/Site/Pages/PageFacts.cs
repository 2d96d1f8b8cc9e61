using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components.Endpoints;

namespace BrowserTech.Site.Pages;

/// <summary>
/// Lets a page tell the truth about itself: it holds the rendered page back, measures it, and writes what it weighs
/// and took into the marks the footer left. It also gives the page its ETag. A page is rendered once and then served
/// from the output cache, so the measuring costs nothing per view.
/// </summary>
public sealed class PageFacts(RequestDelegate next, StaticWeight weight)
{
    public const string WeightMark = "[[page-weight]]";
    public const string FontsMark = "[[font-weight]]";
    public const string ScriptsMark = "[[scripts]]";
    public const string CookiesMark = "[[cookies]]";
    public const string TimeMark = "[[render-time]]";

    public async Task InvokeAsync(HttpContext context)
    {
        // Pages only: a file may be long, and a stream of events never ends.
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(context);
            return;
        }

        var outer = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = outer;
        }

        var took = Stopwatch.GetElapsedTime(started);
        ReadOnlyMemory<byte> body = held.GetBuffer().AsMemory(0, (int)held.Length);
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
            body = Tell(context, body, took);
        if (body.Length > 0) await outer.WriteAsync(body, context.RequestAborted);
    }

    private ReadOnlyMemory<byte> Tell(HttpContext context, ReadOnlyMemory<byte> body, TimeSpan took)
    {
        var html = Encoding.UTF8.GetString(body.Span);
        if (html.Contains(WeightMark, StringComparison.Ordinal))
        {
            html = html
                .Replace(WeightMark, Kilobytes(Compressed(body.Span) + weight.Styles))
                .Replace(FontsMark, Kilobytes(weight.Fonts))
                .Replace(ScriptsMark, Scripts(html).ToString(CultureInfo.InvariantCulture))
                .Replace(CookiesMark, context.Response.Headers.SetCookie.Count.ToString(CultureInfo.InvariantCulture))
                .Replace(TimeMark, took.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        var bytes = Encoding.UTF8.GetBytes(html);
        if (context.Response is { StatusCode: StatusCodes.Status200OK, HasStarted: false } response
            && HttpMethods.IsGet(context.Request.Method) && !response.Headers.CacheControl.ToString().Contains("no-store", StringComparison.Ordinal))
        {
            response.Headers.ETag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"";
            response.Headers.CacheControl = "no-cache";
        }

        context.Response.ContentLength = null;
        return bytes;
    }

    // Structured data also stands in a script element; it is not one that runs.
    private static int Scripts(string html)
    {
        var count = 0;
        for (var at = html.IndexOf("<script", StringComparison.Ordinal); at >= 0; at = html.IndexOf("<script", at + 7, StringComparison.Ordinal))
        {
            var tag = html.AsSpan(at, Math.Min(60, html.Length - at));
            if (!tag.Contains("application/ld", StringComparison.Ordinal)) count++;
        }

        return count;
    }

    private static long Compressed(ReadOnlySpan<byte> body)
    {
        using var counted = new MemoryStream();
        using (var brotli = new BrotliStream(counted, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(body);
        return counted.Length;
    }

    private static string Kilobytes(long bytes) => (bytes / 1000.0).ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>What the styles (compressed) and fonts that every page loads weigh, in bytes, measured at start.</summary>
public sealed class StaticWeight
{
    private readonly Lazy<(long Styles, long Fonts)> _measured;

    public StaticWeight(IWebHostEnvironment environment) => _measured = new(() => (
        Sum(environment, "css", ".css", Compressed),
        Sum(environment, "fonts", ".woff2", file => file.Length)));

    public long Styles => _measured.Value.Styles;

    public long Fonts => _measured.Value.Fonts;

    private static long Sum(IWebHostEnvironment environment, string folder, string extension, Func<byte[], long> weigh)
    {
        var total = 0L;
        foreach (var file in environment.WebRootFileProvider.GetDirectoryContents(folder))
        {
            if (file.IsDirectory || !file.Name.EndsWith(extension, StringComparison.Ordinal)) continue;
            // Public pages do not ask for the organisers' styles, nor, unless a name needs them, for the letters beyond Latin-1.
            if (file.Name.StartsWith("organize", StringComparison.Ordinal) || file.Name.Contains("-ext.", StringComparison.Ordinal)) continue;
            using var content = new MemoryStream();
            using (var stream = file.CreateReadStream()) stream.CopyTo(content);
            total += weigh(content.ToArray());
        }

        return total;
    }

    private static long Compressed(byte[] content)
    {
        using var counted = new MemoryStream();
        using (var brotli = new BrotliStream(counted, CompressionLevel.SmallestSize, leaveOpen: true)) brotli.Write(content);
        return counted.Length;
    }
}
