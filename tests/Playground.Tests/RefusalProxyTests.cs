using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BrowserTech.Playground.Tests;

/// <summary>"Not now" has three reasons, and each is told by name (503).</summary>
public sealed class RefusalProxyTests
{
    private static readonly ServiceLimits Long = new() { Grace = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task A_backend_with_all_its_connections_takes_no_more_until_one_is_closed()
    {
        await using var hub = await Hub.Start();
        var backend = await hub.Connect(hub.Service("serve", Long));
        var live = hub.Live(backend);
        await live.Until(BackendState.Ready);
        Assert.True(ConnectionToken.TryParse(backend.Token, out var token));
        var holder = live.Holder(token)!;
        var connections = Enumerable.Range(0, TokenTable.MaxConnections).Select(_ => live.Enter(holder)!).ToList();
        Assert.DoesNotContain(null, connections);

        await AssertRefused(hub, backend, "too_many_connections");
        connections[0].Dispose();
        Assert.Equal(HttpStatusCode.OK, (await hub.Http.GetAsync(backend.PathUrl)).StatusCode);
        foreach (var connection in connections.Skip(1)) connection.Dispose();
    }

    [Fact]
    public async Task A_backend_that_takes_no_connection_is_told_from_one_that_is_gone()
    {
        await using var hub = await Hub.Start();
        var backend = await hub.Connect(hub.Service("deaf", Long));
        await hub.Live(backend).Until(BackendState.Ready);
        using var over = new CancellationTokenSource();
        // As many as have room to wait are kept waiting; the first one that has none is told.
        var asked = Enumerable.Range(0, 8).Select(_ => hub.Http.GetAsync(backend.PathUrl, over.Token)).ToList();
        using var answer = await (await Task.WhenAny(asked).Soon());
        Assert.Equal("backend_busy", await Kind(answer));
        await over.CancelAsync();
    }

    [Fact]
    public async Task A_hub_that_stops_says_so_to_requests()
    {
        await using var hub = await Hub.Start();
        var backend = await hub.Connect(hub.Service("serve", Long));
        using (await hub.Http.GetAsync(backend.PathUrl)) hub.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await AssertRefused(hub, backend, "hub_stopping");
    }

    [Fact]
    public async Task A_person_who_opens_the_address_of_a_backend_is_told_in_words_on_a_page()
    {
        await using var hub = await Hub.Start();
        var asked = new HttpRequestMessage(HttpMethod.Get, "/play/be-aaaaaaaaaaaaaaaa/ct-x/<b>");
        asked.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using var answer = await hub.Http.SendAsync(asked).Soon();
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("<p>This backend has ended, or never was.</p>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"'sha256-{hash}'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var script = await hub.Http.GetAsync("/play/be-aaaaaaaaaaaaaaaa/ct-x/").Soon();
        Assert.Equal("gone", (await script.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("kind").GetString());
    }

    private static async Task AssertRefused(Hub hub, Connected backend, string kind)
    {
        using var answer = await hub.Http.GetAsync(backend.PathUrl).Soon();
        Assert.Equal(kind, await Kind(answer));
    }

    private static async Task<string?> Kind(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("kind").GetString();
    }
}
