using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.CLASSDemo;

public sealed class CLASSTests(BrowserHub hub)
{
    [Fact]
    public Task Two_tabs_with_one_key_count_together() => hub.VisitAsync(async visitor =>
    {
        var address = $"http://NAME.demo.localhost:{hub.Hub.Port}/?run&key={Guid.NewGuid():N}";
        await visitor.Page.GotoAsync(address);
        await Expect(visitor.Page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await visitor.Page.Locator("#add").ClickAsync();
        await Expect(visitor.Page.Locator("#count")).ToHaveTextAsync("1");

        var second = await visitor.Context.NewPageAsync();
        await second.GotoAsync(address);
        await Expect(second.Locator("#count")).ToHaveTextAsync("1");
        await second.Locator("#add").ClickAsync();
        await Expect(visitor.Page.Locator("#count")).ToHaveTextAsync("2");
    }, new VisitOptions { Script = true });
}
