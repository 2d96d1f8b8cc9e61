namespace BrowserTech.Site.Hosting;

/// <summary>
/// What the hub is told from outside, on the command line (<c>--data DIR</c>), in the environment (<c>Hub__Data</c>)
/// or in <c>appsettings.json</c> (section <c>Hub</c>). Everything has a default that works on a laptop.
/// </summary>
public sealed class HubOptions
{
    /// <summary>Where everything the hub writes is kept: databases, mail, keys, posters.</summary>
    public string Data { get; set; } = "data";

    /// <summary>Where everything people read is kept.</summary>
    public string Content { get; set; } = "content";

    /// <summary>The public address; null takes the one in <c>content/site.yml</c>.</summary>
    public string? Address { get; set; }

    /// <summary>A PostgreSQL connection string; null keeps a SQLite file in <see cref="Data"/>.</summary>
    public string? Postgres { get; set; }

    /// <summary>
    /// A program that builds one demo when its files change: it is given the demo's folder and what changed, <c>backend</c> or <c>client</c>.
    /// Where it is set, the hub watches the demos, ends the backends of what was built anew, and prints what backends write. Null: nothing is watched.
    /// </summary>
    public string? DemoBuilder { get; set; }

    /// <summary>Addresses of reverse proxies whose X-Forwarded headers are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    public string DataPath(params ReadOnlySpan<string> parts) => Path.Combine([Path.GetFullPath(Data), .. parts]);
}
