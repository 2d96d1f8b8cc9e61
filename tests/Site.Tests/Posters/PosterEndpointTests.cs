using System.Net;
using System.Net.Http.Headers;
using BrowserTech.Site.Posters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Site.Tests.Posters;

public sealed class PosterEndpointTests : IAsyncLifetime
{
    private static readonly PosterSubject Known = new("GPU night", "New York");
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"posters-{Guid.NewGuid():N}");
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private PosterSubject _subject = Known;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPosters(_folder);
        _app = builder.Build();
        _app.MapPosters(slug => slug == "gpu-night" ? [_subject] : []);
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_known_slug_in_a_served_size_is_a_picture_that_may_be_kept_for_ever()
    {
        using var answer = await _client.GetAsync(PosterAddress.Of("gpu-night", PosterSize.Wide));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("image/webp", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.False(answer.Headers.ETag!.IsWeak);
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so()
    {
        var address = PosterAddress.Of("gpu-night", PosterSize.Wide);
        using var first = await _client.GetAsync(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var again = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("unknown-640x320.webp")]
    [InlineData("gpu-night-641x320.webp")]
    [InlineData("gpu-night-99999x99999.webp")]
    [InlineData("gpu-night-640x320.png")]
    [InlineData("gpu-night.webp")]
    [InlineData("GPU-NIGHT-640x320.webp")]
    [InlineData("..%2f..%2fgpu-night-640x320.webp")]
    [InlineData("unknown-og.jpg")]
    [InlineData("-og.jpg")]
    public async Task Anything_else_does_not_exist_and_draws_nothing(string file)
    {
        using var answer = await _client.GetAsync($"/posters/{PosterArt.Edition}/{file}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(Directory.Exists(_folder) && Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Any());
    }

    [Fact]
    public async Task An_address_of_another_edition_answers_but_is_not_to_be_kept()
    {
        using var answer = await _client.GetAsync($"/posters/{PosterArt.Edition + 1}/gpu-night-640x320.webp");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task An_OpenGraph_picture_is_kept_for_ever_only_under_the_title_it_shows()
    {
        var address = PosterAddress.OpenGraph("gpu-night", Known);
        using var before = await _client.GetAsync(address);
        Assert.Equal("image/jpeg", before.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", before.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        _subject = Known with { Title = "GPU night, moved" };
        using var after = await _client.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal("no-cache", after.Headers.CacheControl!.ToString());
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Posting_to_a_poster_is_refused()
    {
        using var answer = await _client.PostAsync(PosterAddress.Of("gpu-night", PosterSize.Wide), content: null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }
}
