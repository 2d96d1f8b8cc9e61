using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks.Demos;

/// <summary>
/// A talk's room: thirty visitors press Run in the same moment, on different demos, and use them for a while, and somebody reads the site meanwhile. The hub,
/// its backends and the visitors share the machine. Measured from the press to the first thing that a visitor sees, against one visitor alone.
/// </summary>
internal static class DemosBench
{
    private const int Visitors = 30;
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var hub = await PublishedHub.StartAsync(settings:
        [
            // They all come from one address here.
            ("Playground__MaxBackendsPerClient", "100"), ("Playground__ConnectsPerMinute", "10000"), ("Playground__CallsPerMinute", "100000"),
        ]);
        var visits = Visits.All;
        foreach (var visit in visits) await ComeAsync(hub, visit, TimeSpan.FromSeconds(1));
        await Task.Delay(TimeSpan.FromSeconds(5)); // the pools are filled again

        var (alone, quiet) = (new List<(double Connected, double First, int Answers)>(), await ReadAsync(hub, TimeSpan.FromSeconds(5)));
        foreach (var visit in visits)
        {
            alone.Add(await ComeAsync(hub, visit, TimeSpan.FromSeconds(1)));
            await Task.Delay(TimeSpan.FromSeconds(3));
        }

        var reading = ReadAsync(hub, Stay);
        var coming = Enumerable.Range(0, Visitors).Select(i => Task.Run(() => ComeAsync(hub, visits[i % visits.Count], Stay))).ToArray();
        var came = new List<(double Connected, double First, int Answers)>();
        var failed = 0;
        foreach (var one in coming)
        {
            try
            {
                came.Add(await one);
            }
            catch (Exception error)
            {
                failed++;
                Console.Error.WriteLine($"A visit failed: {error.Message}");
            }
        }

        var busy = await reading;
        var (connected, first) = (new Percentiles(came.Select(each => each.Connected)), new Percentiles(came.Select(each => each.First)));
        return
        [
            new($"{Visitors} visitors at once: connect, p50", "ms", connected.P50, alone.Max(each => each.Connected), "one alone, slowest demo"),
            new($"{Visitors} visitors at once: connect, p95", "ms", connected.P95, alone.Max(each => each.Connected), "one alone, slowest demo"),
            new($"{Visitors} visitors at once: Run to first sight, p50", "ms", first.P50, alone.Max(each => each.First), "one alone, slowest demo"),
            new($"{Visitors} visitors at once: Run to first sight, p95", "ms", first.P95, alone.Max(each => each.First), "one alone, slowest demo"),
            new("visits that failed", "", failed, 0, "limit"),
            new("answers to visitors, per second", "1/s", came.Sum(each => each.Answers) / Stay.TotalSeconds, Visitors, "one a second each"),
            new("home page meanwhile, p50", "ms", busy.P50, quiet.P50, "nobody else there"),
            new("home page meanwhile, p95", "ms", busy.P95, quiet.P95, "nobody else there"),
            new("home page meanwhile, p99", "ms", busy.P99, quiet.P99, "nobody else there"),
        ];
    }

    private static async Task<(double Connected, double First, int Answers)> ComeAsync(HubProcess hub, Visit visit, TimeSpan stay)
    {
        using var limit = new CancellationTokenSource(Limit + stay);
        var pressed = Stopwatch.GetTimestamp();
        using var answer = await hub.Http.PostAsync($"/v2/service/browsertech/{visit.Demo}/connect", null, limit.Token);
        var text = await answer.Content.ReadAsStringAsync(limit.Token);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{visit.Demo}: {text}");
        using var json = JsonDocument.Parse(text);
        var path = new Uri(json.RootElement.GetProperty("path_url").GetString()!).AbsolutePath;
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{hub.Port}{path}"), limit.Token);
        var connected = Stopwatch.GetElapsedTime(pressed).TotalMilliseconds;
        using var socket = new VisitSocket(client);
        await visit.FirstAsync(socket, limit.Token);
        var first = Stopwatch.GetElapsedTime(pressed).TotalMilliseconds;
        using var staying = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var using_ = visit.UseAsync(socket, staying.Token);
        if (await Task.WhenAny(using_, Task.Delay(stay, limit.Token)) == using_) await using_; // it ended by itself: why
        await staying.CancelAsync();
        return (connected, first, await using_);
    }

    /// <summary>A reader who opens the home page twenty times a second.</summary>
    private static async Task<Percentiles> ReadAsync(HubProcess hub, TimeSpan time)
    {
        var took = new List<double>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            var asked = Stopwatch.GetTimestamp();
            using (var page = await hub.Http.GetAsync("/")) page.EnsureSuccessStatusCode();
            took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            await Task.Delay(Between);
        }

        return new Percentiles(took);
    }
}
