using System.Net.Http.Json;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>A socket that comes back by itself, on a network in the hand of the test.</summary>
public sealed class SocketTests(BrowserHub hub)
{
    /// <summary>A session with an open socket, kept in the page as <c>session</c> and <c>socket</c>; what the socket says is in <c>said</c>.</summary>
    private const string Open = """
        const session = globalThis.session = await client.connect(demo, { ...options, key: globalThis.wanted });
        const socket = globalThis.socket = session.socket('/', globalThis.how);
        globalThis.next = next;
        globalThis.said = [];
        for (const name of ['open', 'lost', 'gone']) socket.addEventListener(name, ({ detail }) => said.push({ name, ...detail }));
        await next(socket, 'open');
        return session.backendId;
        """;

    [Fact]
    public Task It_comes_back_to_the_same_process_as_soon_as_the_browser_is_online() => ClientVisit.RunAsync(hub, async visit =>
    {
        var id = (await visit.InPageAsync(Open)).GetString()!;
        visit.Link.Cut();
        // Several tries later the pause is seconds long; the browser's event ends it.
        await visit.Page.EvaluateAsync("async () => { while (said.filter(({ name }) => name === 'lost').length < 4) await next(socket, 'lost'); }");
        visit.Link.Restore();
        var found = await visit.Page.EvaluateAsync<string>("""
            async () => {
              const { name } = said.at(-1);
              dispatchEvent(new Event('online'));
              await next(socket, 'open');
              const { again } = said.at(-1);
              return `${name} ${again} ${said.filter(({ name }) => name === 'lost').length}`;
            }
            """);
        // No other try in between: it was the event.
        Assert.Equal("lost true 4", found);
        await visit.ClientsAsync(id, 1);
        Assert.Equal("ready", (await visit.StatusAsync(id)).GetProperty("status").GetString());
    });

    [Fact]
    public Task It_comes_back_without_being_told_when_nothing_arrives_any_more() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.Page.EvaluateAsync("globalThis.how = { silence: 2500 }");
        await visit.InPageAsync(Open);
        visit.Link.Freeze();
        var lost = await visit.Page.EvaluateAsync<string>("async () => (await next(socket, 'lost')).reason");
        visit.Link.Thaw();
        await visit.Page.EvaluateAsync("async () => { if (!socket.isOpen) await next(socket, 'open'); }");
        Assert.Equal("silent", lost);
    });

    [Fact]
    public Task When_the_backend_has_ended_it_says_why_and_tries_no_more() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(Open);
        var gone = await visit.Page.EvaluateAsync<string>("""
            async () => {
              await session.terminate();
              const { kind, status } = await next(socket, 'gone');
              return [kind, status.status, status.reason, socket.isClosed, said.filter(({ name }) => name === 'gone').length].join();
            }
            """);
        Assert.Equal("requested,terminated,requested,true,1", gone);
        var asked = visit.Made.Count;
        await visit.Page.EvaluateAsync("dispatchEvent(new Event('online'))");
        Assert.False(await visit.Page.EvaluateAsync<bool>("socket.send('x')"));
        Assert.Equal(asked, visit.Made.Count);
    });

    [Fact]
    public Task What_is_sent_meanwhile_is_kept_up_to_a_limit_and_sent_in_order() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.Page.EvaluateAsync("globalThis.how = { queue: 3 }");
        await visit.InPageAsync(Open);
        visit.Link.Cut();
        var kept = await visit.Page.EvaluateAsync<string>("""
            async () => {
              await next(socket, 'lost');
              const kept = [1, 2, 3, 4].map((n) => socket.send(`{"type":"echo","n":${n}}`)).join();
              globalThis.echoes = [];
              globalThis.all = new Promise((resolve) => socket.addEventListener('message', ({ data }) => {
                const { type, n } = JSON.parse(data);
                if (type === 'echo' && echoes.push(n) === 3) resolve();
              }));
              return `${kept} ${socket.queued}`;
            }
            """);
        Assert.Equal("true,true,true,false 3", kept);
        visit.Link.Restore();
        Assert.Equal("1,2,3 0", await visit.Page.EvaluateAsync<string>("async () => { await all; return `${echoes.join()} ${socket.queued}`; }"));
    });

    [Fact]
    public Task A_token_that_does_not_open_any_more_is_replaced_where_a_key_leads_back() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.Page.EvaluateAsync("globalThis.wanted = 'renewed'");
        var id = (await visit.InPageAsync(Open)).GetString()!;
        // What the hub does when it takes a token back, as far as a browser can see: the connection ends, and the token opens none.
        var found = await visit.Page.EvaluateAsync<string>("""
            async () => {
              const before = session.grant.token;
              session.url = (original => function (...parts) { return original.apply(this, parts).replace(before, 'A'.repeat(before.length)); })(session.url);
              socket.reconnect();
              await next(socket, 'open');
              const { backend_id, token } = session.grant;
              return [backend_id, token !== before, said.filter(({ name }) => name === 'lost').length].join();
            }
            """);
        Assert.Equal($"{id},true,4", found);
        Assert.Equal([id, id], visit.Made);
    });

    [Fact]
    public Task A_connection_that_is_revoked_stays_closed() => ClientVisit.RunAsync(hub, async visit =>
    {
        await visit.Page.EvaluateAsync("""
            () => {
              const Real = WebSocket;
              globalThis.WebSocket = class extends Real {
                constructor(...parts) { super(...parts); globalThis.opened = (globalThis.opened ?? 0) + 1; }
              };
            }
            """);
        await visit.Page.ExposeFunctionAsync<string, string, Task<bool>>("revoke", RevokeAsync);
        await visit.InPageAsync(Open);
        var gone = await visit.Page.EvaluateAsync<string>("""
            async () => {
              const gone = next(socket, 'gone');
              await revoke(session.backendId, session.grant.token);
              const { kind } = await gone;
              dispatchEvent(new Event('online'));
              return `${kind} ${opened} ${socket.isClosed}`;
            }
            """);
        Assert.Equal("revoked 1 true", gone);
    });

    /// <summary>As the account's own server does it.</summary>
    private async Task<bool> RevokeAsync(string backend, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/backend/{backend}/revoke") { Content = JsonContent.Create(new { token }) };
        request.Headers.Authorization = new("Bearer", await SiteCommand.NewTokenAsync(hub.Hub.DataFolder, "browsertech"));
        using var answer = await hub.Hub.Http.SendAsync(request);
        return answer.IsSuccessStatusCode;
    }

    [Fact]
    public Task A_socket_closed_in_the_breath_it_was_made_in_opens_no_connection_and_an_aborted_one_closes() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            let opened = 0;
            const Real = WebSocket;
            globalThis.WebSocket = class extends Real { constructor(...parts) { super(...parts); opened++; } };
            const session = await client.connect(demo, options);
            session.socket('/').close();
            const stop = new AbortController();
            const socket = session.socket('/', { signal: stop.signal });
            await next(socket, 'open');
            stop.abort();
            const closed = socket.isClosed;
            await session.terminate();
            session.close();
            return { opened, closed };
            """);
        Assert.Equal("""{"opened":1,"closed":true}""", found.ToString());
    });
}
