using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Pixels;

/// <summary>What was seen of one orbit: rates of a second, times in milliseconds, and means of a frame.</summary>
internal sealed record Orbit(double Rate, double P50, double P95, double Megabits, double FrameBytes, double Drawn, double Pixels, string Codec)
{
    public const int Width = 1280;
    public const int Height = 720;

    private const string Read = "() => ({ ...globalThis.seen, bytes: document.querySelector('remote-canvas')?.stats.bytes ?? globalThis.seen.bytes, now: performance.now() })";

    public string About => $"{Codec}, {Pixels / 1e3:0} of {Width * Height / 1e3:0} thousand pixels, {Drawn / 1e6:0.00} M points a frame";

    /// <summary>The one in the middle.</summary>
    public static Orbit Median(IReadOnlyCollection<Orbit> all) => all.OrderBy(each => each.Rate).ElementAt(all.Count / 2);

    /// <summary>A fresh Chromium, and what its page has counted in <c>globalThis.seen</c> while it turned.</summary>
    /// <param name="playwright">Starts it.</param>
    /// <param name="address">Of the page.</param>
    /// <param name="length">How long is counted.</param>
    /// <param name="prepare">Until it turns.</param>
    public static async Task<Orbit> RunAsync(IPlaywright playwright, string address, TimeSpan length, Func<IPage, Task> prepare)
    {
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Need.Program("chromium", "chromium", "chromium-browser", "google-chrome"),
            Args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>()],
        });
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = Width, Height = Height } });
        await page.GotoAsync(address);
        await prepare(page);
        // The controller finds its measure, code is compiled.
        await Task.Delay(3000);
        var before = await page.EvaluateAsync<Counted>(Read);
        await Task.Delay(length);
        var after = await page.EvaluateAsync<Counted>(Read);
        var seconds = (after.Now - before.Now) / 1000;
        var latencies = new Percentiles(after.Latencies.Skip(before.Latencies.Length));
        var (frames, bytes, pictures) = (after.Frames - before.Frames, after.Bytes - before.Bytes, Math.Max(1, after.Pictures - before.Pictures));
        return new Orbit(
            frames / seconds, latencies.P50, latencies.P95, bytes * 8 / seconds / 1e6, bytes / pictures,
            (after.Drawn - before.Drawn) / pictures, (after.Pixels - before.Pixels) / pictures, after.Codec);
    }

    internal sealed class Counted
    {
        public double Frames { get; set; }

        public double Bytes { get; set; }

        public double Pictures { get; set; }

        public double Drawn { get; set; }

        public double Pixels { get; set; }

        public double[] Latencies { get; set; } = [];

        public double Now { get; set; }

        public string Codec { get; set; } = "";
    }
}
