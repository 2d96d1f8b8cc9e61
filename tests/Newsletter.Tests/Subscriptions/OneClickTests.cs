using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Newsletter.Tests.Subscriptions;

/// <summary>RFC 8058 over real HTTP, as a mailbox provider's server sends it: no cookie, no Origin, no Fetch headers.</summary>
public sealed class OneClickTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private TestHub _hub = null!;
    private WebApplication _site = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.CreateAsync(Database.Sqlite);
        _token = _hub.Links.Unsubscribe((await _hub.JoinAsync("ada@example.org")).Id).Segments[^1];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_hub.Subscriptions);
        _site = builder.Build();
        _site.Urls.Add("http://127.0.0.1:0");
        _site.MapOneClickUnsubscribe();
        await _site.StartAsync();
        _client.BaseAddress = new Uri(_site.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _site.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_click_leaves_without_a_redirect_or_a_cookie_in_either_form_encoding_and_twice(bool isMultipart)
    {
        for (var time = 0; time < 2; time++)
        {
            using HttpContent body = isMultipart
                ? new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } }
                : new StringContent("List-Unsubscribe=One-Click", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
            using var answer = await PostAsync(_token, body);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
            Assert.Contains("unsubscribed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(SubscriberState.Unsubscribed, await StateAsync());
        }
    }

    [Fact]
    public async Task The_button_of_the_page_leaves_and_is_sent_on()
    {
        using var answer = await PostAsync(_token, Form("leave=yes"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(OneClickUnsubscribe.DonePage, answer.Headers.Location!.ToString());
        Assert.Equal(SubscriberState.Unsubscribed, await StateAsync());
    }

    [Fact]
    public async Task A_token_that_is_not_ours_is_refused_in_words()
    {
        using var answer = await PostAsync(_token[..^2] + "zz", Form("List-Unsubscribe=One-Click"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Open it again from the mail", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(SubscriberState.Confirmed, await StateAsync());
    }

    [Fact]
    public async Task Another_content_type_or_a_cut_form_is_refused_in_words()
    {
        using var json = await PostAsync(_token, new StringContent("{}", new MediaTypeHeaderValue("application/json")));
        using var nothing = await PostAsync(_token, null);
        var cut = new ByteArrayContent("--x\r\nContent-Disposition: form-data"u8.ToArray());
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var broken = await PostAsync(_token, cut);

        foreach (var answer in (HttpResponseMessage[])[json, nothing, broken])
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.NotEmpty(await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(SubscriberState.Confirmed, await StateAsync());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click&x=")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n")]
    public async Task A_huge_body_is_refused_and_changes_nothing(string type, string start)
    {
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes(start + new string('a', 1_000_000)));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        try
        {
            using var answer = await PostAsync(_token, body);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge);
        }
        catch (HttpRequestException)
        {
            // The server answered and hung up before all of it was sent: as good.
        }

        Assert.Equal(SubscriberState.Confirmed, await StateAsync());
    }

    [Fact]
    public async Task GET_is_not_ours_and_changes_nothing()
    {
        using var answer = await _client.GetAsync(new Uri($"/digest/unsubscribe/{_token}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(SubscriberState.Confirmed, await StateAsync());
    }

    private static StringContent Form(string body) =>
        new(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

    private Task<HttpResponseMessage> PostAsync(string token, HttpContent? body) =>
        _client.PostAsync(new Uri($"/digest/unsubscribe/{token}", UriKind.Relative), body);

    private async Task<SubscriberState> StateAsync() => (await _hub.SubscriberAsync("ada@example.org")).State;
}
