using System.Net;
using System.Text.RegularExpressions;
using BrowserTech.Site.Content;
using BrowserTech.Site.Demos;
using SkiaSharp;

namespace BrowserTech.Site.Tests.Demos;

public sealed class DemoSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demo-source-");

    [Fact]
    public void What_was_written_by_hand_is_listed_in_the_order_to_read_it()
    {
        foreach (var path in new[] { "client/main.js", "client/parts/a.wgsl", "backend/Program.cs", "backend/server.mjs", "test/Tests.cs" }) Write(path, "one\ntwo\n");
        Assert.Equal(["backend/Program.cs", "backend/server.mjs", "client/main.js", "client/parts/a.wgsl", "test/Tests.cs"], DemoSource.Of(Demo()).Select(file => file.Path));
        Assert.All(DemoSource.Of(Demo()), file => Assert.Equal(2, file.Lines));
    }

    [Theory]
    [InlineData("backend/.env")]
    [InlineData("backend/secrets.json")]
    [InlineData("backend/server")]
    [InlineData("backend/obj/Made.cs")]
    [InlineData("client/node_modules/x/index.js")]
    [InlineData("client/.hidden/a.js")]
    [InlineData("data/rows.js")]
    [InlineData("notes.cs")]
    public void What_a_build_or_an_operator_has_put_there_is_nobodys_to_read(string path)
    {
        Write(path, "secret");
        Assert.Empty(DemoSource.Of(Demo()));
        Assert.Null(DemoSource.Read(Demo(), path));
    }

    [Fact]
    public void A_link_that_leads_out_is_no_source()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "backend"));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "backend", "out.cs"), typeof(DemoSourceTests).Assembly.Location);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "backend", "away"), HubProcess.Repository);
        Assert.Empty(DemoSource.Of(Demo()));
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private Demo Demo() => new(Slug<Demo>.Parse("points"), "Points", "", "MIT", [], _folder.FullName,
        new DemoBackend(["./backend"], new Dictionary<string, string>(), 60, 5, null, 64, 1, 64, 64, 0, false), Prose.Empty);

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>The same over HTTP, and the picture of a demo.</summary>
public sealed class DemoPageTests(SiteHub hub) : IAsyncLifetime
{
    private const string Demo = "a-shown-demo";

    public async ValueTask InitializeAsync()
    {
        hub.Content.Write($"demos/{Demo}/demo.md", "---\ntitle: Shown\nsummary: A demo.\nlicense: MIT\nbackend:\n  command: [node, server.mjs]\n---\nAbout it.\n");
        hub.Content.Write($"demos/{Demo}/client/index.html", "<!doctype html><title>Shown</title>");
        hub.Content.Write($"demos/{Demo}/backend/server.mjs", "const answer = '<b>' + 42;\n");
        using var picture = new SKBitmap(new SKImageInfo(1280, 720));
        picture.Erase(SKColors.Red);
        using var webp = picture.Encode(SKEncodedImageFormat.Webp, 90);
        hub.Content.WriteBytes($"demos/{Demo}/poster.webp", webp.ToArray());
        await hub.WhenThereAsync($"/playground/{Demo}/source/backend/server.mjs", page => page.Contains("tok-k", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_source_is_shown_coloured_and_harmless()
    {
        Assert.Contains($"/playground/{Demo}/source/backend/server.mjs", await hub.Http.GetStringAsync($"/playground/{Demo}"), StringComparison.Ordinal);
        var page = await hub.Http.GetStringAsync($"/playground/{Demo}/source/backend/server.mjs");
        Assert.Contains("<span class=\"tok-k\">const", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>'", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backend/../demo.md")]
    [InlineData("backend/%2e%2e/demo.md")]
    [InlineData("demo.md")]
    [InlineData("poster.webp")]
    [InlineData("")]
    public async Task What_is_no_source_is_not_found(string path)
    {
        using var answer = await hub.Http.GetAsync($"/playground/{Demo}/source/{path}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Its_picture_stands_in_for_a_drawing_and_is_kept_for_as_long_as_it_is_the_same()
    {
        var page = await hub.Http.GetStringAsync($"/playground/{Demo}");
        var address = Regex.Match(page, "src=\"(?<a>/posters/[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["a"].Value;
        using var answer = await hub.Http.GetAsync(WebUtility.HtmlDecode(address));
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var shown = SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((640, 360), (shown.Width, shown.Height));
        Assert.True(shown.GetPixel(320, 180) is { Red: > 240, Green: < 16, Blue: < 16 });

        using var old = await hub.Http.GetAsync(address[..address.IndexOf('?', StringComparison.Ordinal)] + "?v=000000000000");
        Assert.True(old.Headers.CacheControl!.NoCache);
        using var drawn = await hub.Http.GetAsync(address[..address.IndexOf('?', StringComparison.Ordinal)]);
        Assert.NotEqual(await answer.Content.ReadAsByteArrayAsync(), await drawn.Content.ReadAsByteArrayAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
