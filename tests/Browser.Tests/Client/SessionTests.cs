using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>A session from the first question to the last word, on a page of another site.</summary>
public sealed class SessionTests(BrowserHub hub)
{
    [Fact]
    public Task A_page_elsewhere_starts_a_process_hears_of_its_states_and_ends_it() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const session = await client.connect(demo, options);
            const states = [];
            session.onStatus(({ status }) => states.push(status));
            await session.ready;
            const ready = session.isReady;
            const ended = new Promise((resolve) => session.onTerminated(resolve));
            await session.terminate();
            const { reason } = await ended;
            await session.terminate();
            session.close();
            return { states, ready, reason, isReady: session.isReady, spawned: session.spawned };
            """);
        Assert.Equal("scheduled,loading,starting,waiting,ready,terminating,terminated", string.Join(',', found.GetProperty("states").EnumerateArray()));
        Assert.Equal("requested", found.GetProperty("reason").GetString());
        Assert.True(found.GetProperty("ready").GetBoolean());
        Assert.False(found.GetProperty("isReady").GetBoolean());
    });

    [Fact]
    public Task A_request_to_the_backend_carries_the_token_in_a_header_and_not_in_its_address() => ClientVisit.RunAsync(hub, async visit =>
    {
        var asked = new List<string>();
        visit.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("play.localhost", StringComparison.Ordinal)) asked.Add(request.Url);
        };
        var found = await visit.InPageAsync("""
            const session = await client.connect(demo, options);
            const response = await session.fetch('/what?x=1');
            const { type, backendId } = await response.json();
            await session.terminate();
            const gone = await session.fetch('/what').then(({ status }) => status);
            session.close();
            return { status: response.status, type, same: backendId === session.backendId, gone, token: session.grant.token };
            """);
        Assert.Equal(200, found.GetProperty("status").GetInt32());
        Assert.Equal("tick", found.GetProperty("type").GetString());
        Assert.True(found.GetProperty("same").GetBoolean());
        Assert.Equal(410, found.GetProperty("gone").GetInt32());
        Assert.NotEmpty(asked);
        Assert.All(asked, address => Assert.DoesNotContain(found.GetProperty("token").GetString()!, address, StringComparison.Ordinal));
    });

    [Fact]
    public Task A_page_that_only_fetches_keeps_its_process_for_as_long_as_its_session_is_open() => ClientVisit.RunAsync(hub, async visit =>
    {
        var closed = (await visit.InPageAsync("""
            const [kept, closed] = [await client.connect(demo, options), await client.connect(demo, options)];
            await kept.fetch('/').then((response) => response.json());
            await closed.fetch('/').then((response) => response.json());
            globalThis.kept = kept;
            closed.close();
            return closed.backendId;
            """)).GetString()!;
        // The one that was let go of, after the other was last asked something, has outlived its grace: so has the other.
        await visit.EndedAsync(closed);
        var found = await visit.InPageAsync("""
            const response = await kept.fetch('/');
            kept.close();
            return { status: response.status, id: kept.backendId };
            """);
        Assert.Equal(200, found.GetProperty("status").GetInt32());
        await visit.EndedAsync(found.GetProperty("id").GetString()!);
    });

    [Fact]
    public Task The_stream_of_a_session_carries_its_token_in_a_header() => ClientVisit.RunAsync(hub, async visit =>
    {
        var asked = new TaskCompletionSource<Microsoft.Playwright.IRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        visit.Page.Request += (_, request) =>
        {
            if (request.Method == "GET" && request.Url.EndsWith("/status/stream", StringComparison.Ordinal)) asked.TrySetResult(request);
        };
        var token = await visit.InPageAsync("const session = await client.connect(demo, options); return session.grant.token;");
        var request = await asked.Task.WaitAsync(Patience.Limit);
        Assert.Equal($"Bearer {token.GetString()}", await request.HeaderValueAsync("Authorization"));
    });

    [Fact]
    public Task A_refusal_has_a_kind_a_status_and_an_id_and_no_network_has_its_own() => ClientVisit.RunAsync(hub, async visit =>
    {
        var refused = await visit.InPageAsync("return client.connect('no-such', options).catch(({ name, kind, status, id }) => ({ name, kind, status, id }));");
        Assert.Equal("not_found", refused.GetProperty("kind").GetString());
        Assert.Equal(404, refused.GetProperty("status").GetInt32());
        Assert.StartsWith("er-", refused.GetProperty("id").GetString(), StringComparison.Ordinal);
        await visit.InPageAsync("globalThis.loaded = client; return 1;");
        visit.Link.Cut();
        var offline = await visit.Page.EvaluateAsync<string>($"loaded.connect('x', {{ account: 'y', api: '{visit.Link.Origin}' }}).catch((error) => error.kind)");
        Assert.Equal("unreachable", offline);
    });

    [Fact]
    public Task Whoever_comes_late_is_told_what_was_missed_and_each_listener_is_taken_away_by_itself() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const session = await client.connect(demo, options);
            await session.ready;
            const count = { one: 0, same: 0, aborted: 0, threw: 0 };
            const late = await new Promise((resolve) => session.onStatus(resolve));
            const readyAgain = await new Promise((resolve) => session.onReady(resolve));
            const same = () => count.same++;
            const off = session.onStatus(same);
            session.onStatus(same);
            off();
            off();
            const stop = new AbortController();
            session.onStatus(() => count.aborted++, { signal: stop.signal });
            stop.abort();
            session.onTerminated(() => count.one++);
            const ended = new Promise((resolve) => session.onTerminated(resolve));
            await session.terminate();
            await ended;
            const afterwards = await new Promise((resolve) => session.onTerminated(resolve));
            await session.ready.catch(() => {});
            session.close();
            return { late: late.status, ready: readyAgain.status, after: afterwards.reason, ...count };
            """);
        Assert.Equal("ready", found.GetProperty("late").GetString());
        Assert.Equal("ready", found.GetProperty("ready").GetString());
        Assert.Equal("requested", found.GetProperty("after").GetString());
        Assert.Equal(0, found.GetProperty("aborted").GetInt32());
        Assert.Equal(1, found.GetProperty("one").GetInt32());
        // The last state it missed, terminating, terminated: once each, for one of two.
        Assert.Equal(3, found.GetProperty("same").GetInt32());
    });

    [Fact]
    public Task An_end_that_is_announced_and_one_that_is_averted_reach_the_page() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.Page.RouteAsync("**/status/stream", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*", ["Content-Type"] = "text/event-stream" },
            Body = "id: ready\ndata: {\"status\":\"ready\"}\n\nevent: ending\ndata: {\"reason\":\"idle\",\"seconds_left\":9}\n\nevent: staying\ndata: {}\n\n"
                + "event: ending\ndata: {\"reason\":\"lifetime\",\"seconds_left\":4}\n\nid: terminated\ndata: {\"status\":\"terminated\",\"reason\":\"lifetime\"}\n\n",
        }));
        var found = await visit.InPageAsync("""
            const session = await client.connect(demo, options);
            const heard = [];
            session.onEnding(({ reason, seconds_left }) => heard.push(`${reason} ${seconds_left}`));
            session.onStaying(() => heard.push('staying'));
            await new Promise((resolve) => session.onTerminated(resolve));
            await session.terminate();
            session.close();
            return heard.join();
            """);
        Assert.Equal("idle 9,staying,lifetime 4", found.GetString());
    });

    [Fact]
    public Task An_idle_end_that_is_averted_does_not_hide_the_end_of_the_lifetime() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const real = globalThis.fetch;
            let stream;
            globalThis.fetch = (address, init) => (String(address).endsWith('/status/stream')
              ? Promise.resolve(new Response(new ReadableStream({ start: (controller) => { stream = controller; } }))) : real(address, init));
            const session = await client.connect(demo, options);
            const heard = [];
            session.onEnding(({ reason, seconds_left }) => heard.push(`${reason} ${seconds_left}`));
            session.onStaying(() => heard.push('staying'));
            const send = async (text) => {
              const before = heard.length;
              stream.enqueue(new TextEncoder().encode(text));
              while (heard.length === before) await new Promise((resolve) => setTimeout(resolve, 1));
            };
            const late = async () => { heard.push('late ' + (await new Promise((resolve) => session.onEnding(resolve))).reason); };
            await send('data: {"status":"ready"}\n\nevent: ending\ndata: {"reason":"lifetime","seconds_left":50}\n\n');
            await send('event: staying\ndata: {}\n\nevent: ending\ndata: {"reason":"lifetime","seconds_left":49}\n\n');
            await send('event: ending\ndata: {"reason":"idle","seconds_left":9}\n\n');
            await late();
            await send('event: staying\ndata: {}\n\n');
            await late();
            const realNow = performance.now;
            performance.now = () => realNow.call(performance) + 20_000;
            const { seconds_left } = await new Promise((resolve) => session.onEnding(resolve));
            performance.now = realNow;
            globalThis.fetch = real;
            await session.terminate();
            session.close();
            return [heard.join(), seconds_left];
            """);
        Assert.Equal("lifetime 50,lifetime 49,idle 9,late idle,staying,late lifetime", found[0].GetString());
        // What was said 20 seconds ago is told as what is left of it.
        Assert.InRange(found[1].GetInt32(), 15, 29);
    });

    [Fact]
    public Task A_place_in_the_queue_is_told_whenever_it_changes_until_there_is_a_process() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const real = globalThis.fetch;
            const granted = await real(`${link}/v2/service/browsertech/${demo}/connect`, { method: 'POST' }).then((response) => response.text());
            let accept = '';
            globalThis.fetch = async (address, init) => {
              if (!String(address).endsWith('/connect')) return real(address, init);
              accept = init.headers.Accept;
              const events = 'event: queued\ndata: {"position":2,"of":7,"kind":"too_many_for_service","message":"Full."}\n\n:\n\n'
                + 'event: queued\ndata: {"position":1,"of":6,"message":"Full."}\n\n';
              const last = init.body.includes('full') ? 'event: refused\ndata: {"id":"er-1","kind":"too_many","message":"No."}\n\n' : `event: connected\ndata: ${granted}\n\n`;
              return new Response(events + last, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
            };
            const places = [];
            const onQueue = ({ position, of }) => places.push(`${position}/${of}`);
            const session = await client.connect(demo, { ...options, onQueue });
            const refused = await client.connect(demo, { ...options, key: 'full', onQueue }).catch(({ kind, id }) => `${kind} ${id}`);
            globalThis.fetch = real;
            await session.terminate();
            session.close();
            return { places: places.join(), accept, refused, id: session.backendId };
            """);
        Assert.Equal("2/7,1/6,2/7,1/6", found.GetProperty("places").GetString());
        Assert.StartsWith("text/event-stream", found.GetProperty("accept").GetString(), StringComparison.Ordinal);
        Assert.Equal("too_many er-1", found.GetProperty("refused").GetString());
        Assert.StartsWith("be-", found.GetProperty("id").GetString(), StringComparison.Ordinal);
    });

    [Fact]
    public Task Closing_lets_go_of_everything_and_the_process_ends_when_it_is_alone() => ClientVisit.RunAsync(hub, async visit =>
    {
        var id = (await visit.InPageAsync("""
            const session = globalThis.session = await client.connect(demo, options);
            const sockets = [session.socket('/'), session.socket('/')];
            await Promise.all(sockets.map((socket) => next(socket, 'open')));
            session.onStatus(() => {});
            return session.backendId;
            """)).GetString()!;
        await visit.ClientsAsync(id, 1);
        var found = await visit.Page.EvaluateAsync<string>("""
            async () => {
              const { ready } = session;
              session[Symbol.dispose ?? 'close']();
              session.close();
              const refused = await ready.catch((error) => error.kind);
              const socket = (() => { try { session.socket(); } catch (error) { return error.kind; } })();
              const asked = await session.status().catch((error) => error.kind);
              return [refused ?? 'was ready', socket, asked].join();
            }
            """);
        Assert.Matches("^(was ready|closed),closed,closed$", found);
        await visit.EndedAsync(id);
    });

    [Fact]
    public Task A_reload_finds_its_session_again_until_it_has_ended() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const session = await client.connect(demo, options);
            await session.ready;
            const grant = JSON.parse(JSON.stringify(session.grant));
            session.close();
            const again = await client.resume(grant);
            const same = again.backendId === grant.backend_id;
            const ended = new Promise((resolve) => again.onTerminated(resolve));
            await again.terminate();
            await ended;
            again.close();
            return [same, await client.resume(grant), await client.resume({ ...grant, status_url: link + '/v2/backend/be-none/status' })];
            """);
        Assert.Equal("[true,null,null]", found.ToString());
    });
}
