using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>A hub with one place: the second visitor waits, sees where, and is let in when the first one leaves.</summary>
public sealed class FullHouseJourney(BrowserHub hub)
{
    [Fact]
    public async Task Whoever_waits_is_let_in_when_somebody_leaves()
    {
        await using var small = await HubProcess.StartAsync(new HubSettings { Environment = { ["Playground__MaxBackendsPerService"] = "1" } });
        await hub.VisitAsync(small, async visitor =>
        {
            var (first, second) = (visitor.Page, await visitor.Context.NewPageAsync());
            var (inside, waiting) = (DemoFrame.Of(first), DemoFrame.Of(second));
            await first.GotoAsync(DemoFrame.Address(small, "?run"));
            using var process = await inside.ProcessAsync();

            await second.GotoAsync(DemoFrame.Address(small, "?run"));
            await Expect(waiting.Status).ToHaveTextAsync("waiting, place 1 of 1");
            await Expect(waiting.Curtain).ToContainTextAsync("You are next");
            await inside.Stop.ClickAsync();
            using var another = await waiting.ProcessAsync();
            Assert.NotEqual(process.Id, another.Id);
        }, new VisitOptions { Script = true, ExpectsFailures = true }, organizer: false);
    }
}
