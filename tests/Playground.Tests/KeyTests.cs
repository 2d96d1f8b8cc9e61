using System.Globalization;
using System.Net;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Tests;

public sealed class KeyTests(SharedHub shared)
{
    private Hub Hub => shared.Hub;

    [Fact]
    public async Task Two_hundred_connects_with_one_key_at_the_same_time_make_one_process()
    {
        var service = Hub.Service("serve");
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Hub.Connect(service, new { key = "room" }))).Soon();
        Assert.Single(all.Select(each => each.BackendId).Distinct());
        Assert.Single(all, each => each.Spawned);
        Assert.Equal(200, all.Select(each => each.Token).Distinct().Count());
        Assert.Single(Hub.Registry.Live, live => live.Spec.Service.Name.Value == service);

        using var first = await Hub.Open(all[0]);
        using var second = await Hub.Open(all[1]);
        Assert.Equal(2, Hub.Live(all[0]).View().Clients);
    }

    [Fact]
    public async Task Another_key_or_another_service_has_another_process()
    {
        var service = Hub.Service("serve");
        var one = await Hub.Connect(service, new { key = "a/b" });
        var other = await Hub.Connect(service, new { key = "a" });
        var elsewhere = await Hub.Connect(Hub.Service("serve"), new { key = "a/b" });
        Assert.Equal(3, new[] { one.BackendId, other.BackendId, elsewhere.BackendId }.Distinct().Count());
    }

    [Fact]
    public async Task A_key_whose_backend_is_ending_gets_a_new_one_with_a_higher_fencing_token()
    {
        var service = Hub.Service("ignore-term");
        var first = await Hub.Connect(service, new { key = "k" });
        var live = Hub.Live(first);
        await live.Until(BackendState.Ready);
        await Hub.Services.GetService(typeof(Organizers.ISessionBackends)).AsOrganizer().TerminateAsync(live.Id, hard: false);
        Assert.Equal(BackendState.Terminating, live.Life.State);

        var second = await Hub.Connect(service, new { key = "k" });
        Assert.True(second.Spawned);
        Assert.NotEqual(first.BackendId, second.BackendId);
        Assert.True(Number(second) > Number(first));
        Assert.False((await Hub.Connect(service, new { key = "k" })).Spawned);

        // The end of the first one does not take the key away from the second.
        await Hub.Services.GetService(typeof(Organizers.ISessionBackends)).AsOrganizer().TerminateAsync(live.Id, hard: true);
        await live.Ended.Soon();
        Assert.Equal(second.BackendId, (await Hub.Connect(service, new { key = "k" })).BackendId);
    }

    [Fact]
    public async Task Fencing_tokens_keep_growing_after_the_hub_was_started_again()
    {
        var data = Directory.CreateTempSubdirectory("playground-data-");
        try
        {
            List<long> numbers = [];
            for (var run = 0; run < 2; run++)
            {
                await using var hub = await Hub.Start(data: data);
                var service = hub.Service("serve");
                for (var i = 0; i < 3; i++) numbers.Add(Number(await hub.Connect(service)));
            }

            Assert.Equal(numbers.Order(), numbers);
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Joining_only_finds_a_held_key_and_refuses_a_free_one()
    {
        var service = Hub.Service("serve");
        using var refused = await Hub.Post(service, new { key = "later", spawn = false });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var held = await Hub.Connect(service, new { key = "later" });
        var joined = await Hub.Connect(service, new { key = "later", spawn = false });
        Assert.Equal((held.BackendId, false), (joined.BackendId, joined.Spawned));
    }

    [Fact]
    public async Task Who_names_a_tag_is_refused_a_key_that_is_held_under_another_and_whoever_names_none_takes_what_there_is()
    {
        var service = Hub.Service("serve");
        var first = await Hub.Connect(service, new { key = "k", spawn = new { tag = "v1" } });
        using var refused = await Hub.Post(service, new { key = "k", spawn = new { tag = "v2" } });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("\"kind\":\"key_held\"", text, StringComparison.Ordinal);
        Assert.Contains("'v1'", text, StringComparison.Ordinal);
        Assert.Equal(first.BackendId, (await Hub.Connect(service, new { key = "k", spawn = new { tag = "v1" } })).BackendId);
        Assert.Equal(first.BackendId, (await Hub.Connect(service, new { key = "k" })).BackendId);
        Assert.Equal(first.BackendId, (await Hub.Connect(service, new { key = "k", spawn = false })).BackendId);

        // A refusal takes nothing away, and who comes when the holder is gone is not held to its tag.
        await Hub.Services.GetService(typeof(Organizers.ISessionBackends)).AsOrganizer().TerminateAsync(Hub.Live(first).Id, hard: true);
        var second = await Hub.Connect(service, new { key = "k", spawn = new { tag = "v2" } });
        Assert.True(second.Spawned);
        using var old = await Hub.Post(service, new { key = "k", spawn = new { tag = "v1" } });
        Assert.Equal(HttpStatusCode.Conflict, old.StatusCode);
    }

    [Fact]
    public async Task A_second_connect_says_how_far_the_backend_is_by_then()
    {
        var service = Hub.Service("serve");
        var first = await Hub.Connect(service, new { key = "k" });
        Assert.True(first.Spawned);
        await Hub.Live(first).Until(BackendState.Ready);
        var second = await Hub.Connect(service, new { key = "k" });
        Assert.Equal((false, "ready"), (second.Spawned, second.Status));
        Assert.Equal(first.FencingToken, second.FencingToken);
    }

    private static long Number(Connected backend) => long.Parse(backend.FencingToken, CultureInfo.InvariantCulture);
}

internal static class Organising
{
    public static Organizers.ISessionBackends AsOrganizer(this object? service) => (Organizers.ISessionBackends)service!;
}
