using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>The own page of one demo in every state somebody may meet it in, and of the others while they run.</summary>
internal static class DemoPictures
{
    public static async Task TakeAsync(SystemBrowser browser, HubProcess hub, VisitOptions options, Func<string, string> file)
    {
        await OneAsync("idle", "", _ => Task.CompletedTask, demo => Expect(demo.Status).ToHaveTextAsync("not running"));
        await OneAsync("live", "?run", _ => Task.CompletedTask, demo => demo.RunsAsync());
        await OneAsync("queued", "?run", DemoScenes.FillHouseAsync, demo => Expect(demo.Status).ToContainTextAsync("place 3"));
        await OneAsync("ending", "?run", page => DemoScenes.AnnounceAsync(page, "event: ending\ndata: {\"reason\":\"lifetime\",\"seconds_left\":50}\n\n"),
            demo => demo.RunsAsync());
        DemoNetwork? network = null;
        await OneAsync("lost", "?run", page => (network = new DemoNetwork(page)).TakeAsync(), async demo =>
        {
            await demo.RunsAsync();
            await network!.CutAsync();
            await network.TriedAsync(3);
        });
        await OneAsync("ended", "?run", _ => Task.CompletedTask, async demo =>
        {
            await demo.RunsAsync();
            await demo.Stop.ClickAsync();
            await Expect(demo.Curtain).ToContainTextAsync("has ended");
        });
        foreach (var name in DemoOnShow.All.Where(name => name != BrowserHub.Demo))
        {
            var visitor = await ArriveAsync();
            await DemoOnShow.RunAsync(visitor.Page, hub, name);
            await visitor.Page.ScreenshotAsync(new() { Path = file(name) });
            await visitor.Context.CloseAsync();
        }

        async Task<Visitor> ArriveAsync()
        {
            var visitor = await Visitor.ArriveAsync(browser, hub, options);
            // As wide as the figure in an article, which on a phone is nearly the screen.
            await visitor.Page.SetViewportSizeAsync(options.Width < 500 ? options.Width : 1000, options.Width < 500 ? 760 : 520);
            return visitor;
        }

        async Task OneAsync(string state, string query, Func<IPage, Task> before, Func<DemoFrame, Task> reach)
        {
            var visitor = await ArriveAsync();
            await before(visitor.Page);
            await visitor.Page.GotoAsync(DemoFrame.Address(hub, query));
            await reach(DemoFrame.Of(visitor.Page));
            await visitor.Page.ScreenshotAsync(new() { Path = file(state) });
            await visitor.Context.CloseAsync();
        }
    }
}
