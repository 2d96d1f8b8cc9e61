using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BrowserTech.Playground.Capacity;
using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Organizers;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BrowserTech.Playground.Tests;

public sealed class QueueTests
{
    [Fact]
    public async Task Who_finds_every_place_taken_waits_and_hears_where_they_stand_until_it_is_their_turn()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?> { ["Playground:MaxBackends"] = "1" });
        var service = hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(5) });
        var first = await hub.Connect(service);

        using var second = await Waiting.Join(hub, service);
        Assert.Equal("queued 1 of 1: too_many", await second.Next());
        using var third = await Waiting.Join(hub, service);
        Assert.Equal("queued 2 of 2: too_many", await third.Next());
        Assert.Equal("queued 1 of 2: too_many", await second.Next());

        // Who closes the tab holds up nobody.
        second.Dispose();
        Assert.Equal("queued 1 of 1: too_many", await third.Next());

        // Nobody who comes later, and will not wait, gets in between.
        await hub.Services.GetRequiredService<ISessionBackends>().TerminateAsync(hub.Live(first).Id, hard: true);
        Assert.StartsWith("connected be-", await third.Next(), StringComparison.Ordinal);
        using var late = await hub.Post(service);
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        using var answer = await hub.Http.GetAsync(third.PathUrl).Soon();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_need_not_wait_is_connected_on_the_same_stream_and_a_queue_that_is_full_says_so()
    {
        await using var hub = await Hub.Start(new Dictionary<string, string?>
        {
            ["Playground:MaxBackends"] = "1", ["Playground:MaxWaiting"] = "1",
        });
        var service = hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(5) });
        using var first = await Waiting.Join(hub, service);
        Assert.StartsWith("connected be-", await first.Next(), StringComparison.Ordinal);
        using var second = await Waiting.Join(hub, service);
        Assert.Equal("queued 1 of 1: too_many", await second.Next());
        using var third = await Waiting.Ask(hub, service);
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal("queue_full", (await third.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("kind").GetString());
    }

    [Fact]
    public void A_full_queue_lets_in_who_has_no_place_in_it_for_the_last_of_who_has_many()
    {
        var places = new Places(Microsoft.Extensions.Options.Options.Create(new PlaygroundOptions { MaxBackends = 0, MaxWaiting = 4, MaxWaitingPerClient = 4 }));
        Place Of(string client) => new(Hub.Account, ServiceName.Parse("s"), null, client, ByAccount: false);
        var many = Enumerable.Range(0, 4).Select(_ => places.Wait(Of("many"))!).ToList();
        Assert.Null(places.Wait(Of("many")));
        using var one = places.Wait(Of("one"));
        Assert.NotNull(one);
        Assert.Equal([false, false, false, true], many.Select(each => each.Now().State == TicketState.Displaced));
        Assert.Equal(2, one.Now().Standing!.Position);
        using var other = places.Wait(Of("other"));
        Assert.Equal([false, false, true, true], many.Select(each => each.Now().State == TicketState.Displaced));
        foreach (var ticket in many) ticket.Dispose();
        Assert.Equal(2, places.Waiting);
    }

    [Fact]
    public void One_person_with_one_tab_does_not_wait_behind_another_with_many()
    {
        var order = FairOrder.Sort(["a1", "a2", "a3", "b1", "c1", "b2"], each => each[..1], client => client == "c" ? 1 : 0);
        Assert.Equal(["a1", "b1", "a2", "c1", "b2", "a3"], order);
    }

    [Fact]
    public void The_order_is_fair_whoever_waits()
    {
        Gen.Select(Gen.Int[0, 4].Array[0, 20], Gen.Int[0, 3].Array[5]).Sample((clients, held) =>
        {
            var waiting = clients.Select((client, arrival) => (Client: client, Arrival: arrival)).ToList();
            var order = FairOrder.Sort(waiting, each => $"{each.Client}", client => held[int.Parse(client)]);
            Assert.Equal(waiting, order.OrderBy(each => each.Arrival));
            var served = held.ToArray();
            foreach (var (client, arrival) in order)
            {
                // Nobody who still waits had fewer than the one who is served now, before this one.
                var others = order.SkipWhile(each => each.Arrival != arrival).Select(each => each.Client);
                Assert.All(others, other => Assert.True(served[client] <= served[other]));
                served[client]++;
            }
        });
    }

    [Fact]
    public void No_limit_is_ever_passed_and_no_place_is_free_while_somebody_waits_who_fits()
    {
        var options = new PlaygroundOptions { MaxBackends = 6, MaxBackendsPerService = 3, MaxBackendsPerClient = 2, MaxWaiting = 20 };
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 4]).Array[0, 60].Sample(steps =>
        {
            var places = new Places(Options.Create(options));
            var taken = new List<Place>();
            var tickets = new List<Places.Ticket>();
            foreach (var (what, service, client) in steps)
            {
                var place = new Place(Hub.Account, ServiceName.Parse($"s{service}"), null, $"c{client}", ByAccount: false);
                switch (what)
                {
                    case 0 when places.TryTake(place, ticket: null) is null:
                        taken.Add(place);
                        break;
                    case 1 when places.Wait(place) is { } ticket:
                        tickets.Add(ticket);
                        break;
                    case 2 when taken.Count > 0:
                        places.GiveBack(taken[0]);
                        taken.RemoveAt(0);
                        break;
                    case 3 when tickets.Count > 0:
                        tickets[0].Dispose();
                        tickets.RemoveAt(0);
                        break;
                    case 4 when tickets.Find(IsGranted) is { } turn:
                        // The author may have changed the service since the place was asked for.
                        var changed = turn.Place with { OfService = client };
                        tickets.Remove(turn);
                        if (places.TryTake(changed, turn.Id) is null) taken.Add(changed);
                        turn.Dispose();
                        break;
                }

                var granted = tickets.Where(ticket => IsGranted(ticket)).Select(ticket => ticket.Place);
                var all = taken.Concat(granted).ToList();
                Assert.True(all.Count <= options.MaxBackends);
                Assert.All(all.GroupBy(each => each.Service), group => Assert.True(group.Count() <= options.MaxBackendsPerService));
                Assert.All(all.GroupBy(each => each.Client), group => Assert.True(group.Count() <= options.MaxBackendsPerClient));
                Assert.All(tickets.Where(ticket => !IsGranted(ticket)), ticket => Assert.NotNull(Room.Judge(
                    new Occupancy(all.Count, all.Count(each => each.Service == ticket.Place.Service), all.Count(each => each.Client == ticket.Place.Client)),
                    options, ticket.Place)));
            }
        });
    }

    [Fact]
    public async Task Who_waits_is_woken_by_every_grant_whenever_it_comes()
    {
        var places = new Places(Options.Create(new PlaygroundOptions { MaxBackends = 1 }));
        var place = new Place(Hub.Account, ServiceName.Parse("s"), null, "c", ByAccount: false);
        Assert.Null(places.TryTake(place, ticket: null));
        for (var i = 0; i < 20_000; i++)
        {
            var ticket = places.Wait(place)!;
            // On another thread, so that the grant comes at any moment of the waiter's own steps.
            var giving = Task.Run(() => places.GiveBack(place));
            while (ticket.Now() is { State: TicketState.Waiting } now) await now.Changed.Soon();
            await giving;
            Assert.Null(places.TryTake(place, ticket.Id));
        }
    }

    [Fact]
    public async Task Who_cannot_be_given_the_place_that_was_waited_for_is_told_with_a_number_in_the_log()
    {
        var folder = Directory.CreateTempSubdirectory("fencing-");
        using var counter = new Keys.FencingCounter(folder.FullName);
        while ((await counter.Next()).Value % 1000 != 998)
        {
            // All numbers of a block that is written down but two: for the first, and for the second's being refused.
        }

        await using (var hub = await Hub.Start(
            new Dictionary<string, string?> { ["Playground:MaxBackends"] = "1" }, configure: services => services.AddSingleton(counter)))
        {
            var service = hub.Service("serve", new ServiceLimits { Grace = TimeSpan.FromMinutes(5) });
            var first = await hub.Connect(service);
            using var second = await Waiting.Join(hub, service);
            Assert.Equal("queued 1 of 1: too_many", await second.Next());

            folder.CreateSubdirectory("fencing.new"); // where the next block would be written down
            await hub.Services.GetRequiredService<ISessionBackends>().TerminateAsync(hub.Live(first).Id, hard: true);
            Assert.StartsWith("refused internal_error", await second.Next(), StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    private static bool IsGranted(Places.Ticket ticket) => ticket.Now().State == TicketState.Granted;

    /// <summary>A call of connect that waits, read event by event.</summary>
    private sealed class Waiting(HttpResponseMessage response, StreamReader events) : IDisposable
    {
        public string PathUrl { get; private set; } = "";

        public static Task<HttpResponseMessage> Ask(Hub hub, string service) => hub.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"/v2/service/{Hub.Account}/{service}/connect") { Headers = { Accept = { new("text/event-stream") } } },
            HttpCompletionOption.ResponseHeadersRead);

        public static async Task<Waiting> Join(Hub hub, string service)
        {
            var response = await Ask(hub, service);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            return new Waiting(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        /// <summary>The next event, as words.</summary>
        public async Task<string> Next()
        {
            string? name = null;
            while (await events.ReadLineAsync().Soon() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                var data = JsonDocument.Parse(line[6..]).RootElement;
                if (name == "queued")
                    return $"queued {data.GetProperty("position")} of {data.GetProperty("of")}: {data.GetProperty("kind")}";
                if (name == "connected") PathUrl = data.GetProperty("path_url").GetString()!;
                return $"{name} {data.GetProperty(name == "connected" ? "backend_id" : "kind")}";
            }

            return "the end";
        }

        public void Dispose()
        {
            events.Dispose();
            response.Dispose();
        }
    }
}
