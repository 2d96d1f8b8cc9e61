using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Browsing;

/// <summary>
/// The Chromium of the machine, started once. Playwright's driver comes with its package; no browser is ever downloaded.
/// </summary>
public sealed class SystemBrowser : IAsyncDisposable
{
    // What a browser does for its own sake, to hosts of its maker, has no place in a test.
    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        // Its sandbox refuses to run as root, as tests in a container do.
        .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>(),
    ];

    private readonly IPlaywright _playwright;

    private SystemBrowser(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <summary>As a browser with a window says it: analytics count no browser without one.</summary>
    public string UserAgent =>
        $"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{Browser.Version.Split('.')[0]}.0.0.0 Safari/537.36";

    /// <summary>Its path; skips the test that asks where there is none.</summary>
    public static string Find() => Need.Program("chromium", "chromium", "chromium-browser", "google-chrome");

    public static async Task<SystemBrowser> StartAsync()
    {
        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(Patience.Milliseconds);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(), Args = Arguments, Timeout = Patience.Milliseconds,
        });
        return new SystemBrowser(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>How long anything is waited for before the test fails.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static readonly float Milliseconds = (float)Limit.TotalMilliseconds;
}
