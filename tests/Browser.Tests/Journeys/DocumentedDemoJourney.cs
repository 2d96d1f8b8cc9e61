using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>A demo that is made of nothing but what docs/session-backends.md shows, file by file.</summary>
public sealed class DocumentedDemoJourney(BrowserHub hub)
{
    private const string Demo = "/playground/counting";

    // The smallest module there is: eight bytes.
    private const string Compile = "async () => (await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))) instanceof WebAssembly.Module";

    [Fact]
    public async Task It_runs_keeps_its_process_over_a_reload_and_may_compile_WebAssembly()
    {
        Need.Program("nodejs", "node");
        using var content = new ContentFolder();
        var page = await File.ReadAllTextAsync(Path.Combine(HubProcess.Repository, "docs", "session-backends.md"));
        content.Write("demos/counting/demo.md", Block(page, "## Where it lives", "yaml"));
        content.Write("demos/counting/backend/server.mjs", Block(page, "## In Node", "js"));
        content.Write("demos/counting/client/index.html", Block(page, "## A demo's own page", "html"));
        content.Write("demos/counting/client/main.js", Block(page, "## A demo's own page", "js"));
        await using var own = await HubProcess.StartAsync(new HubSettings { Content = content.Root });
        await hub.VisitAsync(own, async visitor =>
        {
            await visitor.Page.GotoAsync(Demo);
            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Run" }).First.ClickAsync();
            var said = visitor.Page.FrameLocator("iframe").Locator("#said");
            await Expect(said).ToContainTextAsync("1 visits");
            await visitor.Page.ReloadAsync();
            await Expect(said).ToContainTextAsync("2 visits");
            Assert.True(await said.EvaluateAsync<bool>(Compile));
        }, new VisitOptions { Script = true }, organizer: false);
    }

    /// <summary>The first block of a language below a heading.</summary>
    private static string Block(string page, string heading, string language)
    {
        var below = page.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(below >= 0, heading);
        var begin = page.IndexOf($"```{language}\n", below, StringComparison.Ordinal) + language.Length + 4;
        return page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)];
    }
}
