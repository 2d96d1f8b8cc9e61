using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BrowserTech.Site.Tests.Accounts;

/// <summary>The command line people who come from Jamsocket already have, against a running hub.</summary>
public sealed partial class JamsocketCliTests(AccountHub hub)
{
    [Fact]
    public async Task Somebody_signs_in_starts_a_backend_looks_at_it_and_ends_it()
    {
        using var cli = await JamsocketCli.ForAsync(hub.Hub.Origin);
        var token = await hub.NewTokenAsync();

        Assert.Contains("Logged in using API token as \"test\"", (await cli.RunAsync("login", "--token", token)).Good(), StringComparison.Ordinal);
        Assert.Contains("already logged in as account test", (await cli.RunAsync("login")).Good(), StringComparison.Ordinal);
        Assert.Equal(AccountHub.Service, (await cli.RunAsync("service", "list")).Good().Trim());

        var info = (await cli.RunAsync("service", "info", AccountHub.Service)).Good();
        Assert.Matches(@"Service: talker\s+account: test\s+created: .* ago", info);

        var connected = (await cli.RunAsync("connect", AccountHub.Service, "--key", "cli room", "--user", "kim", "--max-idle-seconds", "20")).Good();
        var id = IdPattern().Match(connected).Value;
        Assert.NotEmpty(id);
        Assert.Matches($@"backend url:\s+http://{id}\.play\.localhost:{hub.Hub.Port}/\?token=ct-", connected);
        Assert.Matches(@"spawned:\s+true", connected);
        var again = (await cli.RunAsync("connect", AccountHub.Service + "/default", "--key", "cli room")).Good();
        Assert.Contains(id, again, StringComparison.Ordinal);
        Assert.Matches(@"spawned:\s+false", again);
        using var ready = await hub.Http.GetAsync($"/v2/backend/{id}/ready");
        Assert.True(ready.IsSuccessStatusCode);

        var list = (await cli.RunAsync("backend", "list")).Good();
        Assert.Matches($@"{id} .* ago\s+test\s+talker\s+ready \(.*\)\s+cli room", list);
        var about = (await cli.RunAsync("backend", "info", id)).Good();
        Assert.Contains($"Info for backend: {id}", about, StringComparison.Ordinal);
        Assert.Matches(@"service:\s+talker", about);
        Assert.Matches(@"key:\s+cli room", about);
        Assert.Matches(@"mem usage:\s+\d", about);
        Assert.Matches(@"scheduled[\s\S]+loading[\s\S]+starting[\s\S]+waiting[\s\S]+ready", about);

        using var logs = cli.Start("backend", "logs", id);
        using var metrics = cli.Start("backend", "metrics", id);
        try
        {
            await SeenAsync(logs.StandardOutput, "first words");
            await SeenAsync(logs.StandardOutput, "second words");
            await SeenAsync(metrics.StandardOutput, "MiB");

            Assert.Contains($"Termination requested for backend: {id}", (await cli.RunAsync("backend", "terminate", id)).Good(), StringComparison.Ordinal);
            // Both end with the backend.
            await logs.WaitForExitAsync().WaitAsync(Limit);
            await metrics.WaitForExitAsync().WaitAsync(Limit);
            Assert.Equal((0, 0), (logs.ExitCode, metrics.ExitCode));
        }
        finally
        {
            if (!logs.HasExited) logs.Kill();
            if (!metrics.HasExited) metrics.Kill();
        }

        var over = (await cli.RunAsync("backend", "info", id)).Good();
        Assert.Matches(@"terminated \(reason: external, kind: soft, exit code: \d+\)", over);
        Assert.Contains("has already terminated", (await cli.RunAsync("backend", "terminate", id)).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await cli.RunAsync("backend", "list")).Good(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_may_not_do_it_is_told_in_our_words()
    {
        using var cli = await JamsocketCli.ForAsync(hub.Hub.Origin);
        var wrong = await cli.RunAsync("login", "--token", "at-000000000000." + new string('0', 52));
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Matches(@"401 - unauthorized: This token is not valid.*\(id:\s+er-", Unwrapped(wrong.Errors));

        var browser = await cli.RunAsync("login");
        Assert.Contains("jamsocket login --token", Unwrapped(browser.Errors), StringComparison.Ordinal);

        (await cli.RunAsync("login", "--token", await hub.NewTokenAsync("elsewhere"))).Good();
        Assert.Contains("No running backends found", (await cli.RunAsync("backend", "list")).Good(), StringComparison.Ordinal);
        using var made = await hub.Http.PostAsync($"/v2/service/{AccountHub.Account}/{AccountHub.Service}/connect", null);
        var backend = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("backend_id").GetString()!;
        foreach (var command in (string[])["info", "logs"])
        {
            var foreign = await cli.RunAsync("backend", command, backend);
            Assert.NotEqual(0, foreign.ExitCode);
            Assert.Contains("acts for the account 'elsewhere'", Unwrapped(foreign.Errors), StringComparison.Ordinal);
        }

        Assert.NotEqual(0, (await cli.RunAsync("backend", "terminate", backend)).ExitCode);
        using var status = await hub.Http.GetAsync($"/v2/backend/{backend}/status");
        Assert.DoesNotContain("terminat", (await status.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString(), StringComparison.Ordinal);
    }

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static async Task SeenAsync(StreamReader output, string text)
    {
        var seen = new System.Text.StringBuilder();
        var buffer = new char[1];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await output.ReadAsync(buffer).AsTask().WaitAsync(Limit) == 1, $"it ended after '{seen}'");
            seen.Append(buffer[0]);
        }
    }

    // It breaks lines where a terminal would.
    private static string Unwrapped(string text) => WrapPattern().Replace(text, " ");

    [GeneratedRegex("be-[0-9a-z]{16}")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\s*\n\s*[›»]?\s*")]
    private static partial Regex WrapPattern();
}
