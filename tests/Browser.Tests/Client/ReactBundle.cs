namespace BrowserTech.Browser.Tests.Client;

/// <summary>A page that imports <c>react</c> by that name, as made by esbuild of what npm has.</summary>
internal static class ReactBundle
{
    private const string Page = """
        <!doctype html><meta charset=utf-8><title>React</title>
        <script type="importmap">{"imports":{"react":"/react.js"}}</script><div id=root></div>
        """;

    public static async Task<Dictionary<string, (string Type, string Body)>> PagesAsync()
    {
        var bundle = Path.Combine(Path.GetTempPath(), $"react-{Guid.NewGuid():N}.js");
        var (code, output) = await Npm.RunAsync("esbuild", "react.js", "--bundle", "--format=esm", "--define:process.env.NODE_ENV=\"development\"", $"--outfile={bundle}");
        Assert.True(code == 0, output);
        var script = await File.ReadAllTextAsync(bundle);
        File.Delete(bundle);
        return new() { ["/"] = ("text/html", Page), ["/react.js"] = ("text/javascript", script) };
    }
}
