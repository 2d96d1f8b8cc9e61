using System.Net;
using System.Text;

namespace BrowserTech.Site.Tests.Analytics;

/// <summary>The contract of Plausible's events API, over HTTP.</summary>
public sealed class EventApiTests(SiteHub site)
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task An_event_is_taken_whatever_the_content_type_says(string type)
    {
        using var answer = await SendAsync("""{"n":"pageview","u":"http://localhost/events/open","d":"localhost","r":null}""", type);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("x-plausible-dropped"));
    }

    [Theory]
    [InlineData("not json", "\"request\"")]
    [InlineData("[1]", "\"request\"")]
    [InlineData("""{"n":"\ud800","u":"http://localhost/","d":"localhost"}""", "\"request\"")]
    [InlineData("""{"u":"http://localhost/","d":"localhost"}""", "\"event_name\":[\"can't be blank\"]")]
    [InlineData("""{"n":"pageview","d":"localhost"}""", "\"url\":[\"is required\"]")]
    [InlineData("""{"n":"pageview","u":"data:text/html,x","d":"localhost"}""", "\"url\"")]
    [InlineData("""{"n":"pageview","u":"http://localhost/","d":" "}""", "\"domain\"")]
    [InlineData("""{"n":"engagement","u":"http://localhost/","d":"localhost"}""", "\"errors\"")]
    public async Task What_cannot_be_an_event_is_refused_by_field(string body, string error)
    {
        using var answer = await SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(error, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"n":"pageview","u":"http://elsewhere.example/","d":"elsewhere.example"}""", Browser, "1")]
    [InlineData("""{"n":"pageview","u":"http://localhost/","d":"localhost"}""", "Mozilla/5.0 HeadlessChrome/140", "1")]
    [InlineData("""{"n":"pageview","u":"http://localhost/","d":"localhost"}""", "curl/8.0", "1")]
    [InlineData("""{"n":"pageview","u":"http://localhost/","d":"localhost,elsewhere.example"}""", Browser, "1")]
    public async Task What_is_dropped_is_accepted_and_says_so(string body, string userAgent, string dropped)
    {
        using var answer = await SendAsync(body, userAgent: userAgent);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(dropped, Assert.Single(answer.Headers.GetValues("x-plausible-dropped")));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        // The length alone is reason enough: the answer comes before the body is sent.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/event") { Content = new ByteArrayContent(new byte[1_100_000]) };
        request.Headers.ExpectContinue = true;
        using var answer = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_preflight_is_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/event");
        request.Headers.Add("Origin", "https://talk.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_page_opened_in_a_browser_is_on_the_dashboard_and_a_program_is_not()
    {
        site.Content.Write("posts/counted.md", "---\ntitle: Counted\nsummary: S\ndate: 2026-11-01\n---\nText.");
        site.Content.Write("posts/uncounted.md", "---\ntitle: Uncounted\nsummary: S\ndate: 2026-11-01\n---\nText.");
        await site.WhenThereAsync("/posts/counted", _ => true);
        await site.WhenThereAsync("/posts/uncounted", _ => true);
        foreach (var userAgent in (string[])[Browser, Browser, Browser + " Edg/140"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/posts/counted");
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            request.Headers.Referrer = new Uri("https://news.ycombinator.com/item?id=1");
            using var answer = await site.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using (var prefetch = new HttpRequestMessage(HttpMethod.Get, "/posts/uncounted"))
        {
            prefetch.Headers.TryAddWithoutValidation("User-Agent", Browser);
            prefetch.Headers.Add("Sec-Purpose", "prefetch");
            using var answer = await site.Http.SendAsync(prefetch);
        }

        await site.WhenThereAsync("/analytics", page => page.Contains("/posts/counted", StringComparison.Ordinal) && page.Contains("Hacker News", StringComparison.Ordinal));
        Assert.DoesNotContain("/posts/uncounted", await site.Http.GetStringAsync("/analytics"), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string body, string type = "text/plain", string userAgent = Browser)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/event") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.Add("Origin", "https://talk.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        return site.Http.SendAsync(request);
    }
}
