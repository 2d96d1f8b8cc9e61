using BrowserTech.Site.Content;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BrowserTech.Site.Hosting;

/// <summary>
/// The site's address as the world sees it: what canonical addresses, feeds and links in mail begin with. It comes
/// from configuration and never from a request, since anyone can send any <c>Host</c>. While the configured address
/// is a loopback one, as in a fresh checkout, the address the server really listens on stands in for it.
/// </summary>
public sealed class PublicAddress(IOptions<HubOptions> options, ContentStore content, IServer server)
{
    /// <summary>Scheme, host and port, without a trailing slash.</summary>
    public string Origin
    {
        get
        {
            var configured = options.Value.Address is { } address ? new Uri(address, UriKind.Absolute) : content.Current.Site.Address;
            return (options.Value.Address is null && configured.IsLoopback && Listening() is { } listening ? listening : configured)
                .GetLeftPart(UriPartial.Authority);
        }
    }

    /// <summary>What a content security policy calls the origins of demos.</summary>
    public string DemoOrigins
    {
        get
        {
            var origin = new Uri(Origin);
            return $"{origin.Scheme}://*.{options.Value.DemoHost}{Port(origin)}";
        }
    }

    /// <param name="path">Begins with a slash.</param>
    public string Of(string path) => Origin + path;

    /// <summary>The origin of one demo's page.</summary>
    public string DemoOrigin(Slug<Demo> demo)
    {
        var origin = new Uri(Origin);
        return $"{origin.Scheme}://{demo}.{options.Value.DemoHost}{Port(origin)}";
    }

    private static string Port(Uri origin) => origin.IsDefaultPort ? "" : $":{origin.Port}";

    private Uri? Listening()
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (bound is null || !Uri.TryCreate(bound.Replace("//*", "//localhost").Replace("//+", "//localhost"), UriKind.Absolute, out var uri)) return null;
        // 127.0.0.1 and [::] are where it listens; localhost is what a browser gives *.localhost beside.
        return new UriBuilder(uri) { Host = "localhost" }.Uri;
    }
}
