using BrowserTech.TestKit;

namespace BrowserTech.Benchmarks;

/// <summary>The hub as <c>./run</c> starts it, in production mode. <c>./bench</c> has published it.</summary>
internal static class PublishedHub
{
    private static readonly string Program = Path.Combine(HubProcess.Repository, "artifacts", "hub", "BrowserTech.Site.dll");

    /// <param name="content">Null: the repository's.</param>
    /// <param name="settings">What it is told besides, as environment variables.</param>
    public static Task<HubProcess> StartAsync(string? content = null, params IEnumerable<(string Name, string Value)> settings)
    {
        var hub = new HubSettings { Program = Program, Content = content, Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production" } };
        foreach (var (name, value) in settings) hub.Environment[name] = value;
        return HubProcess.StartAsync(hub);
    }
}
