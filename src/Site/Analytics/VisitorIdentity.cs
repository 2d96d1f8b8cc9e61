using System.Net;
using BrowserTech.Site.Hosting;

namespace BrowserTech.Site.Analytics;

/// <summary>The site whose pages are counted, as Plausible's <c>domain</c>: the public host without <c>www.</c></summary>
public sealed record AnalyticsSite(string Domain)
{
    public static AnalyticsSite Of(PublicAddress address) => new(TrafficSource.WithoutWww(new Uri(address.Origin).Host));
}

/// <summary>Gives a request its visitor number. Address and browser are read here and go no further.</summary>
public sealed class VisitorIdentity(DailySalts salts)
{
    public ulong Of(HttpContext context, string domain, string hostname) => VisitorHash.Of(
        salts.Today(),
        context.Request.Headers.UserAgent.ToString(),
        context.Connection.RemoteIpAddress?.MapToIPv6().ToString() ?? "",
        domain,
        Root(hostname));

    // Without the public suffix list the last two labels stand in for the registrable domain; addresses and single
    // names are used as they are.
    private static string Root(string hostname)
    {
        if (IPAddress.TryParse(hostname, out _)) return hostname;
        var labels = hostname.Split('.');
        return labels.Length <= 2 ? hostname : string.Join('.', labels[^2..]);
    }
}
