using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

public sealed class ProxyTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task What_a_client_claims_to_be_verified_never_reaches_the_backend()
    {
        var backend = await Hub.ConnectAsAccount(Hub.Service("serve"), new { user = "ada", auth = new { role = "ö" } });
        using var request = new HttpRequestMessage(HttpMethod.Get, backend.PathUrl + "x?y=1");
        request.Headers.Add("X-Verified-Username", "root");
        request.Headers.Add("x-verified-anything", "1");
        request.Headers.Add("X_Verified_Username", "root");
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("Cookie", "__Host-organizer=secret");
        request.Headers.Add("Referer", backend.PathUrl);
        using var response = await Hub.Http.SendAsync(request).Soon();
        var headers = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("headers");

        Assert.Equal("ada", headers.GetProperty("X-Verified-Username").GetString());
        Assert.Equal("""{"role":"\u00F6"}""", headers.GetProperty("X-Verified-User-Data").GetString());
        Assert.Equal(backend.BackendId, headers.GetProperty("X-Verified-Backend").GetString());
        Assert.Equal("/x", headers.GetProperty("X-Verified-Path").GetString());
        Assert.Equal(backend.SecretToken, headers.GetProperty("X-Verified-Secret").GetString());
        Assert.Equal("127.0.0.1", headers.GetProperty("X-Forwarded-For").GetString());
        Assert.False(headers.TryGetProperty("x-verified-anything", out _));
        Assert.False(headers.TryGetProperty("X_Verified_Username", out _));
        Assert.False(headers.TryGetProperty("Cookie", out _));
        Assert.DoesNotContain(backend.Token, headers.GetRawText().Replace($"/play/{backend.BackendId}/{backend.Token}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_needed_and_is_not_passed_on()
    {
        var service = Hub.Service("serve");
        var backend = await Hub.Connect(service);
        var other = await Hub.Connect(service);
        var bare = backend.Url.Split('?')[0];

        Assert.Equal(HttpStatusCode.Unauthorized, (await Hub.Http.GetAsync(bare)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Hub.Http.GetAsync($"{bare}?token={other.Token}")).StatusCode);
        var byQuery = await Hub.Http.GetFromJsonAsync<JsonElement>($"{bare}a?b=1&token={backend.Token}");
        Assert.Equal("/a?b=1", byQuery.GetProperty("target").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Get, bare);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", backend.Token);
        using var byHeader = await Hub.Http.SendAsync(request);
        Assert.DoesNotContain(backend.Token, await byHeader.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(backend.BackendId, byHeader.Headers.GetValues("X-Backend-Id").Single());
    }

    [Theory]
    [InlineData("be-0123456789abcdef")]
    [InlineData("nothing")]
    [InlineData("a.b")]
    public async Task What_never_was_is_gone(string label)
    {
        using var byHost = await Hub.Http.GetAsync($"http://{label}.play.localhost:{Hub.Origin.Port}/");
        Assert.Equal(HttpStatusCode.Gone, byHost.StatusCode);
        using var byPath = await Hub.Http.GetAsync($"/play/{label}/token/");
        Assert.Equal(HttpStatusCode.Gone, byPath.StatusCode);
        Assert.Equal("gone", (await byPath.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_path_form_takes_the_sites_origin_away_from_what_a_backend_sends()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        using var byPath = await Hub.Http.GetAsync(backend.PathUrl);
        Assert.StartsWith("sandbox", byPath.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", byPath.Headers.GetValues("X-Content-Type-Options").Single());
        using var byHost = await Hub.Http.GetAsync(backend.Url);
        Assert.False(byHost.Headers.Contains("Content-Security-Policy"));
        Assert.Equal("no-referrer", byHost.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task A_backend_cannot_speak_for_a_whole_origin_in_either_form()
    {
        var backend = await Hub.Connect(Hub.Service("speak-for-the-origin"));
        foreach (var url in new[] { backend.Url, backend.PathUrl })
        {
            using var response = await Hub.Http.GetAsync(url).Soon();
            Assert.Equal("kept", response.Headers.GetValues("X-Own").Single());
            Assert.Equal("ok", await response.Content.ReadAsStringAsync());
            foreach (var name in new[]
                {
                    "Set-Cookie", "NEL", "Report-To", "Reporting-Endpoints", "Clear-Site-Data", "Strict-Transport-Security",
                    "Alt-Svc", "Service-Worker-Allowed",
                })
            {
                Assert.False(response.Headers.Contains(name), $"{name} at {url}");
            }
        }
    }

    [Fact]
    public async Task A_websocket_echoes_both_forms_and_its_bytes_and_activity_are_counted()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        foreach (var url in new[] { backend.Url, backend.PathUrl })
        {
            using var socket = await Hub.Open(url, ("X-Verified-Username", "root"));
            var before = Hub.Live(backend).View();
            var large = new string('m', 40_000);
            Assert.Equal(large, await Echo(socket, large));
            Assert.DoesNotContain("root", await Echo(socket, "headers"), StringComparison.Ordinal);
            var after = Hub.Live(backend).View();
            Assert.True(after.BytesIn - before.BytesIn >= large.Length);
            Assert.True(after.BytesOut - before.BytesOut >= large.Length);
            Assert.True(after.LastActivity >= before.LastActivity);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Hub.Limit.Token);
            await Hub.Live(backend).Until(each => each.Usage().Connections == 0);
        }
    }

    [Fact]
    public async Task Stopping_a_backend_cuts_its_open_websockets()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        using var socket = await Hub.Open(backend);
        await Hub.Services.GetService(typeof(Organizers.ISessionBackends)).AsOrganizer()
            .TerminateAsync(BackendId.Parse(backend.BackendId), hard: true);
        var cut = await Record.ExceptionAsync(() => socket.ReceiveAsync(new byte[16], Hub.Limit.Token).Soon());
        Assert.True(cut is WebSocketException || socket.State != WebSocketState.Open);
    }

    private static async Task<string> Echo(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Hub.Limit.Token);
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), Hub.Limit.Token);
            length += received.Count;
            if (received.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
