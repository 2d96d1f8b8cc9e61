using BrowserTech.Playground;
using BrowserTech.Site.Content;
using BrowserTech.Site.Demos;
using Microsoft.Extensions.Options;

namespace BrowserTech.Site.Hosting;

/// <summary>
/// The site's address as the world sees it: what canonical addresses, feeds and links in mail begin with. It comes
/// from configuration and never from a request, since anyone can send any <c>Host</c>. While the configured address
/// is a loopback one, as in a fresh checkout, the address the server was told to listen on stands in for it.
/// </summary>
public sealed class PublicAddress
{
    private readonly Uri _origin;
    private readonly string _demoHost;

    public PublicAddress(IOptions<HubOptions> options, ContentStore content, IConfiguration configuration)
    {
        var configured = options.Value.Address is { } address ? new Uri(address, UriKind.Absolute) : content.Current.Site.Address;
        var listening = options.Value.Address is null && configured.IsLoopback ? Listening(configuration["urls"]) : null;
        _origin = new Uri((listening ?? configured).GetLeftPart(UriPartial.Authority));
        _demoHost = configuration["Playground:DemoHost"] ?? new PlaygroundOptions().DemoHost;
        Origin = _origin.GetLeftPart(UriPartial.Authority);
        DemoOrigins = DemoHostOf("*");
    }

    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public string Origin { get; }

    /// <summary>What a content security policy calls the origins of demos.</summary>
    public string DemoOrigins { get; }

    /// <param name="path">Begins with a slash.</param>
    public string Of(string path) => Origin + path;

    /// <summary>The origin of one demo's page.</summary>
    public string DemoOrigin(Slug<Demo> demo) => DemoHostOf(demo.Value);

    /// <summary>What runs in the frame: the demo's page, told to start at once (it was pressed already), and under which key.</summary>
    public string DemoPage(DemoRun run) => $"{DemoOrigin(run.Demo)}/?run&key={Uri.EscapeDataString(run.Key.Value)}";

    private string DemoHostOf(string label) =>
        $"{_origin.Scheme}://{label}.{_demoHost}{(_origin.IsDefaultPort ? "" : $":{_origin.Port}")}";

    private static Uri? Listening(string? urls)
    {
        var first = urls?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?
            .Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal);
        if (!Uri.TryCreate(first, UriKind.Absolute, out var uri)) return null;
        // 127.0.0.1 and 0.0.0.0 are where it listens; localhost is what a browser puts *.localhost beside.
        return uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? new UriBuilder(uri) { Host = "localhost" }.Uri : uri;
    }
}
