using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>A demo as it should be seen on a picture: running, with its recipe done.</summary>
internal static class DemoOnShow
{
    private const float LiveWithin = 60_000; // milliseconds
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(6);

    private static string Demos => Path.Combine(HubProcess.Repository, "content", "demos");

    /// <summary>The backends as <c>./run</c> builds them, with all their data, for a hub that shows them.</summary>
    public static string Backends => Path.Combine(HubProcess.Repository, "artifacts", "demos");

    /// <summary>The demos that have a page, by name.</summary>
    public static string[] All =>
        [.. Directory.GetDirectories(Demos).Where(folder => File.Exists(Path.Combine(folder, "client", "index.html"))).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Opens a demo's own page and runs it. What it should show then is done by the demo's <c>poster.js</c>, the body of an asynchronous function that
    /// ends when there is something to see; without one it has a few seconds.
    /// </summary>
    /// <param name="prepare">Done to the page once it runs, before the recipe.</param>
    public static async Task RunAsync(IPage page, HubProcess hub, string name, Func<Task>? prepare = null)
    {
        await page.GotoAsync($"http://{name}.demo.localhost:{hub.Port}/?run");
        await Expect(page.Locator(".stage")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = LiveWithin });
        if (prepare is not null) await prepare();
        var recipe = Path.Combine(Demos, name, "poster.js");
        if (File.Exists(recipe)) await page.EvaluateAsync($"async () => {{ {await File.ReadAllTextAsync(recipe)} }}");
        else await Task.Delay(AWhile);
    }
}
