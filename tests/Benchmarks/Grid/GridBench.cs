using System.Globalization;
using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Grid;

/// <summary>
/// The demo <c>gpu-grid</c> in a real browser, through a real hub: ten million rows scrolled for ten seconds at several speeds, with each graphics
/// API, and a DOM grid of the same rows from the same process scrolled the same way. A frame is what <c>requestAnimationFrame</c> gives, which the
/// browser holds back until it can show it.
/// </summary>
internal static class GridBench
{
    private const int Seconds = 10;

    private static readonly int[] Speeds = [30, 1000, 30_000, 1_000_000];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var content = ContentFolder.CopyOf();
        var peer = Path.Combine(HubProcess.Repository, "tests", "Benchmarks", "Grid", "peer");
        foreach (var file in Directory.EnumerateFiles(peer)) content.WriteBytes($"demos/gpu-grid/client/{Path.GetFileName(file)}", await File.ReadAllBytesAsync(file));
        await using var hub = await PublishedHub.StartAsync(content.Root, ("Playground__ConnectsPerMinute", "1000"));
        Console.WriteLine("No graphics card is used: SwiftShader draws, on the processors that also run the page, the hub and the process.");
        var figures = new List<Figure>();
        await using (var browser = await GridBrowser.StartAsync(graphics: true))
        {
            var dom = await ScrollAsync(browser, hub, null);
            foreach (var api in new[] { "webgl2", "webgpu" }) figures.AddRange(Compared(api, await ScrollAsync(browser, hub, api), dom, "DOM, composed by SwiftShader"));
        }

        await using (var browser = await GridBrowser.StartAsync(graphics: false))
            figures.AddRange(Compared("webgl2", await ScrollAsync(browser, hub, "webgl2"), await ScrollAsync(browser, hub, null), "DOM, no graphics process"));
        return figures;
    }

    private static IEnumerable<Figure> Compared(string api, List<Seen> ours, List<Seen> dom, string peer)
    {
        var title = api == "webgpu" ? "WebGPU" : "WebGL 2";
        foreach (var (own, other) in ours.Zip(dom))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{title}, {own.Speed:#,0} rows/s: ");
            yield return new(name + "frames", "1/s", own["framesPerSecond"], other["framesPerSecond"], peer);
            yield return new(name + "frame p99", "ms", own["p99"], other["p99"], peer);
            yield return new(name + "script, p50", "ms", own["workP50"], 2, "limit");
            yield return new(name + "rows received", "1/s", own["rowsPerSecond"], other["rowsPerSecond"], peer);
            yield return new(name + "bytes received", "kB/s", own["bytesPerSecond"] / 1000, other["bytesPerSecond"] / 1000, peer);
            yield return new(name + "rows not there yet", "%", own["withoutData"] * 100, other["withoutData"] * 100, peer);
        }

        yield return new($"{title}: the process's memory", "MB", ours[^1]["memory"] / 1e6, 96, "limit");
    }

    /// <summary>Each speed, on one page. Without an API: the peer.</summary>
    private static async Task<List<Seen>> ScrollAsync(GridBrowser browser, HubProcess hub, string? api)
    {
        var page = await browser.PageAsync();
        await page.GotoAsync($"http://gpu-grid.demo.localhost:{hub.Port}/{(api is null ? "peer.html" : $"?run&api={api}")}");
        await page.WaitForFunctionAsync(api is null
            ? "() => globalThis.bench?.ready()"
            : "() => document.querySelector('.stage').dataset.state === 'live' && document.querySelector('.place').grid.rows.pages.size > 0");
        if (api is not null && await page.EvaluateAsync<string>("document.querySelector('.place').grid.surface.title.replace(' ', '').toLowerCase()") != api)
            throw new InvalidOperationException($"This Chromium draws with {await page.EvaluateAsync<string>("document.querySelector('.place').grid.surface.title")} where {api} was asked for.");
        var seen = new List<Seen>();
        foreach (var speed in Speeds)
        {
            var figures = await page.EvaluateAsync<Dictionary<string, double>>(
                "async ([rowsPerSecond, seconds, peer]) => { const { drive, ours } = await import('/drive.js'); return drive(peer ? globalThis.bench : ours(), { from: 0, rowsPerSecond, seconds }); }",
                new object[] { speed, Seconds, api is null });
            figures["memory"] = api is null ? 0 : await page.EvaluateAsync<double>("document.querySelector('.place').grid.memory");
            seen.Add(new Seen(speed, figures));
        }

        await page.CloseAsync();
        return seen;
    }

    private sealed record Seen(int Speed, Dictionary<string, double> Figures)
    {
        public double this[string name] => Figures[name];
    }
}
