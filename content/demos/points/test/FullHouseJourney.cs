using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.Points;

/// <summary>A process that is shared has room for so many viewers, and says so to the next.</summary>
public sealed class FullHouseJourney(BrowserHub hub)
{
    [Fact]
    public Task One_viewer_too_many_is_told_so_and_finds_room_when_somebody_has_gone() => hub.VisitAsync(async visitor =>
    {
        var origin = $"http://points.demo.localhost:{hub.Hub.Port}/";
        var key = Guid.NewGuid().ToString("N");
        await visitor.Page.GotoAsync(origin);
        await visitor.Page.EvaluateAsync($$"""
            async () => {
              const { connect } = await import('/client/playground.js');
              const config = await (await fetch('/config.json')).json();
              const session = globalThis.session = await connect(config.service, { ...config, key: '{{key}}' });
              const opened = (socket) => new Promise((open) => socket.addEventListener('open', () => open(socket), { once: true }));
              globalThis.viewers = await Promise.all(Array.from({ length: {{Viewing.MostViewers}} }, () => opened(session.socket('/'))));
            }
            """);

        var late = await visitor.Context.NewPageAsync();
        await late.GotoAsync($"{origin}?run&key={key}");
        await Expect(late.Locator(".stage__lead")).ToHaveTextAsync("The process does not take this page.");
        await Expect(late.Locator(".stage__hint")).ToContainTextAsync($"{Viewing.MostViewers} tabs look at this process already.");

        await visitor.Page.EvaluateAsync("() => viewers[0].close()");
        await late.GetByRole(AriaRole.Button, new() { Name = "Run again" }).ClickAsync();
        await Expect(late.Locator(".stage")).ToHaveAttributeAsync("data-state", "live");
    }, new VisitOptions { Script = true });
}
