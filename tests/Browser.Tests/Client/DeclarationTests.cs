using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>The declarations are written by hand: the compiler checks that they hold together, a browser that they say what is there.</summary>
public sealed partial class DeclarationTests(BrowserHub hub)
{
    private static readonly string Source = Path.Combine(HubProcess.Repository, "src", "Playground", "client");

    [Fact]
    public async Task The_declarations_compile_for_somebody_who_is_strict()
    {
        var (code, output) = await Npm.RunAsync("tsc", "-p", ".");
        Assert.True(code == 0, output);
    }

    [Fact]
    public Task What_is_declared_is_what_is_there() => ClientVisit.RunAsync(hub, async visit =>
    {
        foreach (var file in Directory.EnumerateFiles(Source, "*.d.ts"))
        {
            var module = Path.GetFileName(file).Replace(".d.ts", ".js", StringComparison.Ordinal);
            if (module.EndsWith("react.js", StringComparison.Ordinal)) continue; // imports what this page has not
            var text = await File.ReadAllTextAsync(file);
            var found = await visit.InPageAsync($$"""
                const module = await import(link + '/client/{{module}}');
                const members = ([, value]) => typeof value === 'function' && value.prototype
                  ? Object.getOwnPropertyNames(value.prototype).filter((name) => name !== 'constructor' && !name.endsWith('Callback')) : [];
                return Object.fromEntries(Object.entries(module).map((entry) => [entry[0], members(entry)]));
                """);
            var exported = found.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal);
            var declared = Exports().Matches(text).Select(match => match.Groups["name"].Value)
                .Concat(Again().Matches(text).SelectMany(match => match.Groups["name"].Value.Split(',', StringSplitOptions.TrimEntries)))
                .Where(name => module != "errors.js" || name == "PlaygroundError").Distinct().Order(StringComparer.Ordinal);
            // What modules share among themselves is exported too, and declared to nobody.
            Assert.Empty(declared.Except(exported));
            foreach (var made in found.EnumerateObject().Where(each => text.Contains($"class {each.Name} ", StringComparison.Ordinal)))
                foreach (var member in made.Value.EnumerateArray().Select(each => each.GetString()!))
                    Assert.True(Regex.IsMatch(text, $@"\b{member}\b", RegexOptions.NonBacktracking), $"{module}: {made.Name}.{member} is not declared");
        }
    });

    [Fact]
    public async Task Any_page_may_load_the_modules_and_what_is_named_after_its_content_is_kept()
    {
        using var newest = await hub.Http.GetAsync("/client/playground.js");
        Assert.Equal("text/javascript", newest.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", newest.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("cross-origin", newest.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.True(newest.Headers.CacheControl!.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/client/playground.js");
        again.Headers.IfNoneMatch.Add(newest.Headers.ETag!);
        using var unchanged = await hub.Http.SendAsync(again);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, unchanged.StatusCode);

        var config = System.Text.Json.JsonDocument.Parse(await hub.Http.GetStringAsync(DemoAddress("/config.json"))).RootElement;
        var kept = config.GetProperty("client").GetString()!;
        using var forEver = await hub.Http.GetAsync(kept + "socket.d.ts");
        Assert.Contains("immutable", forEver.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("application/typescript", forEver.Content.Headers.ContentType!.MediaType);
        using var unknown = await hub.Http.GetAsync("/client/v-000000000000/playground.js");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private Uri DemoAddress(string path) => new($"http://{BrowserHub.Demo}.demo.localhost:{hub.Hub.Port}{path}");

    [GeneratedRegex(@"^export (declare )?(class|function|const) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Exports();

    [GeneratedRegex(@"^export \{ (?<name>[^}]+) \}", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Again();
}
