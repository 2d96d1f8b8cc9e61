using System.Globalization;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

[assembly: AssemblyFixture(typeof(BrowserHub))]

namespace BrowserTech.Browser.Tests.Browsing;

/// <summary>
/// One hub with the content this repository ships, and one browser, for every test. What tests need besides is added
/// to a copy of the content: evenings near enough to be the next ones, whatever the day is.
/// </summary>
public sealed class BrowserHub : RunningHub
{
    /// <summary>The next evening of all, with room.</summary>
    public const string NextEvent = "test-next";

    /// <summary>An evening with one seat.</summary>
    public const string SmallEvent = "test-small";

    /// <summary>An evening without a free seat.</summary>
    public const string FullEvent = "test-full";

    public const string PastEvent = "test-over";

    public const string CancelledEvent = "test-cancelled";

    /// <summary>An article with everything an article can have in it.</summary>
    public const string Post = "test-post";

    public const string DemoTalk = "session-backends";

    public const string Demo = "session-backend";

    /// <summary>An issue that a test sends.</summary>
    public const int JourneyIssue = 900;

    public const int SentIssue = 901;

    public const int UnsentIssue = 902;

    private readonly Lazy<Task<SystemBrowser>> _browser = new(SystemBrowser.StartAsync);
    private readonly Lazy<Task<string>> _organizer;

    public BrowserHub() : base(ContentFolder.CopyOf()) => _organizer = new Lazy<Task<string>>(SignInByConsoleAsync);

    public override async ValueTask InitializeAsync()
    {
        WriteEvent(NextEvent, "The test evening", days: 1, "capacity: 60\nguests: 2");
        WriteEvent(SmallEvent, "One chair", days: 2, "capacity: 1\nguests: 0");
        WriteEvent(FullEvent, "A full house", days: 3, "capacity: 1\nguests: 0");
        WriteEvent(PastEvent, "What was", days: -30, "guests: 0");
        WriteEvent(CancelledEvent, "What will not be", days: 4, "status: cancelled");
        WriteIssue(JourneyIssue, "News of the journey");
        WriteIssue(SentIssue, "Old news");
        WriteIssue(UnsentIssue, "No news yet");
        Content.Write($"posts/{Post}.md", $"---\ntitle: How a test reads\nsummary: Everything an article can have.\ndate: {Day(0)}\ntopics: [gpu]\n---\n{Article}");
        // So that organisers' pages have a problem to show.
        Content.Write("posts/broken.md", "---\ntitle: [\n---\n");
        RunInTalk();
        await base.InitializeAsync();
        await RsvpAsync(FullEvent, "full-house@example.org");
    }

    protected override void Configure(IDictionary<string, string?> environment)
    {
        environment["Playground__MaxBackendsPerClient"] = "50";
        environment["Playground__ConnectsPerMinute"] = "1000";
    }

    /// <summary>An evening in New York, <paramref name="days"/> from today; negative for one that is over.</summary>
    public void WriteEvent(string slug, string title, int days, string more) => Content.Write($"events/{slug}.md", $"""
        ---
        title: {title}
        summary: An evening for tests.
        chapter: new-york
        starts: {Day(days)} 18:30
        ends: {Day(days)} 21:00
        venue:
          name: A room
          guest_note: Ring twice.
        {more}
        ---
        About the evening.
        """);

    /// <summary>Lets somebody visit, and holds the visit to the rules of <see cref="Visitor"/>.</summary>
    public Task VisitAsync(Func<Visitor, Task> visit, VisitOptions? options = null) => VisitAsync(Hub, visit, options ?? new VisitOptions(), organizer: false);

    /// <summary>The same on another hub than the shared one. An organiser may keep the cookie of having signed in.</summary>
    public async Task VisitAsync(HubProcess hub, Func<Visitor, Task> visit, VisitOptions options, bool organizer)
    {
        SystemBrowser.Find();
        var visitor = await Visitor.ArriveAsync(await _browser.Value, hub, options);
        try
        {
            await visit(visitor);
            await visitor.AssertLeftNoTraceAsync(organizer);
        }
        finally
        {
            await visitor.Context.CloseAsync();
        }
    }

    /// <summary>Lets the organiser visit, signed in by the link the console printed.</summary>
    public async Task VisitAsOrganizerAsync(Func<Visitor, Task> visit, VisitOptions? options = null)
    {
        SystemBrowser.Find();
        await VisitAsync(Hub, visit, (options ?? new VisitOptions()) with { StorageState = await _organizer.Value }, organizer: true);
    }

    /// <summary>Uses the link of the console, on any hub.</summary>
    public static async Task SignInAsync(IPage page, HubProcess hub)
    {
        await page.GotoAsync(hub.SignInLink.ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Organiser" })).ToBeVisibleAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_browser is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _browser.Value).DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<string> SignInByConsoleAsync()
    {
        var visitor = await Visitor.ArriveAsync(await _browser.Value, Hub, new VisitOptions());
        await SignInAsync(visitor.Page, Hub);
        var state = await visitor.Context.StorageStateAsync();
        await visitor.Context.CloseAsync();
        return state;
    }

    private void WriteIssue(int number, string title) =>
        Content.Write($"digest/{number}-test.md", $"---\ntitle: {title}\nsummary: What a test reads.\ndate: {Day(0)}\n---\nRead [the talks](/talks).");

    // The journeys need a talk that runs, whatever is being written about it meanwhile.
    private void RunInTalk()
    {
        var talk = $"talks/{DemoTalk}.md";
        var text = File.ReadAllText(Path.Combine(Content.Root, talk));
        if (!text.Contains($":::demo {Demo}", StringComparison.Ordinal)) Content.Write(talk, $"{text}\n:::demo {Demo}\nA process of your own.\n:::\n");
    }

    private const string Article = """
        A paragraph with `code`, a [link](/talks), *stress* and a note[^1].

        ## A heading

        > What somebody said.

        1. One
        2. Two

        | name | bytes |
        | --- | ---: |
        | one | 1 |

        ```js
        // A comment, a string, a number.
        const weight = "light".length + 0x2a;
        export class Page { render() { return `<p>${weight}</p>`; } }
        ```

        ### A smaller one

        - A point

        [^1]: The note.
        """;

    private static string Day(int days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
