using System.Net.Http.Headers;
using BrowserTech.Site.Tests.Accounts;

[assembly: AssemblyFixture(typeof(AccountHub))]

namespace BrowserTech.Site.Tests.Accounts;

/// <summary>A hub whose account <c>test</c> has a service that starts a backend that talks.</summary>
public sealed class AccountHub() : RunningHub(new ContentFolder())
{
    public const string Account = "test";
    public const string Service = "talker";

    public override async ValueTask InitializeAsync()
    {
        Content.Write($"demos/{Service}/demo.md", """
            ---
            title: Talker
            summary: Says what it is told to.
            license: MIT
            backend:
              command: [dotnet, BrowserTech.Playground.Tests.Backend.dll, talk]
              lifetime_seconds: 600
              grace_seconds: 60
            ---
            Text.
            """);
        Content.Write($"demos/{Service}/client/index.html", "<!doctype html><title>Talker</title>");
        var built = Path.Combine(HubProcess.Repository, "artifacts", "bin", "Playground.Tests.Backend", "debug");
        foreach (var file in Directory.EnumerateFiles(built))
            Content.WriteBytes($"demos/{Service}/backend/{Path.GetFileName(file)}", await File.ReadAllBytesAsync(file));
        await base.InitializeAsync();
    }

    /// <summary>What <c>./run token …</c> does with this hub's data.</summary>
    internal Task<Said> TokenAsync(params string[] args) => TokenCommandOn(Hub.DataFolder, [.. args, "--content", Content.Root]);

    internal static Task<Said> TokenCommandOn(string data, params string[] args) =>
        SiteCommand.RunAsync(["token", .. args, .. data.Length > 0 ? new[] { "--data", data } : []]);

    /// <summary>A new token of an account.</summary>
    public Task<string> NewTokenAsync(string account = Account) => SiteCommand.NewTokenAsync(Hub.DataFolder, account);

    /// <summary>A client that calls with a bearer token.</summary>
    public HttpClient With(string token)
    {
        var http = Hub.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    protected override void Configure(IDictionary<string, string?> environment) => environment["Playground__TokenTriesPerMinute"] = "1000";
}
