using System.Diagnostics;
using System.Security.Cryptography;

namespace BrowserTech.Site.Tests.Accounts;

/// <summary>
/// Jamsocket's command line as npm gives it, installed once for each lock file and never changed. Each one has a home folder of its own
/// and can reach no other machine: what it does when it cannot look for a newer version of itself is nothing.
/// </summary>
internal sealed class JamsocketCli : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(4);
    private static readonly SemaphoreSlim Installing = new(1, 1);

    // Loaded before the program: names resolve on this machine or not at all.
    private const string StayHere = """
        const dns = require('dns'), lookup = dns.lookup;
        dns.lookup = (host, options, done) => host === 'localhost'
          ? lookup(host, options, done)
          : (done ?? options)(Object.assign(new Error(`${host} is not this machine`), { code: 'ENOTFOUND' }));
        """;

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("jamsocket-tests-");
    private readonly string _program;
    private readonly Uri _hub;

    private JamsocketCli(string program, Uri hub)
    {
        (_program, _hub) = (program, hub);
        File.WriteAllText(Path.Combine(_home.FullName, "stay-here.cjs"), StayHere);
        var cache = _home.CreateSubdirectory(Path.Combine(".cache", "jamsocket"));
        // What it would have found: it looks again after a day.
        File.WriteAllText(Path.Combine(cache.FullName, "version"), "{\"latest\":\"0.0.1\"}");
    }

    public static async Task<JamsocketCli> ForAsync(Uri hub) => new(await InstallAsync(), hub);

    public string Home => _home.FullName;

    /// <summary>Runs it to its end.</summary>
    public async Task<Said> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
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

        return new Said(process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it, for what goes on until it is stopped.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Need.Program("nodejs", "node"), [_program, .. args])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = Home,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("XDG_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["HOME"] = Home;
        start.Environment["NODE_OPTIONS"] = $"--require={Path.Combine(Home, "stay-here.cjs")}";
        start.Environment["JAMSOCKET_SERVER_API"] = _hub.GetLeftPart(UriPartial.Authority);
        var process = Process.Start(start)!;
        process.StandardInput.Close(); // it never asks anything
        return process;
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static async Task<string> InstallAsync()
    {
        var npm = Need.Program("npm", "npm");
        var wanted = Path.Combine(HubProcess.Repository, "tests", "Site.Tests", "Accounts", "jamsocket");
        var key = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(wanted, "package-lock.json"))))[..12];
        var folder = Path.Combine(HubProcess.Repository, "artifacts", "jamsocket-cli", key);
        var program = Path.Combine(folder, "node_modules", "jamsocket", "bin", "run");
        await Installing.WaitAsync();
        try
        {
            if (File.Exists(Path.Combine(folder, "installed"))) return program;
            Directory.CreateDirectory(folder);
            foreach (var name in (string[])["package.json", "package-lock.json"]) File.Copy(Path.Combine(wanted, name), Path.Combine(folder, name), overwrite: true);
            using var install = Process.Start(new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"])
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            })!;
            _ = install.StandardOutput.ReadToEndAsync();
            var errors = install.StandardError.ReadToEndAsync();
            await install.WaitForExitAsync().WaitAsync(InstallLimit);
            Assert.True(install.ExitCode == 0, $"npm ci failed: {await errors}");
            await File.WriteAllTextAsync(Path.Combine(folder, "installed"), "");
            return program;
        }
        finally
        {
            Installing.Release();
        }
    }
}
