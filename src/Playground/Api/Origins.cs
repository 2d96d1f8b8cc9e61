using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Which host is what, and how to write their addresses. The port is never configured: whatever the request came in on is
/// used again, so a hub on any port, or behind a proxy that sets the forwarded headers, gives working addresses.
/// </summary>
public sealed class Origins(IOptions<PlaygroundOptions> options)
{
    private readonly string _demoSuffix = "." + options.Value.DemoHost;
    private readonly string _sessionSuffix = "." + options.Value.SessionHost;

    /// <summary>The first label of a demo's host; null for any other host.</summary>
    public string? DemoLabel(HostString host) => Label(host.Host, _demoSuffix);

    /// <summary>The first label of a backend's host; null for any other host.</summary>
    public string? SessionLabel(HostString host) => Label(host.Host, _sessionSuffix);

    /// <summary>Scheme, host and port of the site itself: where the API is, and who may frame a demo.</summary>
    public string Site(HttpRequest request)
    {
        if (options.Value.PublicOrigin is { } configured) return configured.TrimEnd('/');
        var host = DemoLabel(request.Host) is null && SessionLabel(request.Host) is null
            ? request.Host.Host
            : Parent(options.Value.DemoHost);
        return $"{request.Scheme}://{host}{Port(request)}";
    }

    public string Demo(HttpRequest request, ServiceName demo) =>
        $"{request.Scheme}://{demo}{_demoSuffix}{Port(request)}";

    public string Session(HttpRequest request, BackendId id) =>
        $"{request.Scheme}://{id}{_sessionSuffix}{Port(request)}";

    /// <summary>Every backend's origin, as a source of a Content-Security-Policy, for HTTP and WebSockets.</summary>
    public string SessionSources(HttpRequest request)
    {
        var any = $"*{_sessionSuffix}{Port(request)}";
        return request.IsHttps ? $"https://{any} wss://{any}" : $"http://{any} ws://{any}";
    }

    public static string WebSocketOf(string origin) =>
        origin.StartsWith("https:", StringComparison.Ordinal) ? "wss:" + origin[6..] : "ws:" + origin[5..];

    /// <summary>
    /// Whether a browser that reached us under this host can also reach <c>{id}.{SessionHost}</c>: yes when both are in one
    /// domain, no when it came by an address or another name.
    /// </summary>
    public bool CanUseHosts(HttpRequest request)
    {
        var parent = Parent(options.Value.SessionHost);
        var host = request.Host.Host;
        return host.Equals(parent, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + parent, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Label(string host, string suffix)
    {
        if (!host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) return null;
        return host[..^suffix.Length].ToLowerInvariant();
    }

    private static string Parent(string host) => host[(host.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static string Port(HttpRequest request) => request.Host.Port is { } port ? $":{port}" : "";
}
