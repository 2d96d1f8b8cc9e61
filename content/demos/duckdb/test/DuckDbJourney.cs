using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.DuckDb;

/// <summary>What somebody does with the demo, in a real browser, through the real hub.</summary>
public sealed class DuckDbJourney(BrowserHub hub)
{
    private const string ByBike = "SELECT bike, count(*) AS trips FROM trips GROUP BY ALL ORDER BY bike";
    private static readonly string[] Lanes = ["tab", "backend"];
    private const string Endless = "SELECT count(*) FROM trips a JOIN trips b ON a.metres + b.metres < a.seconds::INT * b.seconds % 977";

    [Fact]
    public Task Run_shows_an_answer_of_the_backend_at_once_drawn_and_as_rows() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await Expect(demo.About).ToHaveTextAsync("168 rows, computed by your backend");
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", new Regex("^Heat map of trips by weekday and hour, 168 cells"));
        Assert.Equal(168, await demo.Chart.Locator(".cell").CountAsync());
        Assert.True(await demo.ColoursAsync() >= 8, "a heat map has many colours");
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        Assert.Equal(["1", "0"], (await demo.TableAsync())[0][..2]);
        // No engine was loaded, and no trip, for what the tab did not compute.
        Assert.DoesNotContain(visitor.Requests, address => address.AbsolutePath.EndsWith(".wasm.gz", StringComparison.Ordinal) || address.AbsolutePath.Contains("/trips/", StringComparison.Ordinal));
    }, DuckDbPage.Options);

    [Fact]
    public Task Both_race_and_agree() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync("both");
        await demo.RunAsync(ByBike);
        await Expect(demo.About).ToHaveTextAsync(new Regex("^3 rows, computed .*Both answers are the same\\.$"));
        foreach (var lane in Lanes)
        {
            await Expect(demo.Figure(lane, "state")).ToHaveTextAsync("3 rows");
            await Expect(demo.Figure(lane, "rate")).ToHaveTextAsync(new Regex("/s$"));
            await Expect(demo.Figure(lane, "memory")).ToHaveTextAsync(new Regex("^[1-9].* [MG]B$"));
            Assert.True(DuckDbPage.Milliseconds(await demo.Figure(lane, "first").InnerTextAsync()) <= DuckDbPage.Milliseconds(await demo.Figure(lane, "whole").InnerTextAsync()));
        }

        // The tab had to load the engine and a million trips; the next answer needs no network at all.
        await Expect(demo.Figure("tab", "wire")).ToHaveTextAsync(new Regex("^(1[5-9]|2[0-9]) MB$"));
        await Expect(demo.Figure("backend", "wire")).ToHaveTextAsync(new Regex("k?B$"));
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", new Regex("^Bar chart of trips by bike, 3 bars. The most is classic"));
        Assert.Equal(3, await demo.Chart.Locator("rect.bar").CountAsync());
        Assert.True(await demo.ColoursAsync() >= 3);
        await demo.RunAsync(ByBike);
        await Expect(demo.Figure("tab", "wire")).ToHaveTextAsync("0 B");
    }, DuckDbPage.Options);

    [Fact]
    public Task Both_engines_answer_every_sample_alike() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync("both");
        var samples = await visitor.Page.Locator("#sample optgroup >> nth=0").Locator("option").EvaluateAllAsync<string[]>("options => options.map((option) => option.value)");
        Assert.True(samples.Length >= 8);
        foreach (var sample in samples)
        {
            await visitor.Page.Locator("#sample").SelectOptionAsync([""]);
            await visitor.Page.Locator("#sample").SelectOptionAsync([sample]);
            await demo.DoneAsync();
            await Expect(demo.About).ToContainTextAsync("Both answers are the same.");
            Assert.True(await demo.Chart.CountAsync() == 1, $"{sample} has no chart");
            Assert.True(await demo.ColoursAsync() >= 2, $"the chart of {sample} has no colours");
        }
    }, DuckDbPage.Options);

    [Theory]
    [InlineData("on my backend")]
    [InlineData("in this tab")]
    public Task A_long_query_is_cancelled_and_the_next_one_runs(string where) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync(where);
        await demo.RunAsync(ByBike);
        await demo.TypeAsync(Endless);
        await demo.RunButton.ClickAsync();
        var lane = where == "in this tab" ? "tab" : "backend";
        await Expect(demo.Lane(lane)).ToHaveAttributeAsync("data-state", "running");
        await demo.Cancel.ClickAsync();
        await demo.DoneAsync();
        await Expect(demo.Trouble).ToHaveTextAsync("Cancelled.");
        await Expect(demo.Editor).ToContainTextAsync("a JOIN trips b");
        await demo.RunAsync(ByBike);
        await Expect(demo.Figure(lane, "state")).ToHaveTextAsync("3 rows");
    }, DuckDbPage.Options);

    [Fact]
    public Task Two_tabs_of_one_process_wait_for_each_other_and_are_told_so() => hub.VisitAsync(async visitor =>
    {
        var key = $"?run&key=two-{Guid.NewGuid():N}";
        var one = await DuckDbPage.OpenAsync(hub, visitor.Page, key);
        var page = await visitor.Context.NewPageAsync();
        var other = await DuckDbPage.OpenAsync(hub, page, key);
        await one.TypeAsync(Endless);
        await one.RunButton.ClickAsync();
        // It runs, and does not only ask.
        await Expect(one.Figure("backend", "memory")).ToHaveTextAsync(new Regex("B$"));
        await other.TypeAsync(ByBike);
        await other.RunButton.ClickAsync();
        await Expect(other.About).ToHaveTextAsync("Another tab shares this process, and its query runs; yours is next.");
        await Expect(other.Figure("backend", "state")).ToHaveTextAsync("waiting, 1 before it");
        await other.Cancel.ClickAsync();
        await other.DoneAsync();
        await Expect(other.Trouble).ToHaveTextAsync("Cancelled.");
        await Expect(other.About).ToHaveTextAsync("");

        await other.RunButton.ClickAsync();
        await Expect(other.About).ToContainTextAsync("yours is next");
        await one.Cancel.ClickAsync();
        await other.DoneAsync();
        await Expect(other.About).ToHaveTextAsync("3 rows, computed by your backend");
        await page.CloseAsync();
    }, DuckDbPage.Options);

    [Fact]
    public Task An_answer_that_is_cut_off_is_told_and_nobody_waits_for_the_rest() => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync($"http://duckdb.demo.localhost:{hub.Hub.Port}/");
        var said = await visitor.Page.EvaluateAsync<string[]>("""
            async () => {
              const { BackendEngine } = await import('/backend-engine.js');
              const socket = Object.assign(new EventTarget(), { send: () => true });
              let over;
              const isRead = new Promise((resolve) => { over = resolve; });
              const engine = new BackendEngine(socket, {}, class {
                async read(pieces, onRows) {
                  let count = 0;
                  for await (const piece of pieces) count += piece.length;
                  over(`${count} bytes`);
                }
              });
              const asked = engine.query({ sql: '', parts: 1, signal: new AbortController().signal, onProgress() {}, onRows() {} });
              socket.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([1, 0, 0, 0, 7, 7, 7]).buffer }));
              socket.dispatchEvent(new CustomEvent('lost'));
              const failure = await asked.catch((error) => error);
              return [failure.kind, await isRead];
            }
            """);
        Assert.Equal(["lost", "3 bytes"], said);
    }, DuckDbPage.Options);

    [Fact]
    public Task A_query_that_never_ends_meets_its_limit_on_the_backend_which_goes_on() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.RunAsync(Endless);
        await Expect(demo.Trouble).ToHaveTextAsync("It ran for 20 seconds, which is the limit here. It was stopped; the process goes on.");
        await demo.RunAsync("SELECT list(a.started) FROM trips a, range(300)");
        await Expect(demo.Trouble).ToContainTextAsync("which is the limit here. It was stopped; the process goes on.");
        await demo.RunAsync(ByBike);
        await Expect(demo.Figure("backend", "state")).ToHaveTextAsync("3 rows");
    }, DuckDbPage.Options);

    [Fact]
    public Task A_tab_that_runs_out_of_memory_says_so_offers_the_backend_and_starts_anew() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync("in this tab");
        // More than a gigabyte for an engine that may have one; a thing of seconds, since nothing of it is sorted.
        const string Large = "SELECT length(list(a.started)) AS n FROM trips a, range(200)";
        await demo.RunAsync(Large);
        await Expect(demo.Trouble).ToContainTextAsync("This tab ran out of memory. Its engine said: “Out of Memory Error:");
        await Expect(demo.Figure("tab", "state")).ToHaveTextAsync("out of memory");
        await Expect(demo.Editor).ToHaveTextAsync(Large);
        await demo.TypeAsync(ByBike);
        await demo.Offer.ClickAsync();
        await demo.DoneAsync();
        await Expect(demo.About).ToHaveTextAsync("3 rows, computed by your backend");
        // A new engine, on what was loaded before.
        await demo.WhereAsync("in this tab");
        await demo.RunAsync(ByBike);
        await Expect(demo.About).ToHaveTextAsync("3 rows, computed in this tab");
        await Expect(demo.Figure("tab", "wire")).ToHaveTextAsync("0 B");
    }, DuckDbPage.Options);

    [Theory]
    [InlineData("on my backend", "computed by your backend")]
    [InlineData("in this tab", "computed in this tab")]
    public Task Ten_thousand_rows_scroll_and_it_is_said_that_there_are_more(string where, string from) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync(where);
        await demo.RunAsync("SELECT row_number() OVER () AS n, started FROM trips");
        await Expect(demo.About).ToHaveTextAsync($"the first 10,000 rows; there are more, {from}");
        await visitor.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await Expect(visitor.Page.Locator("#table table")).ToHaveAttributeAsync("aria-rowcount", "10001");
        await visitor.Page.Locator("#table").EvaluateAsync("table => { table.scrollTop = table.scrollHeight; }");
        await Expect(visitor.Page.Locator("#table")).ToContainTextAsync("10,000");
        Assert.InRange((await demo.TableAsync()).Length, 10, 80);
    }, DuckDbPage.Options);

    [Theory]
    [InlineData("on my backend")]
    [InlineData("in this tab")]
    public Task Whatever_somebody_did_the_next_query_finds_the_trips(string where) => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.WhereAsync(where);
        await demo.RunAsync("CREATE OR REPLACE TEMP VIEW weather AS SELECT 1; DROP VIEW trips; CREATE TEMP TABLE trips AS SELECT 1 AS mine");
        await Expect(demo.Trouble).ToBeHiddenAsync();
        await demo.RunAsync(ByBike);
        await Expect(demo.About).ToContainTextAsync("3 rows");
        await demo.RunAsync("BEGIN");
        await demo.RunAsync("SELECT error('on purpose')");
        await Expect(demo.Trouble).ToContainTextAsync("on purpose The transaction it was part of is undone.");
        await demo.RunAsync(ByBike);
        await Expect(demo.About).ToContainTextAsync("3 rows");
        await demo.RunAsync("CREATE OR REPLACE TEMP TABLE mine AS SELECT 42 AS x");
        await demo.RunAsync("SELECT x FROM mine");
        await Expect(demo.Chart).ToHaveAttributeAsync("aria-label", "x: 42");
    }, DuckDbPage.Options);

    [Fact]
    public Task Rows_that_are_too_wide_are_cut_and_said_to_be() => hub.VisitAsync(async visitor =>
    {
        var demo = await DuckDbPage.OpenAsync(hub, visitor.Page);
        await demo.RunAsync("SELECT repeat('x', 200000) AS wide FROM range(100000)");
        await Expect(demo.About).ToHaveTextAsync("the first 41 rows; more would be too many bytes, computed by your backend");
        await demo.RunAsync("SELECT repeat('x', 20000000) AS wide");
        await Expect(demo.About).ToHaveTextAsync("no row: the first alone has more than 8 MB, computed by your backend");
    }, DuckDbPage.Options);
}
