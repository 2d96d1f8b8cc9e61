using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What is drawn, by which API, and when nothing is.</summary>
public sealed class PictureTests(BrowserHub hub)
{
    private static readonly VisitOptions WithScript = new() { Script = true };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_apis_make_the_same_picture(bool dark)
    {
        await using var browser = await GpuBrowser.StartAsync();
        var page = await browser.PageAsync(new VisitOptions { Dark = dark });
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port, "webgl2");
        await GpuBrowser.NeedWebGpuAsync(page);
        await grid.DoAsync("scroll.to(4_999_990.37)");
        await grid.RestAsync();
        Assert.Equal("WebGL 2", await grid.AskAsync<string>("surface.title"));
        using var webGl = await grid.PictureAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "WebGPU" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "WebGPU" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Locator("body").ClickAsync(new() { Position = new() { X = 2, Y = 2 } });
        await grid.RestAsync();
        Assert.Equal("WebGPU", await grid.AskAsync<string>("surface.title"));
        using var webGpu = await grid.PictureAsync();

        // Edges of lines and corners are rounded by two compilers; nothing else may differ.
        Assert.InRange(Pixels.Difference(webGl, webGpu), 0, 0.002);
        Assert.InRange(await grid.InkAsync(20, 230, 900, 200), 3000, 100_000);
    }

    [Theory]
    [InlineData("webgl2")]
    [InlineData("webgpu")]
    public async Task A_lost_context_is_replaced_and_the_picture_comes_back(string api)
    {
        await using var browser = await GpuBrowser.StartAsync();
        var page = await browser.PageAsync();
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port, api);
        if (api == "webgpu") await GpuBrowser.NeedWebGpuAsync(page);
        await grid.DoAsync("scroll.to(123_456)");
        await grid.RestAsync();
        using var before = await grid.PictureAsync();
        await grid.DoAsync("surface.api.lose()");
        await page.WaitForFunctionAsync("() => { const { surface } = document.querySelector('.place').grid; return surface.recoveries === 1 && surface.api !== null; }");
        await grid.RestAsync();
        using var after = await grid.PictureAsync();
        Assert.InRange(Pixels.Difference(before, after), 0, 0.0001);
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
    }

    // Each as a real driver would do it: the browser's own WebGPU is asked, and refuses.
    [Theory]
    [InlineData("GPUDevice.prototype.createShaderModule = ((make) => function () { return make.call(this, { code: 'this is no shader' }); })(GPUDevice.prototype.createShaderModule);", "WebGPU could not be used: ")]
    [InlineData("GPUDevice.prototype.createRenderPipelineAsync = async () => { throw new Error('It has no room for a pipeline.'); };", "WebGPU could not be used: It has no room for a pipeline.")]
    [InlineData("HTMLCanvasElement.prototype.getContext = ((get) => function (kind, ...rest) { return kind === 'webgpu' ? null : get.call(this, kind, ...rest); })(HTMLCanvasElement.prototype.getContext);", "WebGPU could not be used: This browser gives no WebGPU context.")]
    public async Task A_driver_that_refuses_is_told_of_and_the_other_api_draws(string driver, string words)
    {
        await using var browser = await GpuBrowser.StartAsync();
        var page = await browser.PageAsync();
        await page.AddInitScriptAsync($"if (globalThis.GPUDevice) {{ {driver} }} globalThis.destroyed = 0; if (globalThis.GPUDevice) GPUDevice.prototype.destroy = ((destroy) => function () {{ globalThis.destroyed++; destroy.call(this); }})(GPUDevice.prototype.destroy);");
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port, "webgpu");
        await GpuBrowser.NeedWebGpuAsync(page);
        await Expect(grid.Announced).ToContainTextAsync(words);
        await Expect(grid.Announced).ToContainTextAsync("WebGL 2 draws instead.");
        Assert.Equal("WebGL 2", await grid.AskAsync<string>("surface.title"));
        Assert.Equal(1, await page.EvaluateAsync<int>("destroyed"));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "WebGL 2" })).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.InRange(await grid.InkAsync(20, 230, 900, 200), 3000, 100_000);
    }

    [Fact]
    public async Task A_driver_that_begins_to_refuse_is_told_of_and_the_other_api_draws()
    {
        await using var browser = await GpuBrowser.StartAsync();
        var page = await browser.PageAsync();
        var grid = await GridPage.OpenAsync(page, hub.Hub.Port, "webgpu");
        await GpuBrowser.NeedWebGpuAsync(page);
        Assert.Equal("WebGPU", await grid.AskAsync<string>("surface.title"));
        using var before = await grid.PictureAsync();
        // Twice, as each frame would.
        await grid.DoAsync("surface.api.device.createBuffer({ size: 4, usage: 0 })");
        await grid.DoAsync("surface.api.device.createBuffer({ size: 4, usage: 0 })");
        await grid.DoAsync("invalidate()");
        await Expect(grid.Announced).ToContainTextAsync("WebGL 2 draws instead.");
        await Expect(grid.Announced).ToContainTextAsync("WebGPU failed: ");
        await grid.RestAsync();
        Assert.Equal(("WebGL 2", 1), (await grid.AskAsync<string>("surface.title"), await grid.AskAsync<int>("surface.recoveries")));
        using var after = await grid.PictureAsync();
        Assert.InRange(Pixels.Difference(before, after), 0, 0.002);
    }

    [Fact]
    public Task Placeholders_are_drawn_until_rows_come_and_then_rows() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        // The connection holds its breath.
        await visitor.Page.EvaluateAsync("() => { const { rows } = document.querySelector('.place').grid; globalThis.send = rows.send; rows.send = () => false; }");
        await grid.DoAsync("scroll.to(2_000_000)");
        await visitor.Page.WaitForFunctionAsync("() => !document.querySelector('.place').grid.scheduled");
        Assert.False(await grid.AskAsync<bool>("rows.has(2_000_000, 2_000_010)"));
        using var empty = await grid.PictureAsync();

        await visitor.Page.EvaluateAsync("() => { const { grid } = document.querySelector('.place'); grid.rows.send = globalThis.send; grid.invalidate(); }");
        await grid.RestAsync();
        using var full = await grid.PictureAsync();
        Assert.InRange(Pixels.Difference(empty, full), 0.02, 1);
        Assert.Contains("2\u2009000\u2009001", (await grid.MirrorAsync())[1]);
    }, WithScript);

    [Fact]
    public Task Letters_of_any_script_are_drawn_and_the_atlas_forgets_what_it_must() => hub.VisitAsync(async visitor =>
    {
        var grid = await GridPage.OpenAsync(visitor.Page, hub.Hub.Port);
        await grid.Filter.FillAsync("نحتاج कार्य ελληνικά 漢字 é\u0301");
        await visitor.Page.WaitForFunctionAsync("() => !document.querySelector('.place').grid.scheduled");
        Assert.InRange(await grid.InkAsync(50, 12, 500, 34), 150, 20_000);

        // Thousands of glyphs no frame uses any more: it grows to its limit, and then throws out the oldest.
        await visitor.Page.EvaluateAsync("""
            () => {
              const { surface } = document.querySelector('.place').grid;
              const font = surface.font('400 SIZE sans-serif', 40);
              for (let i = 0; i < 9000; i++) {
                if (i % 100 === 0) surface.atlas.begin();
                font.glyph(font.run(`x${i}`).clusters.at(-1), i & 3);
                font.glyph({ text: `${i}W`, advance: 1, glyphs: [null, null, null, null] }, 0);
              }
            }
            """);
        Assert.InRange(await grid.AskAsync<int>("surface.atlas.height"), 2048, 2048);
        Assert.True(await grid.AskAsync<int>("surface.atlas.evictions") > 10);
        // What is seen is drawn as before all the same.
        await grid.Filter.FillAsync("");
        await grid.DoAsync("mirror.focus()");
        await grid.RestAsync();
        using var after = await grid.PictureAsync();
        await grid.DoAsync("surface.forgetFonts()");
        await grid.DoAsync("invalidate()");
        await grid.RestAsync();
        using var anew = await grid.PictureAsync();
        Assert.InRange(Pixels.Difference(after, anew), 0, 0.0001);
    }, WithScript);
}
