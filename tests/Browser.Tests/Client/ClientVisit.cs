using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>
/// A page of somebody else's site that uses the client of a hub behind a <see cref="LooseLink"/>. What tests say in the page is JavaScript;
/// what they count is counted at the hub.
/// </summary>
internal sealed class ClientVisit : IAsyncDisposable
{
    private const string Blank = "<!doctype html><meta charset=utf-8><title>Elsewhere</title>";

    private readonly BrowserHub _hub;
    private readonly TestPages _pages;
    private readonly List<string> _made = [];

    private ClientVisit(BrowserHub hub, TestPages pages, LooseLink link) => (_hub, _pages, Link) = (hub, pages, link);

    public LooseLink Link { get; }

    public IPage Page { get; private set; } = null!;

    public string Origin => _pages.Origin;

    /// <summary>The backends that were asked for and given, in order.</summary>
    public IReadOnlyList<string> Made
    {
        get
        {
            lock (_made) return [.. _made];
        }
    }

    public static async Task RunAsync(
        BrowserHub hub, Func<ClientVisit, Task> visit, Dictionary<string, (string Type, string Body)>? pages = null)
    {
        var all = new Dictionary<string, (string Type, string Body)>(pages ?? []);
        all.TryAdd("/", ("text/html", Blank));
        await using var site = await TestPages.StartAsync(all);
        await using var link = new LooseLink(hub.Hub.Port);
        await using var client = new ClientVisit(hub, site, link);
        var options = new VisitOptions { Script = true, AlsoPorts = [site.Port, link.Port], ExpectsFailures = true };
        await hub.VisitAsync(async visitor =>
        {
            client.Page = visitor.Page;
            visitor.Context.Response += (_, response) => client.Note(response);
            await visitor.Page.GotoAsync(site.Origin + "/");
            await visit(client);
        }, options);
    }

    /// <summary>Runs the body of an async function; <c>client</c> is the client's modules, <c>options</c> what connect needs.</summary>
    public async Task<JsonElement> InPageAsync(string body)
    {
        var script = $$"""
            async () => {
              const link = '{{Link.Origin}}';
              const client = await import(link + '/client/playground.js');
              const options = { account: 'browsertech', api: link };
              const demo = '{{BrowserHub.Demo}}';
              const next = (target, name) => new Promise((resolve) => target.addEventListener(name, ({ detail }) => resolve(detail), { once: true }));
              const run = async () => {
                {{body}}
              };
              return JSON.stringify(await run());
            }
            """;
        return JsonDocument.Parse(await Page.EvaluateAsync<string>(script).WaitAsync(Patience.Limit)).RootElement;
    }

    /// <summary>What the hub says of a backend now.</summary>
    public async Task<JsonElement> StatusAsync(string id) => JsonDocument.Parse(await _hub.Http.GetStringAsync($"/v2/backend/{id}/status")).RootElement;

    /// <summary>Waits until the backend has ended, told by its stream.</summary>
    public async Task EndedAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        await using var stream = await _hub.Http.GetStreamAsync($"/v2/backend/{id}/status/stream", limit.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(limit.Token) is { } line)
            if (line == "id: terminated") return;
        Assert.Fail($"{id} did not end");
    }

    /// <summary>Waits until that many clients are connected to the backend.</summary>
    public async Task ClientsAsync(string id, int count)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((await StatusAsync(id)).GetProperty("clients").GetInt32() != count) await Task.Delay(50, limit.Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async void Note(IResponse response)
    {
        if (!response.Url.EndsWith("/connect", StringComparison.Ordinal) || response.Request.Method != "POST" || !response.Ok) return;
        try
        {
            var answer = await response.JsonAsync();
            lock (_made) _made.Add(answer!.Value.GetProperty("backend_id").GetString()!);
        }
        catch (PlaywrightException)
        {
            // The page went away with its answer.
        }
    }
}
