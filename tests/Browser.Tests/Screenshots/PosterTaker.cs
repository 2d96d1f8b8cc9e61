using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>
/// Takes the poster of each demo from its scene, as it runs: <c>content/demos/NAME/poster.webp</c>, 1280 by 720. What it should show then is
/// done by the demo's <c>poster.js</c>, the body of an asynchronous function that ends when there is something to see; without one it has a few seconds.
/// </summary>
internal static class PosterTaker
{
    public const string Command = "posters";

    private const int Width = 1280;
    private const int Height = 720;
    private const int Quality = 86;
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(6);

    /// <param name="names">The demos; none: all of them.</param>
    public static async Task<int> RunAsync(string[] names)
    {
        var demos = Path.Combine(HubProcess.Repository, "content", "demos");
        string[] wanted = names is [] ? [.. Directory.GetDirectories(demos).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)] : names;
        foreach (var name in wanted.Where(name => !File.Exists(Path.Combine(demos, name, "client", "index.html"))))
        {
            await Console.Error.WriteLineAsync($"There is no demo '{name}' with a page in content/demos.");
            return 2;
        }

        await using var browser = await SystemBrowser.StartAsync();
        // As ./run has them: with all their data.
        var settings = new HubSettings();
        settings.Environment["Playground__BuiltDemosFolder"] = Path.Combine(HubProcess.Repository, "artifacts", "demos");
        await using var hub = await HubProcess.StartAsync(settings);
        foreach (var name in wanted)
        {
            // Dark, as the scenes are; at rest, so that two that are taken differ in nothing but what changed.
            var visitor = await Visitor.ArriveAsync(browser, hub, new VisitOptions { Width = Width, Height = Height, Dark = true, Script = true });
            await visitor.Page.GotoAsync($"http://{name}.demo.localhost:{hub.Port}/?run");
            await Expect(visitor.Page.Locator(".stage")).ToHaveAttributeAsync("data-state", "live", new() { Timeout = 60_000 });
            // The scene alone: a picture of buttons looks as if they could be pressed.
            await visitor.Page.EvaluateAsync("() => { for (const part of document.querySelectorAll('.stage__bar, .stage__panel')) part.style.display = 'none'; }");
            var recipe = Path.Combine(demos, name, "poster.js");
            if (File.Exists(recipe)) await visitor.Page.EvaluateAsync($"async () => {{ {await File.ReadAllTextAsync(recipe)} }}");
            else await Task.Delay(AWhile);
            var png = await visitor.Page.ScreenshotAsync(new() { Type = ScreenshotType.Png });
            using var picture = SKBitmap.Decode(png);
            using var webp = picture.Encode(SKEncodedImageFormat.Webp, Quality);
            var file = Path.Combine(demos, name, "poster.webp");
            await File.WriteAllBytesAsync(file, webp.ToArray());
            Console.WriteLine($"{Path.GetRelativePath(HubProcess.Repository, file)}: {webp.Size / 1000} kB");
            await visitor.Context.CloseAsync();
        }

        return 0;
    }
}
