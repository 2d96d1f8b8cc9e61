using Bunit;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class BlazorTests
{
    [Fact]
    public async Task The_component_is_the_element_with_its_module_and_needs_nothing_that_is_interactive()
    {
        await using var context = new BunitContext();
        var shown = context.Render<Blazor.RemoteCanvas>(parameters => parameters
            .Add(canvas => canvas.Service, "terrain").Add(canvas => canvas.Account, "browsertech").Add(canvas => canvas.Api, "https://hub.example/")
            .Add(canvas => canvas.Label, "A \"terrain\"").AddUnmatched("style", "height: 30rem").AddChildContent("Needs a script."));
        shown.MarkupMatches("""
            <script type="module" src="https://hub.example/client/remote-canvas.js"></script>
            <remote-canvas service="terrain" account="browsertech" api="https://hub.example" label="A &quot;terrain&quot;" style="height: 30rem">Needs a script.</remote-canvas>
            """);
    }
}
