using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

public sealed class StartingTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task Two_connects_start_two_processes_and_each_answers_by_host_and_by_path()
    {
        var service = Hub.Service("serve");
        var first = await Hub.Connect(service);
        var second = await Hub.Connect(service);
        Assert.True(first.Spawned && second.Spawned);
        Assert.NotEqual(first.BackendId, second.BackendId);

        using var a = await Hub.Open(first);
        using var b = await Hub.Open(second);
        var byHost = await Hub.Http.GetFromJsonAsync<JsonElement>(first.Url);
        Assert.Equal("/", byHost.GetProperty("target").GetString());
        var byPath = await Hub.Http.GetFromJsonAsync<JsonElement>(second.PathUrl + "a/b%20c?d=%2F");
        Assert.Equal("/a/b%20c?d=%2F", byPath.GetProperty("target").GetString());
        Assert.NotEqual(
            (await Hub.Status(first.BackendId)).GetProperty("pid").GetInt32(),
            (await Hub.Status(second.BackendId)).GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Its_states_are_told_in_order_and_a_resumed_stream_tells_only_the_later_ones()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        using (await Hub.Open(backend))
        {
            await Hub.Live(backend).Until(BackendState.Ready);
        }

        var all = await Hub.Http.GetStringAsync($"/v2/backend/{backend.BackendId}/status/stream").Soon();
        Assert.Equal(
            ["scheduled", "loading", "starting", "waiting", "ready", "terminating", "terminated"], Ids(all));
        var data = all.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        var last = JsonDocument.Parse(data).RootElement;
        Assert.Equal("idle", last.GetProperty("reason").GetString());
        Assert.Equal("swept", last.GetProperty("termination_reason").GetString());
        Assert.Equal("soft", last.GetProperty("termination_kind").GetString());

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/backend/{backend.BackendId}/status/stream");
        request.Headers.Add("Last-Event-ID", "ready");
        using var resumed = await Hub.Http.SendAsync(request);
        Assert.Equal(["terminating", "terminated"], Ids(await resumed.Content.ReadAsStringAsync().Soon()));
    }

    [Fact]
    public async Task A_crash_at_start_is_told_at_once_with_the_last_words_of_the_program()
    {
        var backend = await Hub.Connect(Hub.Service("crash-at-start"));
        using var held = await Hub.Http.GetAsync(backend.Url).Soon();
        Assert.Equal(HttpStatusCode.BadGateway, held.StatusCode);
        var error = await held.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("start_failed", error.GetProperty("kind").GetString());
        Assert.Contains("exited with code 3", error.GetProperty("message").GetString(), StringComparison.Ordinal);

        var status = await Hub.Status(backend.BackendId);
        Assert.Equal("terminated", status.GetProperty("status").GetString());
        Assert.Equal(3, status.GetProperty("exit_code").GetInt32());
        Assert.Equal("no such database: points.duckdb", Assert.Single(status.GetProperty("last_output").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        var service = Hub.Service("serve", change: each => each with { Command = ["./not-built"] });
        var backend = await Hub.Connect(service);
        using var ready = await Hub.Http.GetAsync(backend.ReadyUrl).Soon();
        Assert.Equal(HttpStatusCode.BadGateway, ready.StatusCode);
        var status = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("not-built", status.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("../session-backend/x")]
    public async Task A_command_cannot_leave_its_folder(string program)
    {
        var backend = await Hub.Connect(Hub.Service("serve", change: each => each with { Command = [program] }));
        using var ready = await Hub.Http.GetAsync(backend.ReadyUrl).Soon();
        Assert.Contains("inside the backend's folder|outside the backend's folder".Split('|'),
            (await ready.Content.ReadAsStringAsync()).Contains);
    }

    [Fact]
    public async Task A_request_that_comes_early_is_held_until_the_backend_is_ready()
    {
        var backend = await Hub.Connect(Hub.Service("wait-for-file"));
        var live = Hub.Live(backend);
        await live.Until(BackendState.Waiting);
        var early = Hub.Http.GetAsync(backend.Url);
        await live.Until(each => each.Usage().Connections == 1);
        Assert.False(early.IsCompleted);
        Assert.Equal(BackendState.Waiting, live.Life.State);

        // Made, not written to: the folder is for sockets.
        await using (new FileStream(Path.Combine(Hub.FolderOf(backend), "go"), FileMode.CreateNew))
        {
        }

        using var answer = await early.Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_backend_that_says_it_is_ready_is_believed_before_it_listens()
    {
        var backend = await Hub.Connect(Hub.Service("notify-only"));
        using var ready = await Hub.Http.GetAsync(backend.ReadyUrl).Soon();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var unreachable = await Hub.Http.GetAsync(backend.Url).Soon();
        Assert.Equal(HttpStatusCode.BadGateway, unreachable.StatusCode);
        Assert.Contains("backend_unreachable", await unreachable.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_after_ready_ends_it_with_its_exit_code()
    {
        var backend = await Hub.Connect(Hub.Service("serve"));
        var live = Hub.Live(backend);
        using var answer = await Hub.Http.GetAsync(backend.PathUrl + "exit").Soon();
        Assert.True(answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.Gone);
        await live.Ended.Soon();
        var status = await Hub.Status(backend.BackendId);
        Assert.Equal("exited", status.GetProperty("reason").GetString());
        Assert.Equal(7, status.GetProperty("exit_code").GetInt32());
        Assert.True(status.GetProperty("exit_error").GetBoolean());
    }

    private static string[] Ids(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..])];
}
