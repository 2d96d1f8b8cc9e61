using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>
/// The Chromium of the machine with a graphics process that draws in software: for WebGPU, which the tests' usual browser, without any, does
/// not have. Where this one has none either, the test is skipped by name.
/// </summary>
internal sealed class GpuBrowser : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--enable-gpu", "--ignore-gpu-blocklist", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan",
        "--use-vulkan=swiftshader", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
    ];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private GpuBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<GpuBrowser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = SystemBrowser.Find(), Args = Arguments, Timeout = 60_000 });
        return new GpuBrowser(playwright, browser);
    }

    public Task<IPage> PageAsync(VisitOptions? options = null)
    {
        options ??= new VisitOptions();
        return _browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            ColorScheme = options.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
    }

    /// <summary>Skips the test that asks where there is no WebGPU.</summary>
    public static async Task NeedWebGpuAsync(IPage page) => Assert.SkipUnless(
        await page.EvaluateAsync<bool>("async () => Boolean(await navigator.gpu?.requestAdapter())"), "This Chromium gives no WebGPU adapter.");

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
