using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>Brings the demo's page into states that a hub takes half an hour, or a crowd, to come to.</summary>
internal static class DemoScenes
{
    /// <summary>As the hub tells it, without waiting for the half hour.</summary>
    public static Task AnnounceAsync(IPage page, string events) => page.RouteAsync("**/status/stream", async route =>
    {
        var id = new Uri(route.Request.Url).Segments[3].TrimEnd('/');
        await route.FulfillAsync(new()
        {
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*", ["Content-Type"] = "text/event-stream" },
            Body = $"retry: 60000\nid: ready\ndata: {{\"backend_id\":\"{id}\",\"status\":\"ready\",\"history\":[{{\"status\":\"ready\",\"time\":\"2030-01-01T00:00:00Z\"}}]}}\n\n{events}",
        });
    });

    /// <summary>Every program ends before it is ready, having said a great deal.</summary>
    public static Task FailStartAsync(IPage page) => page.RouteAsync("**/status/stream", async route =>
    {
        var id = new Uri(route.Request.Url).Segments[3].TrimEnd('/');
        var output = string.Join(',', Enumerable.Range(1, 40).Select(line => $"\"line {line} of what the program wrote before it gave up\""));
        await route.FulfillAsync(new()
        {
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*", ["Content-Type"] = "text/event-stream" },
            Body = $"id: terminated\ndata: {{\"backend_id\":\"{id}\",\"status\":\"terminated\",\"reason\":\"start_failed\",\"message\":\"The process could not be started.\","
                + $"\"detail\":\"The program exited with code 3 before it was ready.\",\"last_output\":[{output}],\"history\":[{{\"status\":\"terminated\",\"time\":\"2030-01-01T00:00:00Z\"}}]}}\n\n",
        });
    });

    /// <summary>Nobody is let in: the third of seven waits.</summary>
    public static Task FillHouseAsync(IPage page) => page.AddInitScriptAsync(Queue);

    private const string Queue = """
        const real = fetch;
        globalThis.fetch = async (address, init) => {
          if (!String(address).endsWith('/connect')) return real(address, init);
          init.signal.addEventListener('abort', () => { globalThis.left = true; });
          return new Response(new ReadableStream({ start(controller) {
            controller.enqueue(new TextEncoder().encode('event: queued\ndata: {"position":3,"of":7,"message":"All 60 places of this demo are taken."}\n\n'));
          } }), { headers: { 'Content-Type': 'text/event-stream' } });
        };
        """;
}

/// <summary>The WebSockets of a page, in the hand of a test.</summary>
internal sealed class DemoNetwork(IPage page)
{
    private readonly SemaphoreSlim _tried = new(0);
    private IWebSocketRoute? _open;
    private bool _cut;

    public int Tries { get; private set; }

    public Task TakeAsync() => page.RouteWebSocketAsync(new Regex("."), socket =>
    {
        Tries++;
        if (_cut)
        {
            _ = socket.CloseAsync(new() { Code = 4000 });
            _tried.Release();
            return;
        }

        socket.ConnectToServer();
        _open = socket;
    });

    public async Task CutAsync()
    {
        _cut = true;
        await _open!.CloseAsync(new() { Code = 4000 });
    }

    public void Restore() => _cut = false;

    public async Task TriedAsync(int times)
    {
        for (var i = 0; i < times; i++) Assert.True(await _tried.WaitAsync(Patience.Limit));
    }
}
