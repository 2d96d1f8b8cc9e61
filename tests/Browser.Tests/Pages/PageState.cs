using Microsoft.Playwright;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>Who opens a page, and so what is expected of its head.</summary>
public enum Audience
{
    Public,

    /// <summary>Signed in.</summary>
    Organizer,

    /// <summary>A demo's own page, on its own origin: it is nobody's to find or to share.</summary>
    Demo,
}

/// <summary>One page as somebody meets it.</summary>
/// <param name="Name">What it is called in a report.</param>
/// <param name="Reach">What is done on the page to get there once it is open.</param>
public sealed record PageState(string Name, string Path, Audience Audience = Audience.Public, Func<IPage, Task>? Reach = null);
