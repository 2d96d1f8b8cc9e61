using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Pixels;

/// <summary>
/// A cloud of ten million points at 1280 × 720, orbiting for ten seconds, drawn in a session backend and shown by a real Chromium, through hub and proxy, all
/// on two processors of this machine. The peer, in turn in the same run, is the same renderer, the same orbit and the same browser, with a whole PNG each time, as the usual
/// library makes it. It runs twice: as the public examples do, every point of every picture each 100 ms; and on equal terms, with as many points
/// and pixels in a frame as ours had on average, as often a second as ours aims at.
/// <para>
/// A frame counts when the browser has made a picture of the page with it. Input to photon is from the moment the page changed its camera
/// to that moment of the first frame that answers it; in between are both ways through the proxy, rendering, encoding and decoding.
/// </para>
/// </summary>
internal static class PixelsBench
{
    private const int AllPoints = 10_000_000;
    private const int Rounds = 3;
    private const string Public = "PNG each 100 ms, all points";
    private const string Equal = "PNG, points, pixels, rate as ours";

    /// <summary>For a look at whether it works at all: one short round. Its figures are none.</summary>
    private static readonly bool IsTrial = Environment.GetEnvironmentVariable("BENCH_TRIAL") is "1";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(IsTrial ? 3 : 10);

    /// <summary>Collects what the page says of each frame it shows.</summary>
    private const string Collect = """
        () => {
          const seen = (globalThis.seen = { frames: 0, bytes: 0, pictures: 0, drawn: 0, pixels: 0, latencies: [], codec: '' });
          document.querySelector('remote-canvas').addEventListener('frame', ({ detail }) => {
            seen.frames++;
            seen.pictures++;
            seen.drawn += detail.drawn;
            seen.pixels += detail.width * detail.height;
            seen.codec = detail.codecName;
            if (detail.latency !== null) seen.latencies.push(detail.latency);
          });
        }
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var content = ContentFolder.CopyOf();
        PngPeer.AddTo(content);
        // Both by the processor, also where there is a graphics card: it is the way of a picture that is measured.
        content.Edit("demos/points/demo.md", text => text.Replace("backend:\n", "backend:\n  environment: { POINTS_RENDERER: software }\n", StringComparison.Ordinal));
        await using var hub = await PublishedHub.StartAsync(content.Root,
            // The two cores are to be the viewer's: nothing else is kept warm beside.
            ("Playground__WarmBackends", "0"), ("Playground__ReadySandboxes", "0"));
        using var playwright = await Playwright.CreateAsync();
        var (ours, all, equal) = (new List<Orbit>(), new List<Orbit>(), new List<Orbit>());
        for (var round = 0; round < (IsTrial ? 1 : Rounds); round++)
        {
            var us = await OursAsync(playwright, hub.Port);
            ours.Add(us);
            var peer = await PeerAsync(playwright, PngPeer.Address(hub.Port, AllPoints, Orbit.Width, Orbit.Height, 100));
            all.Add(peer);
            // Of what may be drawn a part lies outside the picture: the same for both.
            var points = (int)Math.Clamp(AllPoints * us.Drawn / Math.Max(1, peer.Drawn), 1, AllPoints);
            var side = Math.Sqrt(us.Pixels / (Orbit.Width * Orbit.Height));
            equal.Add(await PeerAsync(playwright, PngPeer.Address(hub.Port, points, Even(Orbit.Width * side), Even(Orbit.Height * side), 31)));
        }

        var (we, they, peers) = (Orbit.Median(ours), Orbit.Median(all), Orbit.Median(equal));
        Console.Error.WriteLine($"ours: {we.About}");
        Console.Error.WriteLine($"{Public}: {they.About}");
        Console.Error.WriteLine($"{Equal}: {peers.About}");
        return
        [
            .. Against(we, they, Public), .. Against(we, peers, Equal),
            new("line at the same frame rate", "Mbit/s", we.Megabits, peers.FrameBytes * 8 * we.Rate / 1e6, Equal),
            new("frames shown, against the target", "1/s", we.Rate, 24, "at least"),
            new("input to photon p50, against the target", "ms", we.P50, 80, "at most"),
            new("bytes of a frame, times fewer, the target", "x", peers.FrameBytes / we.FrameBytes, 10, "at least"),
        ];
    }

    private static IEnumerable<Figure> Against(Orbit we, Orbit they, string name) =>
    [
        new("frames shown, 1280 × 720", "1/s", we.Rate, they.Rate, name),
        new("drawn in a frame", "M pts", we.Drawn / 1e6, they.Drawn / 1e6, name),
        new("sent of a frame", "kpixel", we.Pixels / 1e3, they.Pixels / 1e3, name),
        new("input to photon, p50", "ms", we.P50, they.P50, name),
        new("input to photon, p95", "ms", we.P95, they.P95, name),
        new("line", "Mbit/s", we.Megabits, they.Megabits, name),
        new("bytes of a frame", "kB", we.FrameBytes / 1000, they.FrameBytes / 1000, name),
    ];

    private static Task<Orbit> OursAsync(IPlaywright playwright, int port) => Orbit.RunAsync(playwright, $"http://points.demo.localhost:{port}/?run", Length, async page =>
    {
        await page.Locator("main[data-state=live]").WaitForAsync();
        await page.EvaluateAsync($"document.querySelector('#view').style.cssText = 'position:fixed;inset:0 auto auto 0;width:{Orbit.Width}px;height:{Orbit.Height}px'");
        await page.EvaluateAsync("document.querySelector('#orbit').ariaPressed === 'true' || document.querySelector('#orbit').click()");
        await page.EvaluateAsync(Collect);
    });

    private static Task<Orbit> PeerAsync(IPlaywright playwright, string address) =>
        Orbit.RunAsync(playwright, address, Length, page => page.Locator("canvas[data-running]").WaitForAsync());

    private static int Even(double side) => Math.Max(16, (int)Math.Round(side / 2) * 2);
}
