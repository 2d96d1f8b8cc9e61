using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What the editor offers while somebody writes, and what is said of what cannot be read.</summary>
public sealed class EditorTests(BrowserHub hub)
{
    [Theory]
    [InlineData("SELECT * FROM trips WHERE met", "metres")]
    [InlineData("FROM stations SELECT dis", "district")]
    [InlineData("SELECT cels", "celsius")]
    [InlineData("SELECT * FROM wea", "weather")]
    [InlineData("SELECT * FROM trips WHERE bike IS NULL QUAL", "QUALIFY")]
    public Task It_completes(string text, string first) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        var keys = visitor.Page.Keyboard;
        await demo.Editor.FocusAsync();
        await keys.PressAsync("Control+a");
        await keys.InsertTextAsync(text[..^1]);
        await keys.TypeAsync(text[^1..]);
        await Expect(visitor.Page.Locator(".cm-tooltip-autocomplete li").First.Locator(".cm-completionLabel")).ToHaveTextAsync(first);
    }, DuckDbPage.Options);

    [Theory]
    [InlineData("in this tab")]
    [InlineData("on my backend")]
    public Task What_cannot_be_parsed_is_told_in_the_engines_words(string where) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync(where);
        await demo.RunAsync("selec 1");
        await Expect(visitor.Page.Locator("#work")).ToContainTextAsync("Parser Error: syntax error at or near \"selec\"");
    }, DuckDbPage.Options);
}
