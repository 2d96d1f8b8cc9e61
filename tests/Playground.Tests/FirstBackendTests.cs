using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

public sealed class FirstBackendTests
{
    [Fact]
    public async Task Two_connects_start_two_processes_and_each_answers()
    {
        await using var hub = await Hub.Start();
        var service = hub.Service("serve");
        var first = await hub.Connect(service);
        var second = await hub.Connect(service);
        Assert.NotEqual(first.BackendId, second.BackendId);
        var answer = await hub.Http.GetFromJsonAsync<JsonElement>(first.Url);
        Assert.Equal("/", answer.GetProperty("target").GetString());
        var other = await hub.Http.GetFromJsonAsync<JsonElement>(second.PathUrl + "a/b?c=d");
        Assert.Equal("/a/b?c=d", other.GetProperty("target").GetString());
        Assert.NotEqual(
            (await hub.Status(first.BackendId)).GetProperty("pid").GetInt32(),
            (await hub.Status(second.BackendId)).GetProperty("pid").GetInt32());
    }
}
