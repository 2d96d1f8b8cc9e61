using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Canvas;

/// <summary>What a person sees of a picture that is drawn elsewhere: while they drag, while the line breaks, and after.</summary>
public sealed class CanvasTests(BrowserHub hub)
{
    /// <summary>A page that moves by itself, through whatever is in the way, as video.</summary>
    private const string Moving = CanvasVisit.Start + """
        globalThis.session = await client.connect('gradient', options);
        globalThis.line = new Tampering(session.socket('/'));
        canvas.socket = line;
        let step = 0;
        const move = () => {
          if (!globalThis.rests) canvas.state = new Uint8Array([step++ & 255]);
          requestAnimationFrame(move);
        };
        move();
        const video = () => frames.filter(({ codecName }) => codecName === 'H.264');
        globalThis.video = video;
        await until(() => video().length > 10);
        """;

    [Fact]
    public Task A_drag_is_followed_and_the_newest_place_is_the_one_that_stays() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Connected);
        var mouse = visit.Page.Mouse;
        await mouse.MoveAsync(64, 180);
        await mouse.DownAsync();
        await mouse.MoveAsync(320, 180, new() { Steps = 40 });
        await visit.Page.WaitForFunctionAsync("Math.abs(peak() - 0.5) < 0.03");
        await mouse.MoveAsync(576, 90, new() { Steps = 40 });
        await mouse.UpAsync();
        await visit.Page.WaitForFunctionAsync("canvas.isComplete && Math.abs(peak() - 0.9) < 0.03");

        var told = await visit.ToldAsync(lines => lines.Length > 0 && lines[^1].StartsWith("up ", StringComparison.Ordinal));
        var drag = told.SkipWhile(line => !line.StartsWith("down ", StringComparison.Ordinal)).ToList();
        Assert.Equal("down 1 0 0.10 0", drag[0]);
        Assert.Equal("up 0 0 0.90 0", drag[^1]);
        Assert.All(drag[1..^1], line => Assert.StartsWith("move 1 0 ", line, StringComparison.Ordinal));
        Assert.InRange(drag.Count, 4, 82);
        Assert.Equal("move 1 0 0.90 0", drag[^2]);
    });

    [Fact]
    public Task A_damaged_piece_of_video_costs_a_moment_and_is_told() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(Moving + """
            line.damage = 1;
            await until(() => broken.length === 1);
            const after = video().length;
            await until(() => video().length > after + 10);
            """);
        // A second's pause between two encoders is what is allowed; four is what a frame costs of which nothing is heard.
        Assert.InRange(await visit.Page.EvaluateAsync<double>("Math.max(...frames.slice(1).map(({ at }, i) => at - frames[i].at))"), 0, 2500);
        await visit.Page.EvaluateAsync("globalThis.rests = true");
        await visit.Page.WaitForFunctionAsync("canvas.isComplete");
        // Of every frame it was said what became of it.
        await visit.Page.WaitForFunctionAsync("line.received.length > 20 && line.received.every((number) => line.acknowledged.includes(number))");
        Assert.Equal(1, await visit.Page.EvaluateAsync<int>("broken.length"));
    });

    [Fact]
    public Task Damage_now_and_then_is_forgiven_and_damage_again_and_again_ends_with_pictures() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(Moving + """
            for (let times = 1; times <= 4; times++) {
              line.damage = 1;
              await until(() => broken.length === times);
              const after = video().length;
              // Two in a row, and then a while of peace.
              await until(() => video().length > after + (times % 2 ? 2 : 40));
            }
            """);
        await visit.InPageAsync("""
            line.damage = Infinity;
            await until(() => broken.length >= 7 && frames.at(-1).codecName === 'JPEG');
            const shown = frames.length;
            await until(() => frames.length > shown + 10);
            """);
        Assert.Equal(7, await visit.Page.EvaluateAsync<int>("broken.length"));
        Assert.Equal("JPEG", await visit.Page.EvaluateAsync<string>("frames.at(-1).codecName"));
    });

    [Fact]
    public Task A_picture_of_a_connection_that_is_over_is_never_shown() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Start + """
            canvas.setAttribute('codecs', 'images');
            globalThis.session = await client.connect('gradient', options);
            const socket = session.socket('/');
            canvas.socket = socket;
            for (let i = 0; i < 20; i++) {
              canvas.state = new Uint8Array([i]);
              const before = frames.length;
              await until(() => frames.length > before);
            }
            await until(() => canvas.isComplete);
            // The next one takes long to decode; when it is ready, it is white.
            const decode = globalThis.createImageBitmap;
            let [isHeld, open] = [false, null];
            const late = new Promise((resolve) => { open = resolve; });
            globalThis.createImageBitmap = async () => {
              isHeld = true;
              await late;
              return white;
            };
            const paper = new OffscreenCanvas(64, 36);
            const pen = paper.getContext('2d');
            pen.fillStyle = 'white';
            pen.fillRect(0, 0, 64, 36);
            const white = paper.transferToImageBitmap();
            canvas.state = new Uint8Array([99]);
            await until(() => isHeld);
            globalThis.createImageBitmap = decode;
            const before = frames.length;
            socket.reconnect();
            await until(() => frames.length > before && canvas.isComplete);
            open();
            await new Promise((done) => setTimeout(done));
            await new Promise(requestAnimationFrame);
            const seen = frames.length;
            canvas.state = new Uint8Array([100]);
            await until(() => frames.length > seen && canvas.isComplete);
            """);
        Assert.Equal(0.5, await visit.Page.EvaluateAsync<double>("peak()"), 0.03);
    });

    [Fact]
    public Task Asked_to_begin_again_it_shows_the_whole_picture_soon() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(Moving + """
            for (let i = 0; i < 50; i++) canvas.refresh();
            const after = video().length;
            await until(() => video().length > after + 5);
            """);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("broken.length"));
    });

    [Fact]
    public Task Moved_within_the_page_it_goes_on_and_taken_out_and_put_back_it_connects_again() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Start + """
            for (const [name, value] of Object.entries({ service: 'gradient', account: options.account, api: options.api })) canvas.setAttribute(name, value);
            // Put in again, so that it reads them.
            canvas.remove();
            await Promise.resolve();
            document.body.append(canvas);
            await until(() => canvas.isComplete);
            globalThis.first = canvas.session;
            const aside = document.createElement('aside');
            document.body.append(aside);
            aside.append(canvas);
            const shown = frames.length;
            canvas.state = new Uint8Array([1]);
            await until(() => frames.length > shown && canvas.isComplete);
            globalThis.same = canvas.session === first && !first.isClosed;
            canvas.remove();
            await until(() => first.isClosed);
            const before = frames.length;
            document.body.append(canvas);
            await until(() => frames.length > before && canvas.isComplete);
            """);
        Assert.True(await visit.Page.EvaluateAsync<bool>("same && canvas.session !== first"));
        Assert.Equal(2, visit.Client.Made.Count);
    });

    [Fact]
    public Task Words_in_it_lie_inside_it_and_when_its_process_ends_it_says_so_there() => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Start + """
            for (const [name, value] of Object.entries({ service: 'gradient', account: options.account, api: options.api })) canvas.setAttribute(name, value);
            canvas.textContent = 'Wait a moment.';
            globalThis.slot = canvas.shadowRoot.querySelector('slot');
            globalThis.said = [];
            for (const name of ['gone', 'lost']) canvas.addEventListener(name, ({ detail }) => said.push([name, detail]));
            // It says them where it stands, not below itself.
            globalThis.isInside = () => {
              const range = document.createRange();
              range.selectNodeContents(canvas);
              const [words, box] = [range.getBoundingClientRect(), canvas.getBoundingClientRect()];
              return words.width > 0 && words.height > 0 && words.top >= box.top && words.bottom <= box.bottom && words.left >= box.left && words.right <= box.right;
            };
            await new Promise(requestAnimationFrame);
            globalThis.before = isInside() && !slot.hidden;
            canvas.remove();
            await Promise.resolve();
            document.body.append(canvas);
            await until(() => canvas.isComplete);
            globalThis.during = slot.hidden && slot.getBoundingClientRect().height === 0;
            await canvas.session.terminate({ hard: true });
            await until(() => said.some(([name]) => name === 'gone'));
            """);
        Assert.True(await visit.Page.EvaluateAsync<bool>("before && during"));
        await Microsoft.Playwright.Assertions.Expect(visit.Page.Locator("remote-canvas")).ToContainTextAsync("The process");
        Assert.True(await visit.Page.EvaluateAsync<bool>("isInside() && !slot.hidden && said.filter(([name]) => name === 'gone').length === 1"));
        // The element can be hidden all the same.
        Assert.Equal("none", await visit.Page.EvaluateAsync<string>("() => { canvas.hidden = true; return getComputedStyle(canvas).display; }"));
    });

    [Theory]
    [InlineData("canvas.paused = true")]
    [InlineData("canvas.setAttribute('x-rest', '')")]
    public Task At_rest_and_paused_it_waits_for_nothing(string rest) => CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync("""
            globalThis.ticking = new Set();
            const [begin, end] = [setInterval, clearInterval];
            globalThis.setInterval = (...given) => { const id = begin(...given); ticking.add(id); return id; };
            globalThis.clearInterval = (id) => { ticking.delete(id); end(id); };
            """ + CanvasVisit.Connected + """
            globalThis.last = null;
            canvas.addEventListener('stats', ({ detail }) => { last = detail; });
            canvas.state = new Uint8Array([1]);
            await until(() => ticking.size === 1);
            """);
        await visit.Page.EvaluateAsync(rest);
        await visit.Page.WaitForFunctionAsync("ticking.size === 0");
        Assert.Equal(0, await visit.Page.EvaluateAsync<double>("last.framesPerSecond + last.bitsPerSecond"));
        await visit.InPageAsync("canvas.paused = false; canvas.state = new Uint8Array([2]); await until(() => ticking.size === 1);");
    });

    [Fact]
    public Task Whoever_reads_the_newest_of_what_came_into_sight_and_went_is_right() => CanvasVisit.RunAsync(hub, async visit =>
    {
        // Both in one delivery, as it happens to who scrolls fast.
        await visit.InPageAsync("""
            const Real = IntersectionObserver;
            globalThis.IntersectionObserver = class extends Real {
              constructor(hear) { super(hear); globalThis.report = (...seen) => hear(seen.map((isIntersecting) => ({ isIntersecting }))); }
            };
            """ + CanvasVisit.Connected + """
            report(true, false);
            const shown = frames.length;
            canvas.state = new Uint8Array([1]);
            // The process has heard it, and draws nothing for who does not see it.
            while (!(await told()).includes('state 1')) await new Promise(requestAnimationFrame);
            globalThis.unseen = frames.length - shown;
            report(false, true);
            await until(() => frames.length > shown && canvas.isComplete);
            """);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("unseen"));
    });
}
