using System.Net;

namespace BrowserTech.Site.Tests.Pages;

public sealed class PageCacheTests(SiteHub site)
{
    [Theory]
    [InlineData("*")]
    [InlineData("BR")]
    [InlineData("br;q=0")]
    [InlineData("gzip;q=0, *")]
    [InlineData("br, gzip")]
    public async Task Whatever_one_reader_accepts_the_next_gets_bytes_it_can_read(string accepted)
    {
        // A page nobody else asks for, so that this reader is the one it is kept for.
        var slug = $"kept-{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(accepted))}";
        site.Content.Write($"posts/{slug}.md", "---\ntitle: Kept\nsummary: S\ndate: 2026-11-01\n---\n" + string.Concat(Enumerable.Repeat("Text. ", 400)));
        await WhenThereAsync($"/posts/{slug}", accepted);

        Assert.StartsWith("<!doctype html>", await site.Http.GetStringAsync($"/posts/{slug}"), StringComparison.Ordinal);
        using var brotli = await GetAsync($"/posts/{slug}", "br");
        Assert.Equal("br", Assert.Single(brotli.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task A_page_with_a_query_is_not_kept()
    {
        using var first = await GetAsync("/posts/post?a=1", "identity");
        using var second = await GetAsync("/posts/post?a=1", "identity");
        Assert.False(second.Headers.Age.HasValue);
    }

    [Fact]
    public async Task A_page_that_did_not_change_is_not_sent_again()
    {
        using var first = await GetAsync("/posts/post", "identity");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/posts/post");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await site.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return await site.Http.SendAsync(request);
    }

    private async Task WhenThereAsync(string path, string accepted)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var answer = await GetAsync(path, accepted);
            if (answer.IsSuccessStatusCode) return;
            await Task.Delay(25, limit.Token);
        }
    }
}
