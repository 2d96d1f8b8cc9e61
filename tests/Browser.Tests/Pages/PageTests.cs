using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>What holds on every page. That no page stores anything or asks another host is held by every visit.</summary>
public sealed class PageTests(Survey survey) : IClassFixture<Survey>
{
    [Fact]
    public void Axe_finds_nothing_narrow_or_wide_light_or_dark() => Report.AssertNone(survey.Of(Rule.Accessible));

    [Fact]
    public void Nothing_is_wider_than_a_narrow_phone() => Report.AssertNone(survey.Of(Rule.Fits));

    [Fact]
    public void Every_page_says_what_it_is() => Report.AssertNone(survey.Of(Rule.Head));

    [Fact]
    public void Every_page_was_looked_at() => Assert.InRange(survey.Pages.Count, 55, 100);
}
