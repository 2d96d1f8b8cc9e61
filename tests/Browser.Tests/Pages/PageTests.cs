using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>What holds on every page. That no page stores anything or asks another host is held by every visit.</summary>
public sealed class PageTests(Survey survey, BrowserHub hub) : IClassFixture<Survey>
{
    [Fact]
    public void Axe_finds_nothing_narrow_or_wide_light_or_dark() => Report.AssertNone(survey.Of(Rule.Accessible));

    [Fact]
    public void Nothing_is_wider_than_a_narrow_phone() => Report.AssertNone(survey.Of(Rule.Fits));

    [Fact]
    public void Every_page_says_what_it_is() => Report.AssertNone(survey.Of(Rule.Head));

    [Fact]
    public void Every_page_was_looked_at() => Assert.InRange(survey.Pages.Count, 55, 100);

    [Fact]
    public Task What_is_wrong_would_be_found() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync("/privacy");
        await visitor.Page.EvaluateAsync("""
            const pale = document.createElement('h1');
            pale.textContent = 'pale and wide';
            Object.assign(pale.style, { color: '#ddd', background: '#fff', width: '2000px' });
            document.querySelector('main').append(pale, document.createElement('button'));
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
