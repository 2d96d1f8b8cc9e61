using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Browsing;

/// <summary>
/// One person with a fresh browser: nothing stored, nothing shared. Everything it asks for and everything that goes wrong in its
/// pages is written down, so that every journey also holds the rules that no single page can: no request to another host, no
/// error in a console, nothing left behind.
/// </summary>
public sealed class Visitor
{
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private readonly ConcurrentDictionary<string, int> _documents = new();
    private readonly int[] _ports;
    private readonly bool _expectsFailures;

    private Visitor(IBrowserContext context, IPage page, int port, VisitOptions options)
    {
        (Context, Page, _ports, _expectsFailures) = (context, page, [port, .. options.AlsoPorts], options.ExpectsFailures);
        context.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
        context.Response += (_, response) =>
        {
            if (response.Request.IsNavigationRequest) _documents[response.Url] = response.Status;
        };
        context.WebError += (_, error) => _problems.Enqueue($"{error.Page?.Url}: {error.Error}");
        context.Console += (_, message) =>
        {
            if (message.Type == "error") Heard(message);
        };
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Everything that was asked for, in order.</summary>
    public IReadOnlyCollection<Uri> Requests => _requests;

    /// <summary>Errors that consoles showed, and what threw.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    internal static async Task<Visitor> ArriveAsync(SystemBrowser browser, HubProcess hub, VisitOptions options)
    {
        var context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = hub.Origin.ToString(),
            UserAgent = browser.UserAgent,
            JavaScriptEnabled = options.Script,
            ViewportSize = new ViewportSize { Width = options.Width, Height = options.Height },
            // Nothing glides: what is measured is where it stays.
            ReducedMotion = ReducedMotion.Reduce,
            ColorScheme = options.Dark ? ColorScheme.Dark : ColorScheme.Light,
            StorageState = options.StorageState,
        });
        context.SetDefaultTimeout(Patience.Milliseconds);
        return new Visitor(context, await context.NewPageAsync(), hub.Port, options);
    }

    /// <summary>The rules above, for a visit that is over.</summary>
    internal async Task AssertLeftNoTraceAsync(bool organizer)
    {
        Report.AssertNone(_problems);
        Report.AssertNone(Elsewhere().Select(address => $"asked {address}"));
        if (!organizer) Assert.Equal("", await StoredAsync());
    }

    /// <summary>What was asked for from anywhere but the hub and its demos.</summary>
    public IEnumerable<Uri> Elsewhere() => _requests.Where(address =>
        address.Scheme is not ("data" or "blob" or "about") && !(_ports.Contains(address.Port) && (address.Host == "localhost" || address.Host.EndsWith(".localhost", StringComparison.Ordinal))));

    /// <summary>What the visit left in the browser, in words; empty where nothing.</summary>
    public async Task<string> StoredAsync()
    {
        var found = (await Context.CookiesAsync()).Select(cookie => $"cookie {cookie.Name}").ToList();
        foreach (var frame in Context.Pages.SelectMany(page => page.Frames).Where(frame => frame.Url.StartsWith("http", StringComparison.Ordinal)))
        {
            found.AddRange(await frame.EvaluateAsync<string[]>("""
                async () => {
                  const found = [];
                  // A frame of another site may be denied storage altogether: then there is nothing in it.
                  const look = async (what, list) => {
                    try {
                      found.push(...(await list()).map((name) => `${what} ${name}`));
                    } catch (error) {
                      if (!(error instanceof DOMException)) throw error;
                    }
                  };
                  await look('localStorage', () => Object.keys(localStorage));
                  await look('sessionStorage', () => Object.keys(sessionStorage));
                  await look('IndexedDB', async () => (await indexedDB.databases()).map(({ name }) => name));
                  await look('cache', () => caches.keys());
                  await look('worker', async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
                  return found;
                }
                """));
        }

        return string.Join(", ", found);
    }

    // A page that says 404 or 422 is a page; the browser still writes its status to the console.
    private void Heard(IConsoleMessage message)
    {
        if (_expectsFailures && (message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) || message.Text.StartsWith("WebSocket connection to", StringComparison.Ordinal))) return;
        // A demo shown where it may not be.
        if (_expectsFailures && message.Text.StartsWith("Framing '", StringComparison.Ordinal)) return;
        var address = message.Location.Split('#')[0];
        var page = address.Contains(':', StringComparison.Ordinal) ? _documents.Keys.FirstOrDefault(document => address.StartsWith(document, StringComparison.Ordinal)) : null;
        if (page is not null && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) return;
        _problems.Enqueue($"{message.Page?.Url}: {message.Text} ({message.Location})");
    }
}

/// <summary>Who comes: how large the window is, and what is switched on.</summary>
public sealed record VisitOptions
{
    /// <summary>A phone held upright.</summary>
    public static readonly VisitOptions Phone = new() { Width = 390, Height = 844 };

    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 800;

    public bool Dark { get; init; }

    /// <summary>Off unless a demo is to run: no page of the site has a script.</summary>
    public bool Script { get; init; }

    /// <summary>Ports of this machine, besides the hub's, that the visit may ask: pages of a test, a hub behind something.</summary>
    public IReadOnlyList<int> AlsoPorts { get; init; } = [];

    /// <summary>Calls will be refused and the network fail, on purpose, and the browser will write so to the console.</summary>
    public bool ExpectsFailures { get; init; }

    internal string? StorageState { get; init; }
}
