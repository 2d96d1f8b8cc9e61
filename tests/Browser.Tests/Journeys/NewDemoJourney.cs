using System.Diagnostics;
using BrowserTech.Browser.Tests.Browsing;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>Somebody writes a demo: <c>./new-demo</c> while the hub runs, then a change, then a mistake. In a copy of what of this repository it takes.</summary>
public sealed class NewDemoJourney(BrowserHub hub) : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("new-demo-");

    [Fact]
    public Task In_csharp() => WriteAsync("--csharp", "Counter.cs", "++_count", "_count += 10");

    [Fact]
    public Task In_node() => WriteAsync("--node", "server.mjs", "count++", "count += 10");

    private async Task WriteAsync(string language, string file, string one, string ten)
    {
        CopyRepository();
        var settings = new HubSettings { Content = Path.Combine(_copy.FullName, "content") };
        settings.Environment["Hub__DemoBuilder"] = Path.Combine(_copy.FullName, "tools", "build-demo");
        settings.Environment["Playground__BuiltDemosFolder"] = Path.Combine(_copy.FullName, "artifacts", "demos");
        await using var own = await HubProcess.StartAsync(settings);

        using (var script = Process.Start(Path.Combine(_copy.FullName, "new-demo"), ["hello-tabs", language, "--title", "Hello: NAME, everybody's CLASS"]))
        {
            await script.WaitForExitAsync().WaitAsync(Patience.Limit);
            Assert.Equal(0, script.ExitCode);
        }

        await SaysAsync(own, "hello-tabs | Built anew");
        Assert.DoesNotContain("demo.md:", own.Output, StringComparison.Ordinal);
        await hub.VisitAsync(own, async visitor =>
        {
            var page = visitor.Page;
            await page.GotoAsync($"{own.Origin}playground/hello-tabs");
            await Expect(page.Locator("h1")).ToHaveTextAsync("Hello: NAME, everybody's CLASS");

            await page.GotoAsync($"http://hello-tabs.demo.localhost:{own.Port}/?run");
            await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
            await page.Locator("#add").ClickAsync();
            await Expect(page.Locator("#count")).ToHaveTextAsync("1");
            await SaysAsync(own, "hello-tabs | counted to 1");

            // The page loads itself again, with a process of the new build.
            var source = Path.Combine(_copy.FullName, "content", "demos", "hello-tabs", "backend", file);
            var text = await File.ReadAllTextAsync(source);
            await File.WriteAllTextAsync(source, text.Replace(one, ten, StringComparison.Ordinal));
            await SaysAsync(own, "one tab starts again");
            await Expect(page.Locator("#count")).ToHaveTextAsync("0");
            await Expect(page.Locator(".stage__status")).ToHaveTextAsync("your process, live");
            await page.Locator("#add").ClickAsync();
            await Expect(page.Locator("#count")).ToHaveTextAsync("10");
            if (language == "--node") return; // has no compiler to stop it

            await File.WriteAllTextAsync(source, "this is no program");
            await SaysAsync(own, "the last build goes on");
            // Kept for the next start of the hub to say, and for whoever runs a demo that was never built.
            Assert.StartsWith("content/demos/hello-tabs/backend/Counter.cs(1,", await File.ReadAllTextAsync(Path.Combine(_copy.FullName, "artifacts", "demos", "hello-tabs.failed")), StringComparison.Ordinal);
            await page.Locator("#add").ClickAsync();
            await Expect(page.Locator("#count")).ToHaveTextAsync("20");
        }, new VisitOptions { Script = true, ExpectsFailures = true }, organizer: false);
    }

    private void CopyRepository()
    {
        foreach (var folder in new[] { "content", "tools", "src/SessionBackend" })
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(HubProcess.Repository, folder), "*", SearchOption.AllDirectories))
                Copy(Path.GetRelativePath(HubProcess.Repository, file));
        }

        foreach (var file in new[] { "new-demo", ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json" }) Copy(file);
    }

    private void Copy(string file)
    {
        var target = Path.Combine(_copy.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(HubProcess.Repository, file), target);
    }

    private static async Task SaysAsync(HubProcess hub, string words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!hub.Output.Contains(words, StringComparison.Ordinal))
        {
            Assert.False(limit.IsCancellationRequested, $"it never said '{words}':\n{hub.Output}");
            await Task.Delay(50);
        }
    }

    public void Dispose() => _copy.Delete(recursive: true);
}
