using System.Diagnostics;
using BrowserTech.Browser.Tests.Browsing;

namespace BrowserTech.Browser.Tests.Client;

/// <summary>The packages of <c>web/</c>, installed once from its lock file.</summary>
internal static class Npm
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(HubProcess.Repository, "tests", "Browser.Tests", "web");

    /// <summary>Runs a program of a package. What it wrote, and how it ended.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        Need.Program("npm", "npm");
        await Installed.Value;
        return await StartAsync(Path.Combine(Folder, "node_modules", ".bin", program), arguments, Patience.Limit);
    }

    private static async Task InstallAsync()
    {
        var stamp = Path.Combine(Folder, "node_modules", ".installed");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted) return;
        var (code, output) = await StartAsync(Need.Program("npm", "npm"), ["ci", "--no-fund", "--no-audit", "--loglevel=error"], InstallLimit);
        Assert.True(code == 0, $"npm ci failed:\n{output}");
        await File.WriteAllTextAsync(stamp, wanted);
    }

    private static async Task<(int Code, string Output)> StartAsync(string program, string[] arguments, TimeSpan limit)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(limit);
        return (process.ExitCode, await output + await errors);
    }
}
