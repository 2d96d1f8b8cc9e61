using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Client;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Canvas;

/// <summary>The element as a component of others: put into a page by React, and by Blazor, and connected to a process.</summary>
public sealed class CanvasComponentTests(BrowserHub hub)
{
    [Fact]
    public async Task In_React_it_connects_by_its_provider_follows_its_props_and_lets_go_when_it_is_unmounted() => await CanvasVisit.RunAsync(hub, async visit =>
    {
        await visit.InPageAsync(CanvasVisit.Peak + """
            const react = await import('react');
            const { SessionBackendProvider } = await import(link + '/client/react.js');
            const { RemoteCanvas } = await import(link + '/client/remote-canvas-react.js');
            const { createElement, createRef, StrictMode } = { createRef: () => ({ current: null }), ...react };
            const root = react.createRoot(document.getElementById('root'));
            globalThis.picture = createRef();
            Object.assign(globalThis, { frames: 0, sizes: [] });
            globalThis.show = (props) => root.render(createElement(StrictMode, null, props && createElement(
              SessionBackendProvider, { service: 'gradient', ...options },
              createElement(RemoteCanvas, {
                ref: picture, label: 'A gradient', style: { width: 640, height: 360 }, onFrame: () => frames++, onStats: ({ askedWidth }) => sizes.push(askedWidth), ...props,
              }))));
            show({});
            """);
        await visit.Page.WaitForFunctionAsync("picture.current?.isComplete && sizes.includes(640)");
        await Expect(visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Application, new() { Name = "A gradient" })).ToHaveCountAsync(1);
        await visit.Page.Locator("remote-canvas").HoverAsync(new() { Position = new() { X = 128, Y = 100 } });
        await visit.Page.WaitForFunctionAsync("Math.abs(peak(picture.current) - 0.2) < 0.03");

        // A page's own state, and nothing of what happens: the pointer moves nothing any more.
        await visit.Page.EvaluateAsync("show({ input: 'none', codecs: 'png', state: new Uint8Array([7, 7]) })");
        await visit.Page.WaitForFunctionAsync("picture.current.isComplete && picture.current.stats.codec === 'PNG'");
        await visit.Page.Mouse.MoveAsync(500, 100);
        Assert.Contains("state 2", await visit.Page.EvaluateAsync<string>("async () => (await picture.current.session.fetch('/')).text()"), StringComparison.Ordinal);
        Assert.Equal(0.2, await visit.Page.EvaluateAsync<double>("peak(picture.current)"), 0.03);

        // Paused, nothing comes, whatever happens; and then what was missed.
        await visit.Page.EvaluateAsync("show({ input: 'none', codecs: 'png', state: new Uint8Array([8]), paused: true })");
        await visit.Page.WaitForFunctionAsync("picture.current.paused && picture.current.hasAttribute('paused')");
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("""
            async () => {
              const turns = async () => { for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame); };
              await turns();
              const before = frames;
              show({ input: 'none', codecs: 'jpeg', state: new Uint8Array([9]), paused: true });
              await turns();
              return frames - before;
            }
            """));
        await visit.Page.EvaluateAsync("globalThis.before = frames, show({ input: 'none', codecs: 'jpeg', state: new Uint8Array([9]), paused: false })");
        await visit.Page.WaitForFunctionAsync("frames > before && !picture.current.paused && picture.current.isComplete");

        var id = Assert.Single(visit.Client.Made);
        await visit.Client.ClientsAsync(id, 1);
        await visit.Page.EvaluateAsync("show(null)");
        await visit.Client.EndedAsync(id);
    }, await ReactBundle.PagesAsync());

    [Fact]
    public Task In_Blazor_what_it_renders_connects_by_itself() => InBlazorAsync(new() { ["Service"] = CanvasVisit.Service, ["Label"] = "A gradient", ["style"] = "width: 640px; height: 360px" }, async visit =>
    {
        await visit.Page.WaitForFunctionAsync("document.querySelector('remote-canvas').isComplete");
        await visit.InPageAsync(CanvasVisit.Peak);
        await visit.Page.Mouse.MoveAsync(512, 100);
        await visit.Page.WaitForFunctionAsync("Math.abs(peak(document.querySelector('remote-canvas')) - 0.8) < 0.03");
        var id = Assert.Single(visit.Client.Made);
        await visit.Page.EvaluateAsync("document.querySelector('remote-canvas').remove()");
        await visit.Client.EndedAsync(id);
    });

    [Fact]
    public Task In_Blazor_a_service_that_is_not_there_is_said_in_its_place() => InBlazorAsync(new()
    {
        ["Service"] = "no-such", ["ChildContent"] = (RenderFragment)(builder => builder.AddContent(0, "Needs a script.")),
    }, async visit =>
    {
        await Expect(visit.Page.Locator("remote-canvas")).Not.ToHaveTextAsync("Needs a script.");
        await Expect(visit.Page.Locator("remote-canvas")).ToContainTextAsync("no-such");
    });

    private async Task InBlazorAsync(Dictionary<string, object?> parameters, Func<CanvasVisit, Task> use)
    {
        var body = await RenderAsync(new(parameters) { ["Account"] = "browsertech", ["Api"] = hub.Hub.Origin.ToString() });
        var page = $"<!doctype html><meta charset=utf-8><title>Blazor</title><style>body {{ margin: 0 }}</style>{body}";
        await CanvasVisit.RunAsync(hub, async visit =>
        {
            await visit.Page.GotoAsync(visit.Client.Origin + "/blazor");
            await use(visit);
        }, new() { ["/blazor"] = ("text/html", page) });
    }

    private static async Task<string> RenderAsync(Dictionary<string, object?> parameters)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<RemoteCanvas.Blazor.RemoteCanvas>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
