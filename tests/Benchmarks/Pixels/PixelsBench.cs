using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Pixels;

/// <summary>
/// Ten million points at 1280 × 720, orbiting for ten seconds, drawn in a session backend and shown by a real Chromium, through hub and proxy, all on
/// this machine. The peer, in turn in the same run: the same renderer, the same orbit and the same browser, with a whole PNG each 100 ms.
/// <para>
/// A frame counts when the browser has made a picture of the page with it. Input to photon is from the moment the page changed its camera
/// to that moment of the first frame that answers it; in between are both ways through the proxy, rendering, encoding and decoding.
/// </para>
/// </summary>
internal static class PixelsBench
{
    private const int Rounds = 3;
    private const string Peer = "PNG each 100 ms";

    /// <summary>Collects what the page says of each frame it shows.</summary>
    private const string Collect = """
        () => {
          const canvas = document.querySelector('remote-canvas');
          const seen = (globalThis.seen = { frames: 0, bytes: 0, pictures: 0, latencies: [] });
          canvas.addEventListener('frame', ({ detail }) => {
            seen.frames++;
            seen.pictures++;
            if (detail.latency !== null) seen.latencies.push(detail.latency);
            seen.size = [detail.width, detail.height, detail.askedWidth, detail.askedHeight];
            seen.codec = detail.codecName;
            seen.drawn = detail.drawn;
          });
        }
        """;

    private const string Read = "() => ({ ...globalThis.seen, bytes: document.querySelector('remote-canvas')?.stats.bytes ?? globalThis.seen.bytes, now: performance.now() })";

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var content = ContentFolder.CopyOf();
        WritePeer(content);
        await using var hub = await PublishedHub.StartAsync(content.Root,
            // The two cores are to be the viewer's: nothing else is kept warm beside.
            ("Playground__WarmBackends", "0"), ("Playground__ReadySandboxes", "0"));
        using var playwright = await Playwright.CreateAsync();
        var (ours, peer) = (new List<Seen>(), new List<Seen>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await OrbitAsync(playwright, $"http://points.demo.localhost:{hub.Port}/?run", async page =>
            {
                await page.Locator("main[data-state=live]").WaitForAsync();
                await page.EvaluateAsync("document.querySelector('#view').style.cssText = 'position:fixed;inset:0 auto auto 0;width:1280px;height:720px'");
                await page.EvaluateAsync("document.querySelector('#orbit').ariaPressed === 'true' || document.querySelector('#orbit').click()");
                await page.EvaluateAsync(Collect);
            }));
            peer.Add(await OrbitAsync(playwright, $"http://bench-png.demo.localhost:{hub.Port}/", page => page.Locator("canvas[data-running]").WaitForAsync()));
        }

        var (we, they) = (Median(ours), Median(peer));
        Console.Error.WriteLine($"shown at {we.About}");
        return
        [
            new("frames shown, 1280 × 720, 10 M points", "1/s", we.Rate, they.Rate, Peer),
            new("input to photon, p50", "ms", we.P50, they.P50, Peer),
            new("input to photon, p95", "ms", we.P95, they.P95, Peer),
            new("line", "Mbit/s", we.Megabits, they.Megabits, Peer),
            new("bytes of one frame", "kB", we.FrameBytes / 1000, they.FrameBytes / 1000, Peer),
            new("line at the same frame rate", "Mbit/s", we.Megabits, they.FrameBytes * 8 * we.Rate / 1e6, "PNG, as many a second"),
            new("frames shown, against the target", "1/s", we.Rate, 24, "at least"),
            new("input to photon p50, against the target", "ms", we.P50, 80, "at most"),
        ];
    }

    private sealed record Seen(double Rate, double P50, double P95, double Megabits, double FrameBytes, string About);

    private static Seen Median(List<Seen> all) => all.OrderBy(each => each.Rate).ElementAt(all.Count / 2);

    private static async Task<Seen> OrbitAsync(IPlaywright playwright, string address, Func<IPage, Task> prepare)
    {
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Need.Program("chromium", "chromium", "chromium-browser", "google-chrome"),
            Args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>()],
        });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 720 } });
        await page.GotoAsync(address);
        await prepare(page);
        // The controller finds its measure, code is compiled.
        await Task.Delay(3000);
        var before = await page.EvaluateAsync<Counted>(Read);
        await Task.Delay(10_000);
        var after = await page.EvaluateAsync<Counted>(Read);
        var seconds = (after.Now - before.Now) / 1000;
        var latencies = new Percentiles(after.Latencies.Skip(before.Latencies.Length));
        var (frames, bytes) = (after.Frames - before.Frames, after.Bytes - before.Bytes);
        return new Seen(
            frames / seconds, latencies.P50, latencies.P95, bytes * 8 / seconds / 1e6, bytes / Math.Max(1, after.Pictures - before.Pictures),
            $"{string.Join(" × ", after.Size ?? [])}, {after.Codec}, {after.Drawn / 1e6:0.0} M points while moving");
    }

    internal sealed class Counted
    {
        public double Frames { get; set; }

        public double Bytes { get; set; }

        public double Pictures { get; set; }

        public double[] Latencies { get; set; } = [];

        public double Now { get; set; }

        public double[]? Size { get; set; }

        public string? Codec { get; set; }

        public double Drawn { get; set; }
    }

    private static void WritePeer(ContentFolder content)
    {
        var built = Path.Combine(HubProcess.Repository, "artifacts", "bench-png");
        content.Write("demos/bench-png/demo.md", """
            ---
            title: PNG stream
            summary: A peer to measure against.
            license: MIT
            backend:
              command: [./png-stream]
              memory_mb: 1024
              cpu_percent: 200
            ---
            Not to be looked at.
            """);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(built, "client"))) Copy(file, "client");
        foreach (var file in Directory.EnumerateFiles(built)) Copy(file, "backend");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(built, "runtimes", "linux-x64", "native"))) Copy(file, "backend");
        Copy(Path.Combine(HubProcess.Repository, "artifacts", "demos", "points", "data", "cloud.bin"), Path.Combine("backend", "data"));

        void Copy(string file, string folder)
        {
            var to = Path.Combine(content.Root, "demos", "bench-png", folder, Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }
    }
}
