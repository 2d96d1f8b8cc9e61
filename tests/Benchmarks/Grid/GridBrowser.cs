using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Grid;

/// <summary>
/// The Chromium of the machine, started in one of two ways. With a graphics process, which on a machine without a graphics card draws in software
/// (SwiftShader) and composes the page with it; or without any, where pages are drawn by the browser's own rasteriser, which DOM likes best,
/// and only WebGL goes through SwiftShader.
/// </summary>
internal sealed class GridBrowser : IAsyncDisposable
{
    private static readonly string[] Always =
    [
        "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
    ];

    private static readonly string[] WithGraphics =
    [
        "--enable-gpu", "--ignore-gpu-blocklist", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan", "--use-vulkan=swiftshader", "--use-angle=swiftshader",
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private GridBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<GridBrowser> StartAsync(bool graphics)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Need.Program("chromium", "chromium", "chromium-browser", "google-chrome"), Args = [.. Always, .. graphics ? WithGraphics : ["--disable-gpu"]], Timeout = 60_000,
        });
        return new GridBrowser(playwright, browser);
    }

    public Task<IPage> PageAsync() => _browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 }, ColorScheme = ColorScheme.Dark });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
