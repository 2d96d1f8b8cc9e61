using System.Diagnostics;

namespace BrowserTech.TestKit;

/// <summary>What a program said and how it ended.</summary>
public sealed record Said(int ExitCode, string Output, string Errors)
{
    public string Good() =>
        ExitCode == 0 ? Output : throw new InvalidOperationException($"It ended with {ExitCode}: {Output}{Errors}");
}

/// <summary>The hub's program, called for one thing and not to serve.</summary>
public static class SiteCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>A new token of an account of the hub with this data folder, as <c>./run token new ACCOUNT</c> makes it.</summary>
    public static async Task<string> NewTokenAsync(string data, string account) => (await RunAsync("token", "new", account, "--data", data)).Good().Trim();

    public static async Task<Said> RunAsync(params string[] args)
    {
        var program = Path.Combine(HubProcess.Repository, "artifacts", "bin", "Site", "debug", "BrowserTech.Site.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);
        return new Said(process.ExitCode, await output, await errors);
    }
}
