using System.Globalization;
using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Demos.DuckDb;

/// <summary>The page of the demo, as somebody at it uses it.</summary>
internal sealed partial class DuckDbPage(IPage page)
{
    public static readonly VisitOptions Options = new() { Script = true, Width = 1000, Height = 620 };

    public ILocator About => page.Locator("#about");

    public ILocator Chart => page.Locator("#chart svg");

    public ILocator Trouble => page.Locator("#trouble-words");

    public ILocator Offer => page.GetByRole(AriaRole.Button, new() { Name = "Run it on my backend" });

    public ILocator RunButton => page.GetByRole(AriaRole.Button, new() { Name = "Run query" });

    public ILocator Cancel => page.GetByRole(AriaRole.Button, new() { Name = "Cancel" });

    /// <summary>CodeMirror's, inside its shadow root, or the plain field.</summary>
    public ILocator Editor => page.GetByRole(AriaRole.Textbox, new() { NameRegex = new Regex("SQL") });

    /// <summary>Opens it, and waits for the answer it begins with.</summary>
    public static async Task<DuckDbPage> OpenAsync(BrowserHub hub, IPage page, string rest = "?run")
    {
        await page.GotoAsync($"http://duckdb.demo.localhost:{hub.Hub.Port}/{rest}");
        var opened = new DuckDbPage(page);
        await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
        await opened.DoneAsync();
        return opened;
    }

    public Task WhereAsync(string where) => page.GetByRole(AriaRole.Radio, new() { Name = where, Exact = true }).CheckAsync(new() { Force = true });

    /// <summary>Replaces what is in the editor.</summary>
    public async Task TypeAsync(string sql)
    {
        await Editor.ClickAsync();
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.InsertTextAsync(sql);
    }

    /// <summary>Runs a query to its end, whatever that is.</summary>
    public async Task RunAsync(string sql)
    {
        await TypeAsync(sql);
        await RunButton.ClickAsync();
        await DoneAsync();
    }

    public Task DoneAsync() => Expect(page.Locator("#demo")).ToHaveAttributeAsync("aria-busy", "false", new() { Timeout = 60_000 });

    public ILocator Figure(string lane, string name) => page.Locator($"#lane-{lane} [data-figure={name}]");

    public ILocator Lane(string lane) => page.Locator($"#lane-{lane}");

    /// <summary>The rows that are in the page, as text.</summary>
    public async Task<string[][]> TableAsync() => await page.EvaluateAsync<string[][]>(
        "[...document.querySelectorAll('#table tr:not(.spacer)')].slice(1).map((row) => [...row.cells].map((cell) => cell.textContent))");

    /// <summary>Different colours in the middle of what is drawn: read from the screen, not from what was meant to be drawn.</summary>
    public async Task<int> ColoursAsync()
    {
        var picture = Convert.ToBase64String(await page.Locator("#chart").ScreenshotAsync());
        return await page.EvaluateAsync<int>("""
            async (picture) => {
              const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
              const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const { data } = context.getImageData(0, 0, image.width, image.height);
              const seen = new Map();
              for (let i = 0; i < data.length; i += 4) {
                // Of bright pixels only: ground, lines and words are dark or grey.
                const [r, g, b] = data.slice(i, i + 3);
                if (Math.max(r, g, b) - Math.min(r, g, b) < 70) continue;
                const key = `${r >> 5},${g >> 5},${b >> 5}`;
                seen.set(key, (seen.get(key) ?? 0) + 1);
              }
              return [...seen.values()].filter((count) => count > 40).length;
            }
            """, picture);
    }

    public static double Milliseconds(string text)
    {
        var match = Time().Match(text);
        Assert.True(match.Success, $"'{text}' is no time");
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Value == "s" ? 1000 : 1);
    }

    [GeneratedRegex(@"^([\d.]+) (ms|s)$")]
    private static partial Regex Time();
}
