using System.Globalization;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Site.Organize;

/// <summary>How organisers' pages write what is known of a backend.</summary>
internal static class BackendText
{
    /// <summary>The class of a state's mark.</summary>
    public static string Mark(BackendState state) => state switch
    {
        BackendState.Ready => "live",
        BackendState.Terminated => "state state--off",
        _ => "state state--wait",
    };

    /// <summary><c>&lt;1 ms</c>, <c>340 ms</c>, <c>12.4 s</c>, <c>7 min</c>, <c>1.5 h</c></summary>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => "<1 ms",
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };

    /// <summary><c>512 B</c>, <c>48 kB</c>, <c>31.2 MB</c></summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000.0:0.#} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB"),
    };

    /// <summary>With milliseconds: a life may be shorter than a second.</summary>
    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
