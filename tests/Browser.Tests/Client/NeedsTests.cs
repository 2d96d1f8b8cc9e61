using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>What a demo cannot do without is looked for, any of several is enough, and looking costs nothing.</summary>
public sealed class NeedsTests(BrowserHub hub)
{
    [Theory]
    [InlineData(true, true, "")]
    [InlineData(false, true, "")]
    [InlineData(true, false, "")]
    [InlineData(false, false, "This demo needs WebGPU or WebGL 2, with which it draws, and this browser has neither. WebGPU: Chrome, Edge and Safari 26 have it; " +
        "elsewhere it may have to be switched on. WebGL 2: browsers have it since 2021; it may be off because the graphics card or its driver is on a list of bad ones.")]
    public Task Any_of_two_is_enough(bool webGpu, bool webGl2, string expected) => VisitAsync(async page =>
    {
        var told = await page.EvaluateAsync<string[]>("""
            async ([webGpu, webGl2]) => {
              Object.defineProperty(navigator, 'gpu', { configurable: true, value: { requestAdapter: async () => (webGpu ? {} : null) } });
              if (!webGl2) HTMLCanvasElement.prototype.getContext = () => null;
              const { missing } = await import('/client/needs.js');
              return missing(['webgpu|webgl2', 'webassembly']);
            }
            """, new[] { webGpu, webGl2 });
        Assert.Equal(expected.Length > 0 ? [expected] : [], told);
    });

    [Fact]
    public Task To_look_for_WebGL_takes_no_context_away_from_whoever_has_one() => VisitAsync(async page => Assert.False(await page.EvaluateAsync<bool>("""
        async () => {
          const { has } = await import('/client/needs.js');
          const own = document.createElement('canvas').getContext('webgl2');
          for (let i = 0; i < 40; i++) await has('webgl2');
          await new Promise((frame) => requestAnimationFrame(frame));
          return own.isContextLost();
        }
        """)));

    [Fact]
    public Task What_nobody_can_look_for_is_a_mistake_of_whoever_asks() => VisitAsync(async page => Assert.Contains("There is no check 'webgl3'", await page.EvaluateAsync<string>("""
        () => import('/client/needs.js').then(({ missing }) => missing(['webgpu|webgl3'])).then(() => '', (error) => error.message)
        """), StringComparison.Ordinal));

    private Task VisitAsync(Func<IPage, Task> visit) => hub.VisitAsync(async visitor =>
    {
        await visitor.Page.GotoAsync($"http://session-backend.demo.localhost:{hub.Hub.Port}/");
        await visit(visitor.Page);
    }, new VisitOptions { Script = true });
}
