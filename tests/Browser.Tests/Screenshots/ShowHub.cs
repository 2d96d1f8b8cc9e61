using System.Globalization;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Site.Analytics;

namespace BrowserTech.Browser.Tests.Screenshots;

/// <summary>A hub that looks lived in: a month of readers, a guest list, subscribers, an issue that went out. The people are invented.</summary>
internal sealed class ShowHub(string? content) : RunningHub(ContentFolder.CopyOf(content))
{
    private const int Days = 30;
    private const ulong Seed = 20_261_123;

    private static readonly string[] Names =
    [
        "Ines Carvalho", "Tomás Rey", "Hanna Lindqvist", "Omar Nasser", "Mei Watanabe", "Luka Horvat", "Priya Raman", "Jonas Weber", "Amara Okafor", "Sofia Petrou",
        "Elif Aydın", "Noah Brandt", "Yara Haddad", "Kofi Mensah", "Ingrid Solberg", "Rafael Duarte", "Anouk Visser", "Dmitri Orlov", "Leila Farsi", "Marta Nowak",
    ];

    private static readonly string[] Sources = ["", "", "", "Hacker News", "Hacker News", "Google", "Google", "GitHub", "Lobsters", "Mastodon", "DuckDuckGo"];

    /// <summary>The next evening with a form, the newest article, the newest issue: whatever the content has.</summary>
    public string Event => First("events", file => File.ReadAllText(file).Contains("capacity:", StringComparison.Ordinal) && Later(file));

    public string Post => First("posts", _ => true);

    public int Issue => int.Parse(First("digest", _ => true).Split('-')[0], CultureInfo.InvariantCulture);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (index, name) in Names.Index())
            await RsvpAsync(Event, Address(index), index % 3 == 0 ? 1 : 0, name);
        using var cancelled = await PostAsync(MailBox.LinkTo(await Mail.WaitAsync(Address(3)), "/rsvp/").AbsolutePath, "cancel");
        foreach (var index in Enumerable.Range(0, 6)) await SubscribeAsync($"reader{index + 1}@example.org");
        using var organizer = await SignInAsync();
        using var sent = await PostAsync(organizer, $"/organize/issues/{Issue}", "send");
        // Only one process may have the analytics open.
        await Hub.InterruptAsync();
        WriteReaders();
        await Hub.RestartAsync();
    }

    protected override void Configure(IDictionary<string, string?> environment)
    {
        environment["Playground__MaxBackendsPerClient"] = "50";
        environment["Playground__BuiltDemosFolder"] = DemoOnShow.Backends;
    }

    private static string Address(int person) => $"guest{person + 1}@example.org";

    private void WriteReaders()
    {
        using var store = new HitStore(Path.Combine(Hub.DataFolder, "analytics.duckdb"));
        var random = new Random((int)Seed);
        var paths = new[] { "/", "/", "/", $"/events/{Event}", $"/events/{Event}", "/talks", $"/posts/{Post}", $"/posts/{Post}", "/playground", "/events", "/digest", $"/talks/{BrowserHub.DemoTalk}", $"/talks/{BrowserHub.DemoTalk}" };
        var today = TimeProvider.System.GetUtcNow().Date;
        var hits = new List<Hit>();
        for (var day = 0; day < Days; day++)
        {
            var date = today.AddDays(day - Days + 1);
            var busy = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 35 : 80;
            // An article that was passed around, and how that dies away.
            var visitors = busy + day + random.Next(25) + (day is >= 17 and < 23 ? 260 / (day - 16) : 0);
            for (var visitor = 0; visitor < visitors; visitor++) AddVisit(hits, random, date, (ulong)(day * 10_000 + visitor), paths);
        }

        store.Write(hits);
    }

    private static void AddVisit(List<Hit> hits, Random random, DateTime date, ulong visitor, string[] paths)
    {
        var source = Sources[random.Next(Sources.Length)];
        var time = new DateTimeOffset(date, TimeSpan.Zero).AddMinutes(random.Next(24 * 60));
        for (var view = random.Next(1, 4); view > 0; view--)
            hits.Add(new Hit(time.AddMinutes(view), "pageview", "localhost", "localhost", paths[random.Next(paths.Length)], "", source, Campaign.None, visitor, null));
    }

    private static bool Later(string file) =>
        string.CompareOrdinal(Path.GetFileName(file), TimeProvider.System.GetUtcNow().ToString("yyyy-MM", CultureInfo.InvariantCulture)) >= 0;

    private string First(string folder, Func<string, bool> fits) => Path.GetFileNameWithoutExtension(
        Directory.EnumerateFiles(Path.Combine(Content.Root, folder), "*.md").Order(StringComparer.Ordinal).FirstOrDefault(fits)
        ?? throw new InvalidOperationException($"The content has nothing in {folder} to show."));
}
