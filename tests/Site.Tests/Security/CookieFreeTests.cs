using System.Net;
using AngleSharp;
using AngleSharp.Dom;

namespace BrowserTech.Site.Tests.Security;

/// <summary>Holds the rules of every page by opening every page: what is linked, what is posted to, what is refused.</summary>
public sealed class CookieFreeTests(SiteHub site)
{
    private const int MaxPages = 200;

    [Fact]
    public async Task No_public_answer_sets_a_cookie_runs_a_script_or_asks_another_host()
    {
        var pages = await CrawlAsync();
        Assert.True(pages.Count > 20, $"only {pages.Count} pages were found");
        foreach (var (path, answer, body) in pages)
        {
            Assert.False(answer.Headers.Contains("Set-Cookie"), $"GET {path} sets a cookie");
            var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;

            using var page = await Parse(body);
            Assert.DoesNotContain(page.QuerySelectorAll("script"), s => s.GetAttribute("type") != "application/ld+json");
            Assert.Empty(page.QuerySelectorAll("[style]"));
            Assert.Empty(page.QuerySelectorAll("style"));
            foreach (var element in page.QuerySelectorAll("link[href], img[src], source[src], iframe[src]"))
            {
                if (element.GetAttribute("rel") == "canonical") continue;
                var address = element.GetAttribute("href") ?? element.GetAttribute("src")!;
                Assert.True(!address.Contains("//", StringComparison.Ordinal), $"{path} asks for {address}");
            }
        }
    }

    [Fact]
    public async Task No_post_by_a_stranger_sets_a_cookie_whatever_the_answer()
    {
        var forms = new List<(string Path, string? Handler)>
        {
            ("/events/crawled", "rsvp"), ("/digest", "subscribe"), ("/digest/manage", "manage"), ("/organize/sign-in", "sign-in"),
            ("/rsvp/nonsense", "cancel"), ("/digest/confirm/nonsense", "confirm"), ("/digest/unsubscribe/nonsense", null),
            ("/organize/sign-in/nonsense", "use-link"), ("/organize/sign-out", null), ("/organize", null), ("/nowhere", null),
            ("/events/crawled", "no-such-form"), ("/", null), ("/v2/service/test/probe/connect", null), ("/v2/service/test/nothing/connect", null),
        };
        foreach (var (path, handler) in forms)
        {
            using var answer = await site.PostAsync(path, handler, ("email", "crawler@example.org"), ("name", "Crawler"));
            Assert.False(answer.Headers.Contains("Set-Cookie"), $"POST {path} sets a cookie");
            Assert.True((int)answer.StatusCode < 500, $"POST {path} answers {(int)answer.StatusCode}");
        }

        using var taken = await site.Http.PostAsync("/api/event", new StringContent("""{"n":"pageview","u":"http://localhost/","d":"localhost"}"""));
        Assert.False(taken.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Every_page_of_an_organiser_is_closed_to_others_and_kept_by_nobody()
    {
        using var organizer = await site.SignInAsync();
        foreach (var path in (string[])["/organize", "/organize/events/open", "/organize/events/open/guests.csv", "/organize/subscribers", "/organize/subscribers.csv",
                     "/organize/issues", "/organize/issues/1", "/organize/outbox", "/organize/content", "/organize/backends", "/organize/tokens"])
        {
            using var refused = await site.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
            Assert.Contains("/organize/sign-in", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
            Assert.False(refused.Headers.Contains("Set-Cookie"));

            using var shown = await organizer.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
            Assert.Equal("no-store", shown.Headers.CacheControl?.ToString());
            Assert.False(shown.Headers.Contains("Set-Cookie"), path);
        }
    }

    [Theory]
    [InlineData("/events/crawled", "cross-site", "https://evil.example")]
    [InlineData("/events/crawled", "same-site", "http://probe.demo.localhost")]
    [InlineData("/digest", null, "https://evil.example")]
    [InlineData("/digest/unsubscribe/x", "cross-site", null)]
    [InlineData("/organize/sign-out", "cross-site", "https://evil.example")]
    [InlineData("/nowhere", "cross-site", "https://evil.example")]
    public async Task A_form_sent_from_another_site_is_refused_before_it_is_read(string path, string? fetchSite, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("email", "victim@example.org"), KeyValuePair.Create("_handler", "subscribe")]) };
        if (fetchSite is not null) request.Headers.Add("Sec-Fetch-Site", fetchSite);
        if (origin is not null) request.Headers.Add("Origin", origin);
        using var answer = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("sent from another website", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var organizer = await site.SignInAsync();
        Assert.DoesNotContain("victim@example.org", await organizer.GetStringAsync("/organize/subscribers.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_sent_from_our_own_page_is_taken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/digest/manage")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("email", "own@example.org"), KeyValuePair.Create("_handler", "manage")]),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Origin", site.Hub.Origin.GetLeftPart(UriPartial.Authority));
        using var answer = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    private async Task<List<(string Path, HttpResponseMessage Answer, string Body)>> CrawlAsync()
    {
        var seen = new HashSet<string> { "/", "/nowhere", "/events/none", "/digest/99", "/rsvp/nonsense", "/organize", "/digest/confirm/x", "/digest/unsubscribe/x", "/error", "/not-found", "/digest/check-your-mail", "/digest/unsubscribed", "/health/live", "/health/ready", "/v2/backend/none/status", "/play/none/none/" };
        var queue = new Queue<string>(seen);
        var pages = new List<(string, HttpResponseMessage, string)>();
        while (queue.TryDequeue(out var path) && pages.Count < MaxPages)
        {
            var answer = await site.Http.GetAsync(path);
            var body = await answer.Content.ReadAsStringAsync();
            pages.Add((path, answer, body));
            if (answer.Content.Headers.ContentType?.MediaType != "text/html") continue;
            using var page = await Parse(body);
            foreach (var link in page.QuerySelectorAll("a[href], link[href], img[src]"))
            {
                var address = (link.GetAttribute("href") ?? link.GetAttribute("src")!).Split('#')[0];
                if (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/dev/", StringComparison.Ordinal) && seen.Add(address)) queue.Enqueue(address);
            }
        }

        Assert.Empty(queue); // every page there is was asked for
        return pages;
    }

    private static Task<IDocument> Parse(string html) =>
        BrowsingContext.New(Configuration.Default).OpenAsync(request => request.Content(html));
}
