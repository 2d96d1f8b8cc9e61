using System.Diagnostics;

namespace BrowserTech.Site.Tests;

/// <summary>What <c>./run</c> says about words it does not know: at once, and not after minutes of building.</summary>
public sealed class RunScriptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(0, "./run [--urls URL]", "--help")]
    [InlineData(0, "./run token revoke ID", "token", "--help")]
    [InlineData(0, "./run token revoke ID", "token", "new", "-h")]
    [InlineData(2, "'--port' is not an option here.", "--port", "5080")]
    [InlineData(2, "'--urls' needs a value.", "--urls")]
    [InlineData(2, "'foo' is not understood.", "foo")]
    [InlineData(2, "'more' is not understood.", "--urls=http://localhost:1", "more")]
    [InlineData(2, "'./run token' is not understood.", "token")]
    [InlineData(2, "'./run token new a b' is not understood.", "token", "new", "a", "b")]
    [InlineData(2, "'--forever' is not an option here.", "token", "list", "--forever")]
    public Task It_looks_at_every_word_before_it_builds(int code, string words, params string[] args) => SaysAsync("run", code, words, args);

    [Theory]
    [InlineData("test", 0, "./test [PROJECT ...]", "--help")]
    [InlineData("test", 2, "'Sites' is not understood.", "Sites")]
    [InlineData("bench", 0, "./bench pages|demos|duckdb|grid|pixels|sessions", "--help")]
    [InlineData("bench", 2, "'session' is not understood.", "session")]
    [InlineData("bench", 2, "./bench pages|demos|duckdb|grid|pixels|sessions")]
    [InlineData("new-demo", 0, "./new-demo NAME", "--help")]
    [InlineData("new-demo", 2, "It needs a name.")]
    [InlineData("new-demo", 2, "'Points' cannot be an address", "Points")]
    [InlineData("new-demo", 2, "'--rust' is not an option here.", "points-2", "--rust")]
    [InlineData("new-demo", 2, "A title has no quotes", "points-2", "--title", "<b>")]
    [InlineData("new-demo", 1, "is there already", "session-backend")]
    public Task So_do_the_others(string script, int code, string words, params string[] args) => SaysAsync(script, code, words, args);

    private static async Task SaysAsync(string script, int code, string words, string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(HubProcess.Repository, script), args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.Equal(code, process.ExitCode);
        Assert.Contains(words, code == 0 ? await said : await errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Building", await said + await errors, StringComparison.Ordinal);
    }
}
