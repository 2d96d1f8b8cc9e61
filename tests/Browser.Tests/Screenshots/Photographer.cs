using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>Takes pictures of the pages that matter, on a phone and on a desk, light and dark, for people to look at.</summary>
internal static class Photographer
{
    public const string Command = "screenshots";

    private static readonly (int Width, int Height)[] Screens = [(390, 844), (1440, 900)];

    /// <param name="Running">Press Run and wait.</param>
    /// <param name="Press">A button to press first.</param>
    /// <param name="Follow">The first link to follow first, as a selector.</param>
    private sealed record Shot(string Name, string Path, bool Running = false, string? Press = null, string? Follow = null);

    /// <param name="args">The folder for the pictures; and, if not the repository's, the content to show.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length is < 1 or > 2)
        {
            await Console.Error.WriteLineAsync("usage: tools/screenshots [FOLDER [CONTENT]]");
            return 2;
        }

        var folder = Directory.CreateDirectory(args[0]).FullName;
        await using var browser = await SystemBrowser.StartAsync();
        await using var hub = new ShowHub(args.ElementAtOrDefault(1));
        await hub.InitializeAsync();
        var session = await SignInAsync(browser, hub);
        // The first time a page is made takes longest, and the page says how long it took.
        foreach (var shot in Shots(hub)) using (await hub.Http.GetAsync(shot.Path)) { }
        foreach (var (width, height) in Screens)
        {
            foreach (var dark in (bool[])[false, true])
            {
                var options = new VisitOptions { Width = width, Height = height, Dark = dark, Script = true, StorageState = session };
                var visitor = await Visitor.ArriveAsync(browser, hub.Hub, options);
                foreach (var shot in Shots(hub))
                    await TakeAsync(visitor.Page, (width, height), shot, Path.Combine(folder, $"{shot.Name}-{width}-{(dark ? "dark" : "light")}.png"));
                await visitor.Context.CloseAsync();
                await DemoPictures.TakeAsync(browser, hub.Hub, options with { StorageState = null }, state => Path.Combine(folder, $"demo-{state}-{width}-{(dark ? "dark" : "light")}.png"));
            }
        }

        Console.WriteLine($"{Directory.GetFiles(folder, "*.png").Length} pictures in {folder}");
        return 0;
    }

    private static Shot[] Shots(ShowHub hub) =>
    [
        new("home", "/"),
        new("home-live", "/", Running: true),
        new("event", $"/events/{hub.Event}"),
        new("talk", $"/talks/{BrowserHub.DemoTalk}", Running: true),
        new("demo", $"/playground/{BrowserHub.Demo}", Running: true),
        // While what the demo started still runs.
        new("backends", "/organize/backends"),
        new("backend", "/organize/backends", Follow: ".table a"),
        new("article", $"/posts/{hub.Post}"),
        new("digest", $"/digest/{hub.Issue}"),
        new("analytics", "/analytics"),
        new("organize", "/organize"),
        new("guests", $"/organize/events/{hub.Event}"),
        new("tokens", "/organize/tokens", Press: "Make a token"),
    ];

    private static async Task TakeAsync(IPage page, (int Width, int Height) screen, Shot shot, string file)
    {
        await page.GotoAsync(shot.Path);
        if (shot.Running && await page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).CountAsync() > 0)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).First.ClickAsync();
            var demo = DemoFrame.In(page);
            using var process = await demo.ProcessAsync();
            // Until there is a terrain to see.
            await demo.RunsAsync();
        }

        if (shot.Press is { } button) await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        if (shot.Follow is { } link) await page.Locator(link).First.ClickAsync();

        // Pictures further down are loaded when they come near: come near. A bar that sticks to the foot of the window is then
        // where the page ends, and nothing looks pointed at.
        await page.EvaluateAsync("async () => { for (const image of document.images) { image.loading = 'eager'; await image.decode().catch(() => null); } }");
        await page.Mouse.MoveAsync(0, 0);
        await page.SetViewportSizeAsync(screen.Width, Math.Max(screen.Height, await page.EvaluateAsync<int>("document.documentElement.scrollHeight")));
        await page.ScreenshotAsync(new() { Path = file });
        await page.SetViewportSizeAsync(screen.Width, screen.Height);
    }

    private static async Task<string> SignInAsync(SystemBrowser browser, ShowHub hub)
    {
        var visitor = await Visitor.ArriveAsync(browser, hub.Hub, new VisitOptions());
        await BrowserHub.SignInAsync(visitor.Page, hub.Hub);
        var state = await visitor.Context.StorageStateAsync();
        await visitor.Context.CloseAsync();
        return state;
    }
}
