using System.IO.Compression;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>
/// Pages a second of the running hub against nginx serving the same bytes from disk, turn and turn about in one run,
/// and what a page weighs. wrk, 2 threads, 32 connections, on loopback, no compression asked for on either side.
/// </summary>
internal static class PagesBench
{
    private const int Rounds = 5;
    private const int Seconds = 3;
    private const int HtmlAndCssLimit = 40_000;
    private const int FontLimit = 60_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var hub = await PublishedHub.StartAsync();
        var paths = new[] { "/", "/events/2026-12-gpu-night" };
        await using var nginx = await Nginx.StartAsync(await PagesAsync(hub, paths));

        var figures = new List<Figure>();
        foreach (var path in paths)
        {
            var (ours, theirs) = (new List<double>(), new List<double>());
            await Wrk.LoadAsync(new Uri(hub.Origin, path), 8); // until the hot paths are compiled for good
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(await Wrk.LoadAsync(new Uri(hub.Origin, path), Seconds));
                theirs.Add(await Wrk.LoadAsync(new Uri(nginx.Origin, path), Seconds));
            }

            figures.Add(new Figure($"requests for {path}", "1/s", Wrk.Median(ours), Wrk.Median(theirs), "nginx, the same bytes from disk"));
        }

        var styles = await Compressed(hub, "/css/base.css", "/css/components.css", "/css/pages.css");
        foreach (var path in paths) figures.Add(new Figure($"HTML + CSS of {path}", "B br", styles + await Compressed(hub, path), HtmlAndCssLimit, "limit"));
        figures.Add(new Figure("fonts of a page", "B", await Size(hub, "/fonts/mona-sans.1.woff2") + await Size(hub, "/fonts/geist-mono.1.woff2"), FontLimit, "limit"));
        return figures;
    }

    private static async Task<Dictionary<string, byte[]>> PagesAsync(HubProcess hub, string[] paths)
    {
        var pages = new Dictionary<string, byte[]>();
        foreach (var path in paths) pages[path] = await hub.Http.GetByteArrayAsync(path);
        return pages;
    }

    private static async Task<int> Compressed(HubProcess hub, params string[] paths)
    {
        var total = 0;
        foreach (var path in paths)
        {
            using var packed = new MemoryStream();
            await using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await brotli.WriteAsync(await hub.Http.GetByteArrayAsync(path));
            total += (int)packed.Length;
        }

        return total;
    }

    private static async Task<int> Size(HubProcess hub, string path) => (await hub.Http.GetByteArrayAsync(path)).Length;
}
