using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>The provider and its hooks in the React of npm. What they leave behind is counted at the hub.</summary>
public sealed class ReactTests(BrowserHub hub)
{
    /// <summary>What each test renders: what a component sees, as text, and a way to change its props.</summary>
    private const string Start = """
        const react = await import('react');
        const { SessionBackendProvider, ...hooks } = await import(link + '/client/react.js');
        const { createElement, StrictMode } = react;
        globalThis.seen = {};
        const Inside = () => {
          const { state, send, socket } = hooks.useSocket('/');
          const [ticks, setTicks] = react.useState(0);
          hooks.useMessage(socket, (data) => setTicks((before) => before + (JSON.parse(data).type === 'tick' ? 1 : 0)));
          Object.assign(seen, { state, send, ticks, ready: hooks.useReady(), status: hooks.useStatus()?.status, ended: hooks.useTerminated()?.reason,
            session: hooks.useSessionBackend(), error: hooks.useConnectError()?.kind, place: hooks.useQueue(), ending: hooks.useEnding() });
          return createElement('p', { id: 'said' }, `${state} ${seen.ready} ${seen.status} ${Math.min(ticks, 1)}`);
        };
        const root = react.createRoot(document.getElementById('root'));
        globalThis.show = (props) => root.render(createElement(StrictMode, null,
          props && createElement(SessionBackendProvider, { service: demo, ...options, ...props }, createElement(Inside))));
        globalThis.client = client;
        globalThis.defaults = options;
        """;

    [Fact]
    public Task Mounted_twice_by_StrictMode_it_makes_one_process_and_unmounted_it_lets_it_go() => RunAsync(async visit =>
    {
        await visit.InPageAsync(Start + "show({}); return 1;");
        await Said(visit, "open true ready 1");
        var id = Assert.Single(visit.Made);
        await visit.ClientsAsync(id, 1);
        await visit.Page.EvaluateAsync("show(null)");
        await visit.EndedAsync(id);
        Assert.True(await visit.Page.EvaluateAsync<bool>("seen.session.isClosed"));
        Assert.Single(visit.Made);
    });

    [Fact]
    public Task Other_props_are_another_process_and_the_first_is_let_go_but_props_that_say_the_same_are_not() => RunAsync(async visit =>
    {
        await visit.InPageAsync(Start + "show({ spawn: { lifetime_limit_seconds: 600 } }); return 1;");
        await Said(visit, "open true ready 1");
        await visit.Page.EvaluateAsync("show({ spawn: { lifetime_limit_seconds: 600 } })");
        await visit.Page.EvaluateAsync("async () => { await new Promise(requestAnimationFrame); show({ spawn: { lifetime_limit_seconds: 700 } }); }");
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (visit.Made.Count < 2) await Task.Delay(20, limit.Token);
        await visit.EndedAsync(visit.Made[0]);
        await Said(visit, "open true ready 1");
        await visit.ClientsAsync(visit.Made[1], 1);
        Assert.Equal(2, visit.Made.Count);
        await visit.Page.EvaluateAsync("show(null)");
        await visit.EndedAsync(visit.Made[1]);
    });

    [Fact]
    public Task Unmounted_while_it_connects_it_leaves_no_process() => RunAsync(async visit =>
    {
        // The answer is on its way when the component goes.
        var release = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await visit.Page.RouteAsync("**/connect", async route =>
        {
            var answer = await route.FetchAsync();
            asked.TrySetResult();
            await release.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        await visit.InPageAsync(Start + "show({}); return 1;");
        await asked.Task.WaitAsync(Patience.Limit);
        await visit.Page.EvaluateAsync("show(null)");
        release.SetResult();
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (visit.Made.Count < 1) await Task.Delay(20, limit.Token);
        await visit.EndedAsync(visit.Made[0]);
        Assert.Equal("requested", (await visit.StatusAsync(visit.Made[0])).GetProperty("reason").GetString());
    });

    [Fact]
    public Task Unmounted_while_it_reconnects_it_tries_no_more() => RunAsync(async visit =>
    {
        await visit.InPageAsync(Start + "show({}); return 1;");
        await Said(visit, "open true ready 1");
        visit.Link.Cut();
        await Said(visit, "lost true ready 1");
        await visit.Page.EvaluateAsync("show(null)");
        // React unmounts when it comes to it: what was tried until then was tried by a component that was there.
        await Microsoft.Playwright.Assertions.Expect(visit.Page.Locator("#said")).ToHaveCountAsync(0);
        await visit.Page.EvaluateAsync("""
            () => {
              const Real = WebSocket;
              globalThis.late = 0;
              globalThis.WebSocket = class extends Real { constructor(...parts) { super(...parts); late++; } };
            }
            """);
        visit.Link.Restore();
        await visit.Page.EvaluateAsync("dispatchEvent(new Event('online'))");
        await visit.EndedAsync(visit.Made[0]);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("late"));
        Assert.Single(visit.Made);
    });

    [Fact]
    public Task A_grant_from_elsewhere_is_held_and_the_end_and_a_refusal_are_told() => RunAsync(async visit =>
    {
        await visit.InPageAsync(Start + """
            const session = await client.connect(demo, options);
            const { grant } = session;
            session.close();
            show({ connectResponse: grant, service: undefined });
            return 1;
            """);
        await Said(visit, "open true ready 1");
        Assert.True(await visit.Page.EvaluateAsync<bool>("seen.send('{\"type\":\"echo\"}')"));
        await visit.Page.EvaluateAsync("seen.session.terminate()");
        await Said(visit, "gone false terminated 1");
        Assert.Equal("requested", await visit.Page.EvaluateAsync<string>("seen.ended"));
        Assert.Single(visit.Made);

        await visit.Page.EvaluateAsync("show({ service: 'no-such' })");
        await visit.Page.WaitForFunctionAsync("seen.error === 'not_found' && seen.session === null");
    });

    [Fact]
    public Task Waiting_in_the_queue_shows_the_place_and_leaving_gives_it_up() => RunAsync(async visit =>
    {
        await visit.InPageAsync(Start + """
            const real = fetch;
            globalThis.aborted = 0;
            globalThis.fetch = async (address, init) => {
              if (!String(address).endsWith('/connect')) return real(address, init);
              init.signal.addEventListener('abort', () => aborted++);
              return new Response(new ReadableStream({ start(controller) {
                controller.enqueue(new TextEncoder().encode('event: queued\ndata: {"position":3,"of":9,"message":"Full."}\n\n'));
              } }), { headers: { 'Content-Type': 'text/event-stream' } });
            };
            show({ queue: true });
            return 1;
            """);
        await visit.Page.WaitForFunctionAsync("seen.place?.position === 3");
        await visit.Page.EvaluateAsync("show(null)");
        await visit.Page.WaitForFunctionAsync("aborted === 1");
    });

    private async Task RunAsync(Func<ClientVisit, Task> visit) => await ClientVisit.RunAsync(hub, visit, await ReactBundle.PagesAsync());

    private static Task Said(ClientVisit visit, string text) =>
        Microsoft.Playwright.Assertions.Expect(visit.Page.Locator("#said")).ToHaveTextAsync(text);
}
