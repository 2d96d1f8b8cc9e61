using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BrowserTech.Playground.Tests;

public sealed class ApiTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Theory]
    [InlineData("browsertech/nothing")]
    [InlineData("nobody/nothing")]
    [InlineData("Bad Name/..%2F")]
    public async Task A_service_that_does_not_exist_is_refused_in_words(string path)
    {
        using var response = await Hub.Http.PostAsync($"/v2/service/{path}/connect", null);
        await AssertError(response, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("{\"user\": \"admin\"}")]
    [InlineData("{\"auth\": {\"role\": \"owner\"}}")]
    public async Task Who_somebody_is_can_be_said_only_by_the_account(string body)
    {
        var address = $"/v2/service/{Hub.Account}/{Hub.Service("serve")}/connect";
        using var stranger = await Hub.Http.PostAsync(address, new StringContent(body));
        await AssertError(stranger, HttpStatusCode.BadRequest, "account_needed");
        using var account = Hub.AsAccount();
        using var answer = await account.PostAsync(address, new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_is_said_of_a_holder_is_short_enough_to_go_with_each_request()
    {
        var service = Hub.Service("serve");
        using var account = Hub.AsAccount();
        var longest = await Hub.ConnectAsAccount(service, new { auth = new string('x', 4094) });
        Assert.Equal(HttpStatusCode.OK, (await Hub.Http.GetAsync(longest.PathUrl)).StatusCode);
        using var refused = await account.PostAsJsonAsync($"/v2/service/{Hub.Account}/{service}/connect", new { auth = new string('x', 4095) });
        await AssertError(refused, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task A_service_that_is_not_public_looks_as_if_it_did_not_exist()
    {
        var service = Hub.Service("serve", change: each => each with { Public = false });
        using var response = await Hub.Post(service);
        await AssertError(response, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"key\"")]
    [InlineData("{\"key\": 7}")]
    [InlineData("{\"spawn\": {\"tag\": \"\\ud800\"}}")]
    [InlineData("{\"auth\": \"\\ud800\"}")]
    [InlineData("{\"auth\": {\"\\ud800\": 1}}")]
    [InlineData("{\"spawn\": {\"executable\": {\"\\ud800\": 1}}}")]
    [InlineData("{\"key\": \"a\\u0000b\"}")]
    [InlineData("{\"user\": \"a\\r\\nX-Verified-Backend: b\"}")]
    [InlineData("{\"auth\": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}")]
    public async Task A_body_that_makes_no_sense_is_refused_and_starts_nothing(string body)
    {
        var service = Hub.Service("serve");
        using var response = await Hub.Http.PostAsync(
            $"/v2/service/{Hub.Account}/{service}/connect", new StringContent(body, Encoding.UTF8, "application/json"));
        await AssertError(response, HttpStatusCode.BadRequest, "bad_request");
        Assert.DoesNotContain(Hub.Registry.Live, live => live.Spec.Service.Name.Value == service);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_it_says_its_size(bool saysSize)
    {
        var body = new StringContent($"{{\"key\":\"{new string('k', 100_000)}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/service/{Hub.Account}/{Hub.Service("serve")}/connect");
        request.Content = body;
        request.Headers.TransferEncodingChunked = !saysSize;
        using var response = await Hub.Http.SendAsync(request);
        await AssertError(response, HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task An_empty_body_is_enough_and_a_name_that_is_not_known_is_refused()
    {
        var service = Hub.Service("serve");
        using var empty = await Hub.Http.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
        Assert.Equal(HttpStatusCode.OK, empty.StatusCode);
        Assert.True((await Hub.Connect(service, new { spawn = new { lifetime_limit_seconds = 5 } })).Spawned);
        using var misspelt = await Hub.Post(service, new { kye = "x" });
        await AssertError(misspelt, HttpStatusCode.BadRequest, "bad_request");
        Assert.Contains("'kye'", await misspelt.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Who means to share one and whose key came out empty would get one alone.
        using var nameless = await Hub.Post(service, new { key = "" });
        await AssertError(nameless, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task A_misspelt_dry_run_ends_nothing()
    {
        var service = Hub.Service("serve");
        var backend = await Hub.Connect(service);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/service/{Hub.Account}/{service}/terminate-all-backends")
        {
            Content = new StringContent("{\"dryRun\": true}"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Hub.NewToken().Value);
        using var refused = await Hub.Http.SendAsync(request);
        await AssertError(refused, HttpStatusCode.BadRequest, "bad_request");
        Assert.True(Hub.Live(backend).Life.State < BrowserTech.Playground.Backends.BackendState.Terminating);
    }

    [Fact]
    public async Task Every_origin_may_call_but_never_with_credentials()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, $"/v2/service/{Hub.Account}/x/connect");
        preflight.Headers.Add("Origin", "null");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var allowed = await Hub.Http.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Contains("Authorization", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);

        using var refused = await Hub.Http.PostAsync($"/v2/service/{Hub.Account}/nothing/connect", null);
        foreach (var response in new[] { allowed, refused })
        {
            Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public void What_other_origins_may_call_is_marked_for_the_site()
    {
        var unsafeOnes = Hub.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(each => each.RoutePattern.RawText is { } text && (text.StartsWith("/v2", StringComparison.Ordinal) || text.StartsWith("/play", StringComparison.Ordinal)));
        Assert.NotEmpty(unsafeOnes);
        Assert.All(unsafeOnes, each => Assert.NotNull(each.Metadata.GetMetadata<CrossOriginAllowedAttribute>()));
    }

    [Fact]
    public async Task The_status_of_what_never_was_is_not_found()
    {
        using var unknown = await Hub.Http.GetAsync("/v2/backend/be-0123456789abcdef/status");
        await AssertError(unknown, HttpStatusCode.NotFound, "not_found");
        using var stream = await Hub.Http.GetAsync("/v2/backend/be-0123456789abcdef/status/stream");
        await AssertError(stream, HttpStatusCode.NotFound, "not_found");
        using var nonsense = await Hub.Http.GetAsync("/v2/backend/..%2F..%2F/status");
        await AssertError(nonsense, HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("MaxBackendsPerClient", "too_many_for_client")]
    [InlineData("MaxBackendsPerService", "too_many_for_service")]
    [InlineData("MaxBackends", "too_many")]
    public async Task A_full_hub_says_which_limit_is_reached_and_has_room_again_when_one_ends(string limit, string kind)
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:" + limit] = "2" });
        var service = hub.Service("serve");
        var burst = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => hub.Post(service)));
        Assert.Equal(2, burst.Count(each => each.IsSuccessStatusCode));
        await AssertError(burst.First(each => !each.IsSuccessStatusCode), HttpStatusCode.TooManyRequests, kind);

        var live = hub.Registry.Live.First();
        await hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(live.Id, hard: true);
        await live.Ended.Soon();
        // Room is given back together with the end; a connect that follows has it.
        await hub.Connect(service);
    }

    [Fact]
    public async Task Asking_too_often_is_refused_in_words_with_a_time_to_try_again()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:ConnectsPerMinute"] = "3" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => hub.Post("nothing")));
        Assert.Equal(3, answers.Count(each => each.StatusCode == HttpStatusCode.NotFound));
        var refused = answers.First(each => each.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("*", refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
        await AssertError(refused, HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task Asking_about_made_up_backends_is_limited_and_each_refusal_says_why()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:CallsPerMinute"] = "3" });
        string[] questions = ["status", "status/stream", "ready", "status"];
        var answers = new List<HttpResponseMessage>();
        foreach (var question in questions)
            answers.Add(await hub.Http.GetAsync($"/v2/backend/{Backends.BackendId.New()}/{question}"));
        Assert.All(answers[..3], each => Assert.Equal(HttpStatusCode.NotFound, each.StatusCode));
        Assert.NotNull(answers[3].Headers.RetryAfter);
        await AssertError(answers[3], HttpStatusCode.TooManyRequests, "too_many_requests");
        using var other = await hub.Http.PostAsync($"/v2/backend/{Backends.BackendId.New()}/terminate", null);
        await AssertError(other, HttpStatusCode.TooManyRequests, "too_many_requests");
        await hub.Connect(hub.Service("serve")); // which has a limit of its own
    }

    [Fact]
    public async Task One_client_can_keep_only_so_many_calls_open_and_has_room_again_when_one_closes()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:HeldCallsPerClient"] = "2" });
        var backend = await hub.Connect(hub.Service("never-ready"));
        var live = hub.Live(backend);
        var stream = $"/v2/backend/{backend.BackendId}/status/stream";
        using var first = await hub.Http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        using var second = await hub.Http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        using var third = await hub.Http.GetAsync(stream);
        await AssertError(third, HttpStatusCode.TooManyRequests, "too_many_held");
        using var ready = await hub.Http.GetAsync(backend.ReadyUrl);
        await AssertError(ready, HttpStatusCode.TooManyRequests, "too_many_held");
        await hub.Status(backend.BackendId); // is not held, so it is answered

        await hub.Services.GetRequiredService<Organizers.ISessionBackends>().TerminateAsync(live.Id, hard: true);
        Assert.Contains("id: terminated", await first.Content.ReadAsStringAsync().Soon(), StringComparison.Ordinal);
        Assert.Contains("id: terminated", await second.Content.ReadAsStringAsync().Soon(), StringComparison.Ordinal);
        var again = await hub.Http.GetAsync(stream).Soon();
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Addresses_are_given_for_the_host_the_caller_came_by()
    {
        var service = Hub.Service("serve");
        var local = await Hub.Connect(service);
        Assert.StartsWith($"http://{local.BackendId}.play.localhost:{Hub.Origin.Port}/?token=", local.Url, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/service/{Hub.Account}/{service}/connect");
        request.Headers.Host = "192.168.1.7:5080";
        using var response = await Hub.Http.SendAsync(request);
        var far = await response.Content.ReadFromJsonAsync<Connected>();
        Assert.StartsWith($"http://192.168.1.7:5080/play/{far!.BackendId}/", far.Url, StringComparison.Ordinal);
    }

    internal static async Task AssertError(HttpResponseMessage response, HttpStatusCode status, string kind)
    {
        Assert.Equal(status, response.StatusCode);
        var error = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["id", "kind", "message"], error.EnumerateObject().Select(each => each.Name));
        Assert.Equal(kind, error.GetProperty("kind").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }
}
