using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>A process whose life is short, to its end: on a hub of its own, whose demo may live for ten seconds.</summary>
public sealed class DemoEndJourney(BrowserHub hub)
{
    [Fact]
    public async Task A_process_whose_time_is_up_is_announced_on_its_page_ends_and_the_page_says_why()
    {
        SystemBrowser.Find();
        using var content = ContentFolder.CopyOf();
        var file = $"demos/{BrowserHub.Demo}/demo.md";
        var text = await File.ReadAllTextAsync(Path.Combine(content.Root, file));
        Assert.Contains("lifetime_seconds: 1800", text, StringComparison.Ordinal);
        content.Write(file, text.Replace("lifetime_seconds: 1800", "lifetime_seconds: 10", StringComparison.Ordinal));
        await using var shortLived = await HubProcess.StartAsync(new HubSettings { Content = content.Root });

        await hub.VisitAsync(shortLived, async visitor =>
        {
            var demo = DemoFrame.Of(visitor.Page);
            await visitor.Page.GotoAsync(DemoFrame.Address(shortLived, "?run"));
            using var process = await demo.ProcessAsync();
            await Expect(demo.Notice).ToContainTextAsync("Its time is nearly up. It ends in 00:0");
            await Expect(demo.Status).ToContainTextAsync("its time is nearly up");
            Assert.False(process.HasExited);
            await process.WaitForExitAsync().WaitAsync(Patience.Limit);
            await Expect(demo.Curtain).ToContainTextAsync("The process has ended.");
            await Expect(demo.Status).ToHaveTextAsync("ended");
            await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Run again" })).ToBeVisibleAsync();
        }, new VisitOptions { Script = true, ExpectsFailures = true }, organizer: false);
    }
}
