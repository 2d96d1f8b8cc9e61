using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>Server-sent events, however the network cuts them.</summary>
public sealed class EventTests(BrowserHub hub)
{
    [Fact]
    public Task Events_are_the_same_wherever_the_bytes_are_cut() => ClientVisit.RunAsync(hub, async visit =>
    {
        // Every cut of the bytes in two, and then cuts everywhere at once: between the bytes of a character, between \r and \n.
        var different = await visit.InPageAsync("""
            const { EventParser, readEvents } = await import(link + '/client/events.js');
            const text = '\uFEFF: hello\r\n\r\nid: 1\r\ndata: grüße 👩‍🚀\r\ndata\r\ndata:  two\r\n\r\nevent: ending\rdata: x\r\r' +
              'id: bad\0id\ndata: keeps\n\nid\ndata: none\n\nevent: empty\n\nretry: 40\nretry: x\nunknown: y\ndata:last\n\ndata: cut off';
            const bytes = new TextEncoder().encode(text);
            const read = async (chunks) => {
              const events = [];
              const parser = new EventParser((event) => events.push(event));
              await readEvents(new Response(new ReadableStream({ start(controller) {
                for (const chunk of chunks) controller.enqueue(chunk);
                controller.close();
              } })), parser);
              return JSON.stringify([events, parser.retry]);
            };
            const expected = JSON.stringify([[
              { event: 'message', data: 'grüße 👩‍🚀\n\n two', id: '1' }, { event: 'ending', data: 'x', id: '1' },
              { event: 'message', data: 'keeps', id: '1' }, { event: 'message', data: 'none', id: '' }, { event: 'message', data: 'last', id: '' },
            ], 40]);
            const wrong = [];
            for (let cut = 0; cut <= bytes.length; cut++) {
              const found = await read([bytes.slice(0, cut), bytes.slice(cut)]);
              if (found !== expected) wrong.push([cut, found]);
            }
            const single = await read([...bytes].map((byte) => new Uint8Array([byte])));
            if (single !== expected) wrong.push(['each', single]);
            return wrong;
            """);
        Assert.Equal("[]", different.ToString());
    });

    [Fact]
    public Task An_event_without_end_is_given_up() => ClientVisit.RunAsync(hub, async visit =>
    {
        var message = await visit.InPageAsync("""
            const { EventParser } = await import(link + '/client/events.js');
            const parser = new EventParser(() => {});
            try {
              for (let i = 0; i < 200; i++) parser.feed('data: ' + 'x'.repeat(10000) + '\n');
            } catch (error) {
              return `${error.name}: ${error.message}`;
            }
            return 'took everything';
            """);
        Assert.StartsWith("PlaygroundError: The server sent an event without end.", message.GetString(), StringComparison.Ordinal);
    });

    [Fact]
    public Task A_stream_that_breaks_is_taken_up_behind_the_last_event_and_a_refusal_ends_it() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const { follow } = await import(link + '/client/events.js');
            const asked = [];
            const real = globalThis.fetch;
            const answers = [
              () => new Response('id: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: cut', { headers: { 'Content-Type': 'text/event-stream' } }),
              () => { throw new TypeError('network'); },
              () => new Response('busy', { status: 503 }),
              () => new Response('id: c\ndata: 3\n\n'),
              () => Response.json({ kind: 'not_found', message: 'Gone.' }, { status: 404 }),
            ];
            globalThis.fetch = async (address, init) => {
              asked.push(init.headers['Last-Event-ID'] ?? '');
              return answers.shift()();
            };
            const heard = [];
            try {
              await follow('https://hub.test/stream', ({ data }) => { heard.push(data); });
            } catch (error) {
              return { asked, heard, kind: error.kind };
            } finally {
              globalThis.fetch = real;
            }
            """);
        Assert.Equal("""{"asked":["","b","b","b","c"],"heard":["1","2","3"],"kind":"not_found"}""", found.ToString());
    });

    [Fact]
    public Task An_event_without_an_id_does_not_forget_where_a_resumed_stream_was() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const { follow } = await import(link + '/client/events.js');
            const asked = [];
            const real = globalThis.fetch;
            const answers = [
              () => new Response('id: ready\ndata: 1\n\n'),
              () => new Response('event: staying\ndata: 2\n\nevent: ending\ndata: 3\n\n'),
              () => new Response('event: ending\ndata: 4\n\nid: terminated\ndata: 5\n\ndata: 6\n\n'),
              () => new Response('id\ndata: 7\n\n'),
              () => new Response(null, { status: 204 }),
            ];
            globalThis.fetch = async (address, init) => {
              asked.push(init.headers['Last-Event-ID'] ?? '');
              return answers.shift()();
            };
            const heard = [];
            await follow('https://hub.test/stream', ({ data, id }) => { heard.push(data + id); }).finally(() => { globalThis.fetch = real; });
            return [asked.join(), heard.join()];
            """);
        // An id that is sent empty is one, and begins anew.
        Assert.Equal("""[",ready,ready,terminated,","1ready,2ready,3ready,4ready,5terminated,6terminated,7"]""", found.ToString());
    });

    [Fact]
    public Task A_stream_that_falls_silent_is_a_dead_one() => ClientVisit.RunAsync(hub, async visit =>
    {
        var found = await visit.InPageAsync("""
            const { EventParser, readEvents } = await import(link + '/client/events.js');
            let cancelled = false;
            const body = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode(':\n\n')); }, cancel() { cancelled = true; } });
            const error = await readEvents(new Response(body), new EventParser(() => {}), undefined, 50).catch((error) => error);
            return `${error.kind} ${cancelled}`;
            """);
        Assert.Equal("unreachable true", found.GetString());
    });
}
