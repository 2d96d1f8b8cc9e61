namespace BrowserTech.Site.Analytics;

/// <summary>Where a visit came from, in the words of Plausible: campaign tags before the referrer, known names before hosts.</summary>
public static class TrafficSource
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["google"] = "Google", ["bing.com"] = "Bing", ["duckduckgo.com"] = "DuckDuckGo", ["search.brave.com"] = "Brave",
        ["ecosia.org"] = "Ecosia", ["kagi.com"] = "Kagi", ["yandex"] = "Yandex", ["baidu.com"] = "Baidu",
        ["github.com"] = "GitHub", ["gist.github.com"] = "GitHub", ["news.ycombinator.com"] = "Hacker News",
        ["lobste.rs"] = "Lobsters", ["reddit.com"] = "Reddit", ["old.reddit.com"] = "Reddit", ["out.reddit.com"] = "Reddit",
        ["t.co"] = "Twitter", ["twitter.com"] = "Twitter", ["x.com"] = "Twitter", ["bsky.app"] = "Bluesky", ["go.bsky.app"] = "Bluesky",
        ["linkedin.com"] = "LinkedIn", ["lnkd.in"] = "LinkedIn", ["facebook.com"] = "Facebook", ["l.facebook.com"] = "Facebook",
        ["m.facebook.com"] = "Facebook", ["instagram.com"] = "Instagram", ["l.instagram.com"] = "Instagram",
        ["youtube.com"] = "YouTube", ["youtu.be"] = "YouTube", ["discord.com"] = "Discord", ["t.me"] = "Telegram",
        ["telegram.org"] = "Telegram", ["mastodon.social"] = "Mastodon", ["chatgpt.com"] = "ChatGPT", ["claude.ai"] = "Claude",
        ["perplexity.ai"] = "Perplexity", ["lu.ma"] = "Luma", ["luma.com"] = "Luma", ["meetup.com"] = "Meetup",
        ["stackoverflow.com"] = "Stack Overflow", ["dev.to"] = "DEV", ["newsletter"] = "Newsletter",
    };

    /// <summary>The referrer as it is kept, and the source's name. Both are empty for a visit that came from nowhere known.</summary>
    /// <param name="ownHost">A referrer of this host is navigation within the site.</param>
    public static (string Referrer, string Source) Of(string? referrer, Campaign campaign, string ownHost)
    {
        var (kept, host) = Clean(referrer, ownHost);
        if (campaign.Source.Length > 0) return (kept, Names.GetValueOrDefault(campaign.Source, campaign.Source));
        return (kept, host.Length == 0 ? "" : NameOf(host));
    }

    public static Campaign CampaignOf(IReadOnlyDictionary<string, string> query) => new(
        First(query, "utm_source", "source", "ref"),
        First(query, "utm_medium"),
        First(query, "utm_campaign"),
        First(query, "utm_content"),
        First(query, "utm_term"));

    private static string First(IReadOnlyDictionary<string, string> query, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (query.TryGetValue(key, out var value) && !string.IsNullOrWhiteSpace(value)) return value.Trim()[..Math.Min(value.Trim().Length, 200)];
        return "";
    }

    // Host and path, without query, fragment or trailing slash: the rest may carry what is private to the other site.
    private static (string Kept, string Host) Clean(string? referrer, string ownHost)
    {
        if (!Uri.TryCreate(referrer, UriKind.Absolute, out var uri)) return ("", "");
        if (uri.Scheme == "android-app") return ($"android-app://{uri.Host}", uri.Host);
        if (uri.Scheme is not ("http" or "https")) return ("", "");
        var host = WithoutWww(uri.Host);
        if (host.Length == 0 || host == "localhost" || string.Equals(host, WithoutWww(ownHost), StringComparison.OrdinalIgnoreCase)) return ("", "");
        return ((host + uri.AbsolutePath).TrimEnd('/'), host);
    }

    private static string NameOf(string host)
    {
        if (Names.TryGetValue(host, out var name)) return name;
        // google.de, google.co.uk and the rest are one source; so is yandex.
        var labels = host.Split('.');
        return labels.Length >= 2 && labels[0] is "google" or "yandex" ? Names[labels[0]] : host;
    }

    public static string WithoutWww(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
}
