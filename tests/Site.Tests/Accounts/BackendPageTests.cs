using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace BrowserTech.Site.Tests.Accounts;

public sealed class BackendPageTests(AccountHub hub)
{
    [Fact]
    public async Task An_organiser_sees_what_a_backend_went_through_and_said_and_stops_it()
    {
        using var made = await hub.Http.PostAsJsonAsync($"/v2/service/{AccountHub.Account}/{AccountHub.Service}/connect", new { key = "a <room>" });
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("backend_id").GetString()!;
        using var ready = await hub.Http.GetAsync($"/v2/backend/{id}/ready");
        using var http = hub.With(await hub.NewTokenAsync());
        using (var logs = await http.GetAsync($"/v2/backend/{id}/logs/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await logs.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line && line != "data: second words")
            {
            }
        }

        using var organizer = await hub.SignInAsync();
        Assert.Contains($"/organize/backends/{id}", await organizer.GetStringAsync("/organize/backends"), StringComparison.Ordinal);
        var page = await organizer.GetStringAsync($"/organize/backends/{id}");
        foreach (var text in (string[])["scheduled", "loading", "starting", "waiting", "ready", "after ", "first words&#xA;second words", "key a &lt;room&gt;", "All of it."])
            Assert.Contains(text, page, StringComparison.Ordinal);

        using var stopped = await RunningHub.PostAsync(organizer, $"/organize/backends/{id}", "stop");
        Assert.Equal(HttpStatusCode.Redirect, stopped.StatusCode);
        var states = await hub.Http.GetStringAsync($"/v2/backend/{id}/status/stream");
        Assert.Contains("\"reason\":\"organizer\"", states, StringComparison.Ordinal);
        var over = await organizer.GetStringAsync($"/organize/backends/{id}");
        Assert.Contains("An organiser stopped the process.", over, StringComparison.Ordinal);
        Assert.DoesNotContain(">Stop</button>", over, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("be-0123456789abcdef")]
    [InlineData("nonsense")]
    public async Task A_backend_nobody_knows_is_not_found(string id)
    {
        using var organizer = await hub.SignInAsync();
        using var answer = await organizer.GetAsync($"/organize/backends/{id}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
