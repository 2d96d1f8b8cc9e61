using BrowserTech.Site.Security;
using static BrowserTech.Site.Security.CrossOriginRule;

namespace BrowserTech.Site.Tests.Security;

/// <summary>The table of Go 1.25's CrossOriginProtection, with the public origin behind a proxy added.</summary>
public sealed class CrossOriginRuleTests
{
    private const string Own = "http://10.0.0.5:8080";
    private const string Public = "https://browsertech.example";

    [Theory]
    [InlineData("GET", "cross-site", "https://evil.example", Verdict.SafeMethod)]
    [InlineData("HEAD", "cross-site", "https://evil.example", Verdict.SafeMethod)]
    [InlineData("OPTIONS", "cross-site", "https://evil.example", Verdict.SafeMethod)]
    [InlineData("POST", "same-origin", Public, Verdict.SameOrigin)]
    [InlineData("POST", "none", null, Verdict.SameOrigin)]
    [InlineData("POST", "same-site", "https://demo.browsertech.example", Verdict.CrossOrigin)]
    [InlineData("POST", "cross-site", "https://evil.example", Verdict.CrossOrigin)]
    [InlineData("POST", "anything-new", Public, Verdict.CrossOrigin)]
    [InlineData("POST", "same-origin", "https://evil.example", Verdict.SameOrigin)]
    [InlineData("POST", null, null, Verdict.NotABrowser)]
    [InlineData("POST", "", "", Verdict.NotABrowser)]
    [InlineData("POST", null, Public, Verdict.SameOrigin)]
    [InlineData("POST", null, "HTTPS://BROWSERTECH.EXAMPLE", Verdict.SameOrigin)]
    [InlineData("POST", null, Own, Verdict.SameOrigin)]
    [InlineData("POST", null, "http://browsertech.example", Verdict.CrossOrigin)]
    [InlineData("POST", null, "https://browsertech.example:8443", Verdict.CrossOrigin)]
    [InlineData("POST", null, "https://browsertech.example.evil.example", Verdict.CrossOrigin)]
    [InlineData("POST", null, "null", Verdict.CrossOrigin)]
    [InlineData("PUT", null, "https://evil.example", Verdict.CrossOrigin)]
    [InlineData("DELETE", "cross-site", null, Verdict.CrossOrigin)]
    [InlineData("PATCH", "cross-site", null, Verdict.CrossOrigin)]
    public void A_request_is_judged_by_where_it_comes_from(string method, string? secFetchSite, string? origin, Verdict expected) =>
        Assert.Equal(expected, Decide(method, secFetchSite, origin, Own, Public));
}
