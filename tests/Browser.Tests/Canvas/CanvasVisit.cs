using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Client;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Canvas;

/// <summary>
/// A page of somebody else's with a <c>&lt;remote-canvas&gt;</c>, connected to a process that draws the gradient of docs/remote-canvas.md. What is shown is
/// read from the pixels, what was told from the process.
/// </summary>
internal sealed class CanvasVisit(ClientVisit visit)
{
    public const string Service = "gradient";

    /// <summary>What every test has in its page: the canvas, the frames it says it shows, and its damage of what comes over the line.</summary>
    public const string Start = Peak + """
        await import(link + '/client/remote-canvas.js');
        /** A socket like any other, on which things go wrong. */
        class Tampering extends EventTarget {
          damage = 0;
          received = [];
          acknowledged = [];
          asked = 0;
          constructor(socket) {
            super();
            this.inner = socket;
            socket.addEventListener('open', () => this.dispatchEvent(new Event('open')));
            socket.addEventListener('message', ({ data }) => {
              const bytes = new Uint8Array(data);
              if (bytes[0] === 1) this.received.push(new DataView(data).getUint32(4, true));
              // A frame of video that is no key frame: the length of its first unit becomes one that cannot be.
              if (this.damage > 0 && bytes[0] === 1 && bytes[1] === 1 && !(bytes[2] & 1)) {
                this.damage--;
                bytes.fill(255, 40, 44);
              }
              this.dispatchEvent(new MessageEvent('message', { data }));
            });
          }
          get isOpen() { return this.inner.isOpen; }
          get bufferedAmount() { return this.inner.bufferedAmount; }
          send(bytes) {
            if (bytes[0] === 2) this.acknowledged.push(new DataView(bytes.buffer).getUint32(4, true));
            if (bytes[0] === 7) this.asked++;
            return this.inner.send(bytes);
          }
        }
        const canvas = document.createElement('remote-canvas');
        canvas.style.cssText = 'width:640px;height:360px';
        document.body.style.margin = '0';
        document.body.replaceChildren(canvas);
        const [frames, broken] = [[], []];
        canvas.addEventListener('frame', ({ detail }) => frames.push({ ...detail, at: performance.now() }));
        canvas.addEventListener('decodeerror', ({ detail }) => broken.push(detail));
        const until = async (holds) => { while (!holds()) await new Promise(requestAnimationFrame); };
        Object.assign(globalThis, { canvas, frames, broken, until, Tampering, client, options });
        """;

    /// <summary>Where the gradient of an element is brightest, from 0 at the left to 1: read from the pixels.</summary>
    public const string Peak = """
        globalThis.peak = (element = globalThis.canvas) => {
          const small = Object.assign(document.createElement('canvas'), { width: 64, height: 36 }).getContext('2d', { willReadFrequently: true });
          small.drawImage(element.canvas, 0, 0, 64, 36);
          const green = [...small.getImageData(0, 18, 64, 1).data].filter((_, i) => i % 4 === 1);
          const best = Math.max(...green);
          const at = green.flatMap((value, i) => (value > best - 3 ? [i] : []));
          return (at[0] + at.at(-1) + 1) / 128;
        };

        """;

    public const string Connected = Start + """
        globalThis.session = await client.connect('gradient', options);
        globalThis.told = async () => (await session.fetch('/')).text();
        canvas.session = session;
        await until(() => canvas.isComplete);
        """;

    public ClientVisit Client => visit;

    public IPage Page => visit.Page;

    public static Task RunAsync(BrowserHub hub, Func<CanvasVisit, Task> use, Dictionary<string, (string Type, string Body)>? pages = null)
    {
        GradientDemo.AddTo(hub.Content);
        return ClientVisit.RunAsync(hub, async visit =>
        {
            await hub.WhenThereAsync($"/playground/{Service}", _ => true);
            await use(new CanvasVisit(visit));
        }, pages);
    }

    public Task InPageAsync(string body) => visit.InPageAsync(body + "\nreturn 1;");

    /// <summary>What the process was told, one input on a line, once that holds.</summary>
    public async Task<string[]> ToldAsync(Func<string[], bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var lines = (await Page.EvaluateAsync<string>("told()")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (holds(lines)) return lines;
            Assert.False(limit.IsCancellationRequested, $"It was told:\n{string.Join('\n', lines)}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
