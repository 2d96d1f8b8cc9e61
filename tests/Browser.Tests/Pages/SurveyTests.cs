using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>That nothing was found means something only if what is there would be.</summary>
public sealed class SurveyTests(BrowserHub hub)
{
    [Fact]
    public Task What_is_wrong_would_be_found() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync("/privacy");
        await visitor.Page.EvaluateAsync("""
            const wide = document.createElement('h1');
            wide.textContent = 'Too wide to read';
            wide.style.minWidth = '2000px';
            const pale = document.createElement('p');
            pale.textContent = 'Too pale to read';
            pale.style.color = '#ddd';
            document.querySelector('main p').after(pale, wide, document.createElement('button'));
            document.querySelector('meta[name=description]').remove();
            """);
        await Axe.BringAsync(visitor.Page);
        var found = string.Join('\n', await Axe.AskAsync(visitor.Page));
        Assert.Contains("color-contrast", found, StringComparison.Ordinal);
        Assert.Contains("button-name", found, StringComparison.Ordinal);
        Assert.Contains("H1", Assert.Single(await Survey.TooWideAsync(visitor.Page)), StringComparison.Ordinal);
        var head = await Head.ProblemsAsync(visitor.Page, hub.Hub.Origin, Audience.Public);
        Assert.Equal(["2 h1", "not one description"], head);
    }, new VisitOptions { Script = true });
}
