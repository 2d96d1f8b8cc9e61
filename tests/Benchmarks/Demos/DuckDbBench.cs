using System.Globalization;
using BrowserTech.TestKit;
using Microsoft.Playwright;

namespace BrowserTech.Benchmarks.Demos;

/// <summary>
/// The same group-by on the backend and, as its peer, in the tab: in Chromium, through the hub and its proxy, over one million and twenty million rows. Cold is from opening
/// the page, in a browser that has seen nothing, to the frame with the first row of the answer, with everything that has to be loaded for it; warm is from pressing Run for
/// the same query again. Browser, hub and backend share the machine, and there is no network between them: what the tab downloads costs it less than anywhere else.
/// </summary>
internal static class DuckDbBench
{
    public const string Query = "SELECT start_station, count(*) AS trips, avg(seconds) AS mean FROM trips GROUP BY start_station ORDER BY trips DESC";
    private const int ColdRounds = 3;
    private const int WarmRounds = 7;
    private const float Patience = 120_000;

    private sealed record Measured(double Cold, double Warm, double Wire, double Memory);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var hub = await PublishedHub.StartAsync(settings: [("Playground__MaxBackendsPerClient", "50"), ("Playground__ConnectsPerMinute", "1000")]);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Need.Program("chromium", "chromium", "chromium-browser", "google-chrome"),
            Args = ["--disable-gpu", "--no-first-run", "--disable-background-networking", .. Environment.UserName == "root" ? ["--no-sandbox"] : Array.Empty<string>()],
        });
        await VisitAsync(hub, browser, "backend", 1); // what the hub compiles the first time is nobody's cold start
        var figures = new List<Figure>();
        foreach (var millions in new[] { 1, 20 })
        {
            var (backend, tab) = (new List<Measured>(), new List<Measured>());
            for (var round = 0; round < ColdRounds; round++)
            {
                // Turn and turn about, so that whatever else the machine does meets both.
                backend.Add(await VisitAsync(hub, browser, "backend", millions));
                tab.Add(await VisitAsync(hub, browser, "tab", millions));
            }

            const string Peer = "the same in the tab";
            figures.Add(new($"{millions} M rows: page opened to first row", "ms", Median(backend, each => each.Cold), Median(tab, each => each.Cold), Peer));
            figures.Add(new($"{millions} M rows: once more, to first row", "ms", Median(backend, each => each.Warm), Median(tab, each => each.Warm), Peer));
            figures.Add(new($"{millions} M rows: over the wire, first query", "kB", Median(backend, each => each.Wire) / 1000, Median(tab, each => each.Wire) / 1000, Peer));
            figures.Add(new($"{millions} M rows: memory of the engine", "MB", Median(backend, each => each.Memory) / 1e6, Median(tab, each => each.Memory) / 1e6, Peer));
        }

        return figures;
    }

    private static async Task<Measured> VisitAsync(HubProcess hub, IBrowser browser, string where, int millions)
    {
        // The pool starts the next process ahead again; while it does, nothing is measured.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await using var context = await browser.NewContextAsync();
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"http://duckdb.demo.localhost:{hub.Port}/?run&where={where}&rows={millions}#sql={Uri.EscapeDataString(Query)}");
        var lane = page.Locator($"#lane-{where}");
        var (cold, wire, memory) = (await ReadAsync(page, lane, "drawnAt"), await ReadAsync(page, lane, "wireBytes"), await ReadAsync(page, lane, "memoryBytes"));
        var warm = new List<double>();
        for (var round = 0; round < WarmRounds; round++)
        {
            await page.Locator("#run-query").ClickAsync();
            warm.Add(await ReadAsync(page, lane, "drawnMs"));
        }

        if (await lane.Locator("[data-figure=state]").InnerTextAsync() is not "731 rows" and var state)
            throw new InvalidOperationException($"The query over {millions} million rows, {where}: {state}.");
        await page.Locator(".stage__stop").ClickAsync();
        return new Measured(cold, warm.Order().ElementAt(warm.Count / 2), wire, memory);
    }

    private static async Task<double> ReadAsync(IPage page, ILocator lane, string name)
    {
        // Both: over, and on the screen.
        var id = await lane.GetAttributeAsync("id");
        await page.Locator($"#demo[aria-busy=false] #{id}:is([data-state=done][data-drawn-at], [data-state=failed])").WaitForAsync();
        var text = await lane.EvaluateAsync<string?>($"lane => lane.dataset.{name}")
            ?? throw new InvalidOperationException($"There is no answer: {await page.Locator("#trouble-words").InnerTextAsync()}");
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double Median(List<Measured> all, Func<Measured, double> which) => all.Select(which).Order().ElementAt(all.Count / 2);
}
