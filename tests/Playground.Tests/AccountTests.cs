using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

public sealed class AccountTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public void A_token_is_read_as_it_was_written_and_shows_its_secret_to_no_log()
    {
        var token = AccountToken.New();
        Assert.True(AccountToken.TryParse(token.Value, out var read));
        Assert.Equal((token.Value, token.Id, token.Hash()), (read.Value, read.Id, read.Hash()));
        Assert.Contains('.', token.Value);
        Assert.DoesNotContain(token.Value.Split('.')[1], token.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(token.Hash(), AccountToken.New().Hash());
        foreach (var bad in new[] { null, "", token.Value[..^1], token.Value + "0", token.Value.Replace('.', '-'), token.Value.ToUpperInvariant(), token.Id.Value })
            Assert.False(AccountToken.TryParse(bad, out _));
    }

    [Fact]
    public async Task Its_services_answer_their_account_whether_or_not_they_are_public()
    {
        var service = Hub.Service("serve", change: each => each with { Public = false });
        using var account = Hub.AsAccount();
        using var made = await account.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var backend = await made.Content.ReadFromJsonAsync<Connected>();
        var list = await account.GetFromJsonAsync<JsonElement>($"/v2/account/{Hub.Account}/services");
        Assert.Contains(list.GetProperty("services").EnumerateArray(), each => each.GetString() == service);

        // The token of the one backend opens that backend and nothing of its account.
        using var holder = Hub.With(backend!.Token);
        using var listed = await holder.GetAsync($"/v2/account/{Hub.Account}/services");
        await ApiTests.AssertError(listed, HttpStatusCode.Unauthorized, "unauthorized");
        using var again = await holder.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
        await ApiTests.AssertError(again, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_token_that_is_wrong_revoked_or_somebody_elses_opens_nothing()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:TokenTriesPerMinute"] = "10000" });
        var service = hub.Service("serve");
        var backend = await hub.Connect(service);
        var revoked = hub.NewToken();
        hub.Revoke(revoked);
        string[] reads =
        [
            $"/v2/account/{Hub.Account}/services", $"/v2/account/{Hub.Account}/backends", $"/v2/service/{Hub.Account}/{service}",
            $"/v2/service/{Hub.Account}/{service}/backends", $"/v2/service/{Hub.Account}/{service}/images", $"/v2/backend/{backend.BackendId}",
            $"/v2/backend/{backend.BackendId}/logs/stream", $"/v2/backend/{backend.BackendId}/metrics/stream",
        ];
        string[] writes = [$"/v2/service/{Hub.Account}/{service}/terminate-all-backends", $"/v2/backend/{backend.BackendId}/terminate", $"/v2/backend/{backend.BackendId}/revoke"];
        foreach (var (bearer, status, kind) in new[]
                 {
                     ("nonsense", HttpStatusCode.Unauthorized, "unauthorized"), (AccountToken.New().Value, HttpStatusCode.Unauthorized, "unauthorized"),
                     (revoked.Value, HttpStatusCode.Unauthorized, "unauthorized"), (hub.NewToken("elsewhere").Value, HttpStatusCode.Forbidden, "forbidden"),
                 })
        {
            using var http = hub.With(bearer);
            foreach (var path in reads)
            {
                using var answer = await http.GetAsync(path);
                await ApiTests.AssertError(answer, status, kind);
                if (status == HttpStatusCode.Unauthorized) Assert.NotEmpty(answer.Headers.WwwAuthenticate);
            }

            foreach (var path in writes)
            {
                using var answer = await http.PostAsync(path, null);
                await ApiTests.AssertError(answer, status, kind);
            }
        }

        foreach (var path in reads)
        {
            using var answer = await hub.Http.GetAsync(path);
            await ApiTests.AssertError(answer, HttpStatusCode.Unauthorized, "unauthorized");
        }

        Assert.NotEqual(BackendState.Terminated, hub.Live(backend).Life.State);
        string[] open = [$"/v2/backend/{backend.BackendId}/status", $"/v2/backend/{backend.BackendId}/status/stream", $"/v2/backend/{backend.BackendId}/ready"];
        foreach (var path in open)
        {
            foreach (var (bearer, status) in new[]
                     {
                         ("nonsense", HttpStatusCode.Unauthorized), ("ct-cut-off", HttpStatusCode.Unauthorized), (revoked.Value, HttpStatusCode.Unauthorized),
                         (ConnectionToken.New().Value, HttpStatusCode.Forbidden), ((await hub.Connect(service)).Token, HttpStatusCode.Forbidden),
                     })
            {
                using var http = hub.With(bearer);
                using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                await ApiTests.AssertError(answer, status, status == HttpStatusCode.Forbidden ? "forbidden" : "unauthorized");
            }

            foreach (var bearer in new[] { backend.Token, hub.NewToken().Value })
            {
                using var http = hub.With(bearer);
                using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        using var holder = hub.With(backend.Token);
        using var anothers = await holder.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
        await ApiTests.AssertError(anothers, HttpStatusCode.Unauthorized, "unauthorized");
        // Who acts for nobody by mistake is told, and does not go on as a stranger.
        using var mistaken = hub.With(revoked.Value);
        using var refused = await mistaken.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
        await ApiTests.AssertError(refused, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Trying_tokens_is_bounded_and_does_not_keep_out_who_has_a_good_one()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:TokenTriesPerMinute"] = "3" });
        var token = hub.NewToken();
        using var good = hub.With(token.Value);
        Assert.Equal("ok", (await good.GetFromJsonAsync<JsonElement>("/auth")).GetProperty("status").GetString());

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 6; i++)
        {
            using var guess = hub.With(AccountToken.New().Value);
            using var answer = await guess.GetAsync("/auth");
            answers.Add(answer.StatusCode);
            if (i == 5) await ApiTests.AssertError(answer, HttpStatusCode.TooManyRequests, "too_many_attempts");
        }

        Assert.Equal(2, answers.Count(each => each == HttpStatusCode.Unauthorized));
        using var still = await good.GetAsync("/auth");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        hub.Revoke(token);
        using var over = await good.GetAsync("/auth");
        Assert.Equal(HttpStatusCode.Unauthorized, over.StatusCode);
    }

    [Fact]
    public async Task An_account_may_run_more_at_once_than_one_visitor_may()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:MaxBackendsPerClient"] = "1" });
        var service = hub.Service("serve");
        await hub.Connect(service);
        using var full = await hub.Post(service);
        await ApiTests.AssertError(full, HttpStatusCode.TooManyRequests, "too_many_for_client");
        using var account = hub.AsAccount();
        for (var i = 0; i < 3; i++)
        {
            using var made = await account.PostAsync($"/v2/service/{Hub.Account}/{service}/connect", null);
            Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        }
    }

    [Fact]
    public async Task A_backend_is_ended_by_its_account_as_by_who_holds_it()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        var live = Hub.Live(backend);
        using var account = Hub.AsAccount();
        using var ended = await account.PostAsJsonAsync($"/v2/backend/{backend.BackendId}/terminate", new { hard = true });
        Assert.Equal(HttpStatusCode.Accepted, ended.StatusCode);
        await live.Ended.Soon();
        Assert.Equal(EndReason.Requested, live.Life.Reason);

        using var late = await account.PostAsync($"/v2/backend/{backend.BackendId}/terminate", null);
        await ApiTests.AssertError(late, HttpStatusCode.Gone, "gone");
        var info = await account.GetFromJsonAsync<JsonElement>($"/v2/backend/{backend.BackendId}");
        var last = info.GetProperty("statuses").EnumerateArray().Last();
        Assert.Equal(("terminated", "external", "hard"), (Text(last, "status"), Text(last, "termination_reason"), Text(last, "termination_kind")));
    }

    [Fact]
    public async Task Taking_a_users_tokens_back_cuts_them_off_and_nobody_else()
    {
        var service = Hub.Service("serve");
        var kim = await Hub.ConnectAsAccount(service, new { key = "k", user = "kim" });
        var kimAgain = await Hub.ConnectAsAccount(service, new { key = "k", user = "kim" });
        var sam = await Hub.ConnectAsAccount(service, new { key = "k", user = "sam" });
        using var kimSocket = await Hub.Open(kim);
        using var samSocket = await Hub.Open(sam);
        using var account = Hub.AsAccount();

        Assert.Equal(2, await Revoke(new { user = "kim" }));
        var cut = await kimSocket.ReceiveAsync(new byte[64], Hub.Limit.Token);
        Assert.Equal((WebSocketMessageType.Close, 4403, "revoked"), (cut.MessageType, (int)kimSocket.CloseStatus!, kimSocket.CloseStatusDescription));
        using var late = await Hub.Http.GetAsync(kimAgain.Url);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        await samSocket.SendAsync("still here"u8.ToArray(), WebSocketMessageType.Text, true, Hub.Limit.Token);
        Assert.Equal(10, (await samSocket.ReceiveAsync(new byte[64], Hub.Limit.Token)).Count);

        Assert.Equal(1, await Revoke(new { token = sam.Token }));
        Assert.Equal(0, await Revoke(new { token = sam.Token }));
        Assert.Equal(WebSocketMessageType.Close, (await samSocket.ReceiveAsync(new byte[64], Hub.Limit.Token)).MessageType);

        foreach (var nonsense in new object[] { new { }, new { user = "kim", token = sam.Token }, new { token = "nonsense" }, new { user = 7 } })
        {
            using var refused = await account.PostAsJsonAsync($"/v2/backend/{kim.BackendId}/revoke", nonsense);
            await ApiTests.AssertError(refused, HttpStatusCode.BadRequest, "bad_request");
        }

        using var holder = Hub.With((await Hub.Connect(service, new { key = "k" })).Token);
        using var stranger = await holder.PostAsJsonAsync($"/v2/backend/{kim.BackendId}/revoke", new { user = "kim" });
        await ApiTests.AssertError(stranger, HttpStatusCode.Unauthorized, "unauthorized");

        async Task<int> Revoke(object body)
        {
            using var answer = await account.PostAsJsonAsync($"/v2/backend/{kim.BackendId}/revoke", body);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("revoked").GetInt32();
        }
    }

    [Fact]
    public async Task Lists_hold_what_runs_now_and_are_narrowed_by_service_key_and_state()
    {
        var service = Hub.Service("serve");
        var one = await Hub.Connect(service, new { key = "red" });
        var two = await Hub.Connect(service, new { key = "blue" });
        var waiting = await Hub.Connect(Hub.Service("never-ready"));
        await Hub.Live(one).Until(BackendState.Ready);
        await Hub.Live(two).Until(BackendState.Ready);
        await Hub.Live(waiting).Until(BackendState.Waiting);
        using var account = Hub.AsAccount();

        Assert.Equal([two.BackendId, one.BackendId], await List($"/v2/service/{Hub.Account}/{service}/backends"));
        Assert.Equal([one.BackendId], await List($"/v2/account/{Hub.Account}/backends?service={service}&key=red"));
        Assert.Equal([two.BackendId, one.BackendId], await List($"/v2/account/{Hub.Account}/backends?service={service}&status=ready"));
        Assert.Contains(waiting.BackendId, await List($"/v2/account/{Hub.Account}/backends?status=waiting"));
        Assert.Empty(await List($"/v2/service/{Hub.Account}/{service}/backends?status=waiting"));
        using var wrong = await account.GetAsync($"/v2/account/{Hub.Account}/backends?status=asleep");
        await ApiTests.AssertError(wrong, HttpStatusCode.BadRequest, "bad_request");
        using var misspelt = await account.GetAsync($"/v2/account/{Hub.Account}/backends?sevice={service}");
        await ApiTests.AssertError(misspelt, HttpStatusCode.BadRequest, "bad_request");

        async Task<string?[]> List(string path) =>
            [.. (await account.GetFromJsonAsync<JsonElement>(path)).GetProperty("running_backends").EnumerateArray().Select(each => Text(each, "id"))];
    }

    [Fact]
    public async Task All_backends_of_a_service_made_before_a_moment_are_counted_or_ended()
    {
        var service = Hub.Service("serve");
        var first = await Hub.Connect(service);
        var firstLife = Hub.Live(first);
        var second = await Hub.Connect(service);
        var secondLife = Hub.Live(second);
        var other = await Hub.Connect(Hub.Service("serve"));
        using var account = Hub.AsAccount();
        var path = $"/v2/service/{Hub.Account}/{service}/terminate-all-backends";
        var between = secondLife.View().CreatedAt;

        Assert.Equal((1, 0, false), await Call(new { before = between, dry_run = true }));
        Assert.True(firstLife.Life.Joinable);
        Assert.Equal((1, 1, true), await Call(new { before = between, hard = true }));
        await firstLife.Ended.Soon();
        Assert.Equal((1, 1, true), await Call(new { }));
        await secondLife.Ended.Soon();
        Assert.Equal((0, 0, true), await Call(new { dry_run = true }));
        Assert.True(Hub.Live(other).Life.Joinable);
        using var wrong = await account.PostAsJsonAsync(path, new { before = "yesterday" });
        await ApiTests.AssertError(wrong, HttpStatusCode.BadRequest, "bad_request");
        using var misspelt = await account.GetAsync($"/v2/account/{Hub.Account}/backends?sevice={service}");
        await ApiTests.AssertError(misspelt, HttpStatusCode.BadRequest, "bad_request");

        async Task<(int, int, bool)> Call(object body)
        {
            using var answer = await account.PostAsJsonAsync(path, body);
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (json.GetProperty("backend_count").GetInt32(), json.GetProperty("terminated_count").GetInt32(), json.GetProperty("is_complete").GetBoolean());
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
