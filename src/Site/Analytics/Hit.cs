namespace BrowserTech.Site.Analytics;

/// <summary>
/// One event as it is kept: what was looked at, when, and by which of the day's visitors, who is a number that
/// cannot be led back to anybody once the day's salt is gone.
/// </summary>
/// <param name="Name"><c>pageview</c>, <c>engagement</c> or the name of a custom event.</param>
/// <param name="Domain">The site, as Plausible's <c>domain</c>.</param>
/// <param name="Referrer">Host and path of where the visitor came from; empty where unknown.</param>
/// <param name="Source">A name for it: the campaign's source, a known site, or the host; empty for none.</param>
/// <param name="Properties">Custom properties as a JSON object, or null.</param>
/// <param name="ScrollDepth">Percent, 0 to 100; 255 where it was not sent.</param>
/// <param name="EngagedMilliseconds">Time the page was looked at since the last engagement event.</param>
public sealed record Hit(
    DateTimeOffset Time,
    string Name,
    string Domain,
    string Hostname,
    string Path,
    string Referrer,
    string Source,
    Campaign Campaign,
    ulong Visitor,
    string? Properties,
    bool Interactive = true,
    byte ScrollDepth = 255,
    uint EngagedMilliseconds = 0);

/// <summary>The tags of the address that was opened; empty where absent.</summary>
public readonly record struct Campaign(string Source, string Medium, string Name, string Content, string Term)
{
    public static readonly Campaign None = new("", "", "", "", "");
}
