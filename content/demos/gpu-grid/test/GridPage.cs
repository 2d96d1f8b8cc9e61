using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using SkiaSharp;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>The demo's page in a browser: what it drew, asked of its pixels, and what it says of itself, asked of its script.</summary>
internal sealed class GridPage(IPage page)
{
    public const float Footer = 36;

    public IPage Page => page;

    public ILocator Rows => page.Locator(".grid [role=row]:not(:first-child)");

    public ILocator Filter => page.GetByRole(AriaRole.Textbox, new() { Name = "Filter the events" });

    public ILocator Timeline => page.GetByRole(AriaRole.Slider, new() { Name = "Time" });

    public ILocator Announced => page.Locator(".place [role=status]");

    /// <summary>Opens it on its own, and waits until rows are drawn and the mirror has them.</summary>
    public static async Task<GridPage> OpenAsync(IPage page, int port, string api = "webgl2")
    {
        await page.GotoAsync($"http://gpu-grid.demo.localhost:{port}/?run&api={api}");
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        var grid = new GridPage(page);
        await grid.RestAsync();
        return grid;
    }

    /// <summary>A value of the page's own object, in the words of the page: <c>scroll.top</c>.</summary>
    public Task<T> AskAsync<T>(string what) => page.EvaluateAsync<T>($"document.querySelector('.place').grid.{what}");

    public Task DoAsync(string what) => page.EvaluateAsync($"void document.querySelector('.place').grid.{what}");

    public Task<int> FramesAsync() => AskAsync<int>("frames.count");

    /// <summary>Waits until all that is in view has come, nothing moves, and the mirror was brought up to date.</summary>
    public async Task RestAsync()
    {
        await page.WaitForFunctionAsync("""
            () => {
              const { rows, scroll, scheduled, mirror, timeline } = document.querySelector('.place').grid;
              const last = Math.min(rows.count - 1, Math.floor(scroll.top + scroll.visible));
              return rows.words && (rows.count === 0 || rows.has(Math.floor(scroll.top), last)) && !scheduled && !mirror.waiting && timeline.strips[1]?.view === rows.view;
            }
            """);
    }

    /// <summary>Pixels of the picture, without the footer, whose figures differ from frame to frame.</summary>
    public async Task<SKBitmap> PictureAsync()
    {
        var bytes = await page.Locator(".place").ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
        using var whole = SKBitmap.Decode(bytes);
        var part = new SKBitmap();
        Assert.True(whole.ExtractSubset(part, new SKRectI(0, 0, whole.Width, whole.Height - (int)Footer)));
        return part.Copy();
    }

    /// <summary>How many pixels of a part of the picture are unlike its ground: ink.</summary>
    public async Task<int> InkAsync(float x, float y, float width, float height)
    {
        using var picture = await PictureAsync();
        var ground = picture.GetPixel(picture.Width / 2, 4);
        var ink = 0;
        for (var row = (int)y; row < Math.Min(picture.Height, (int)(y + height)); row++)
            for (var column = (int)x; column < Math.Min(picture.Width, (int)(x + width)); column++)
                if (Pixels.Apart(picture.GetPixel(column, row), ground) > 60) ink++;
        return ink;
    }

    /// <summary>Every cell of every row in the mirror.</summary>
    public Task<string[][]> MirrorAsync() => page.EvaluateAsync<string[][]>(
        "[...document.querySelectorAll('.grid [role=row]')].slice(1).map((row) => [...row.children].map((cell) => cell.textContent))");

    /// <summary>The rows that the picture was last made of.</summary>
    public Task<string[][]> DrawnAsync() => page.EvaluateAsync<string[][]>("""
        () => {
          const { rows, scroll, mirror } = document.querySelector('.place').grid;
          const out = [];
          for (let i = Math.floor(scroll.top); i < Math.min(rows.count, Math.ceil(scroll.top + scroll.visible)); i++) {
            const row = rows.at(i);
            out.push(mirror.shown.map(({ key }) => key ? row[key] : `peak ${Math.max(...[...row.trace].flatMap((two) => [two & 15, two >> 4]))} of 15`));
          }
          return out;
        }
        """);
}

internal static class Pixels
{
    public static int Apart(SKColor a, SKColor b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);

    /// <summary>The share of pixels that differ visibly.</summary>
    public static double Difference(SKBitmap a, SKBitmap b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        var (one, other) = (a.Pixels, b.Pixels);
        return one.Where((pixel, i) => Apart(pixel, other[i]) > 24).Count() / (double)one.Length;
    }
}
