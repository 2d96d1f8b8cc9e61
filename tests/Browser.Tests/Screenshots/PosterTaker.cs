using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using SkiaSharp;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>Takes the poster of each demo from its scene, as it runs (<see cref="DemoOnShow"/>): <c>content/demos/NAME/poster.webp</c>, 1280 by 720.</summary>
internal static class PosterTaker
{
    public const string Command = "posters";

    private const int Width = 1280;
    private const int Height = 720;
    private const int Quality = 86;

    /// <param name="names">The demos; none: all of them.</param>
    public static async Task<int> RunAsync(string[] names)
    {
        var demos = Path.Combine(HubProcess.Repository, "content", "demos");
        var wanted = names is [] ? DemoOnShow.All : names;
        foreach (var name in wanted.Except(DemoOnShow.All))
        {
            await Console.Error.WriteLineAsync($"There is no demo '{name}' with a page in content/demos.");
            return 2;
        }

        await using var browser = await SystemBrowser.StartAsync();
        var settings = new HubSettings();
        settings.Environment["Playground__BuiltDemosFolder"] = DemoOnShow.Backends;
        await using var hub = await HubProcess.StartAsync(settings);
        foreach (var name in wanted)
        {
            // Dark, as the scenes are; at rest, so that two that are taken differ in nothing but what changed.
            var visitor = await Visitor.ArriveAsync(browser, hub, new VisitOptions { Width = Width, Height = Height, Dark = true, Script = true });
            // The scene alone: a picture of buttons looks as if they could be pressed.
            await DemoOnShow.RunAsync(visitor.Page, hub, name, () =>
                visitor.Page.EvaluateAsync("() => { for (const part of document.querySelectorAll('.stage__bar, .stage__panel')) part.style.display = 'none'; }"));
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
