using System.Text.RegularExpressions;

namespace BrowserTech.Site.Analytics;

/// <summary>Recognises programs by how they introduce themselves. They may read everything; they are not visitors.</summary>
public static partial class Robots
{
    /// <summary>True for programs, for a missing name, and for a browser without a window.</summary>
    public static bool Are(string? userAgent) =>
        string.IsNullOrWhiteSpace(userAgent) || userAgent.Length > 1024 || Program().IsMatch(userAgent);

    [GeneratedRegex(
        @"bot\b|bot/|crawl|spider|slurp|headless|phantomjs|puppeteer|playwright|lighthouse|pagespeed|monitor|uptime|pingdom|preview|scan|archiver|" +
        @"fetch|curl|wget|libwww|httpclient|http-client|okhttp|python|java/|go-http|ruby|perl|axios|node|undici|feed|rss|wrk|facebookexternalhit|embedly|whatsapp|validator",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Program();
}
