using System.Text.Json;
using BrowserTech.Browser.Tests.Browsing;
using BrowserTech.Browser.Tests.Journeys;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Pages;

/// <summary>Every type of page there is, in every state that looks different.</summary>
internal static class AllPages
{
    private const string Seated = "pages-seated@example.org";
    private const string Gone = "pages-gone@example.org";
    private const string Reader = "pages-reader@example.org";
    private const string Doubter = "pages-doubter@example.org";

    public static async Task<IReadOnlyList<PageState>> OfAsync(BrowserHub hub) =>
        [.. Read(), .. Forms(), .. Demos(hub), .. await BehindLinksAsync(hub), .. await OrganizersAsync(hub)];

    private static PageState[] Read() =>
    [
        new("home", "/"),
        new("events", "/events"),
        new("event", $"/events/{BrowserHub.NextEvent}"),
        new("event, full", $"/events/{BrowserHub.FullEvent}"),
        new("event, over", $"/events/{BrowserHub.PastEvent}"),
        new("event, cancelled", $"/events/{BrowserHub.CancelledEvent}"),
        new("chapter", "/chapters/new-york"),
        new("talks", "/talks"),
        new("talk", $"/talks/{BrowserHub.DemoTalk}"),
        new("speaker", "/speakers/browsertech"),
        new("posts", "/posts"),
        new("post", $"/posts/{BrowserHub.Post}"),
        new("digest", "/digest"),
        new("issue", $"/digest/{BrowserHub.JourneyIssue}"),
        new("playground", "/playground"),
        new("demo", $"/playground/{BrowserHub.Demo}"),
        new("analytics", "/analytics"),
        new("privacy", "/privacy"),
        new("not found", "/nowhere"),
        new("event not found", "/events/nowhere"),
        new("error", "/error"),
    ];

    private static PageState[] Forms() =>
    [
        new("RSVP received, seat", $"/events/{BrowserHub.NextEvent}?received=seat"),
        new("RSVP received, waitlist", $"/events/{BrowserHub.NextEvent}?received=list"),
        new("RSVP refused", $"/events/{BrowserHub.NextEvent}", Reach: page => RefusedAsync(page, "RSVP")),
        new("subscription refused", "/digest", Reach: page => RefusedAsync(page, "Subscribe")),
        new("check your mail", "/digest/check-your-mail"),
        new("unsubscribed", "/digest/unsubscribed"),
        new("ask for choices", "/digest/manage"),
        new("ask for choices, refused", "/digest/manage", Reach: page => RefusedAsync(page, "Send the link")),
        new("sign in", "/organize/sign-in"),
        new("sign-in link sent", "/organize/sign-in?sent=1"),
    ];

    private static PageState[] Demos(BrowserHub hub) =>
    [
        new("talk, demo running", $"/talks/{BrowserHub.DemoTalk}", Reach: RunAsync),
        new("demo, source", $"/playground/{BrowserHub.Demo}/source/backend/Program.cs"),
        new("demo, running", $"/playground/{BrowserHub.Demo}", Reach: RunAsync),
        new("demo's page", DemoFrame.Address(hub.Hub, ""), Audience.Demo),
    ];

    private static async Task<IReadOnlyList<PageState>> BehindLinksAsync(BrowserHub hub)
    {
        var seated = MailBox.LinkTo(await hub.RsvpAsync(BrowserHub.NextEvent, Seated, guests: 1), "/rsvp/").AbsolutePath;
        var waiting = MailBox.LinkTo(await hub.RsvpAsync(BrowserHub.FullEvent, Seated), "/rsvp/").AbsolutePath;
        var gone = MailBox.LinkTo(await hub.RsvpAsync(BrowserHub.NextEvent, Gone), "/rsvp/").AbsolutePath;
        using var cancelled = await hub.PostAsync(gone, "cancel");
        await hub.SubscribeAsync(Reader);
        var confirmed = MailBox.LinkTo(await hub.Mail.WaitAsync(Reader), "/digest/confirm/").AbsolutePath;
        using var asked = await hub.PostAsync("/digest", "subscribe", ("email", Doubter));
        var confirm = MailBox.LinkTo(await hub.Mail.WaitAsync(Doubter), "/digest/confirm/").AbsolutePath;
        using var wanted = await hub.PostAsync("/digest/manage", "manage", ("email", Reader));
        var manage = MailBox.LinkTo(await hub.Mail.WaitAsync(Reader, 2), "/digest/manage/").AbsolutePath;
        return
        [
            new("RSVP, going", seated),
            new("RSVP, saved", $"{seated}?saved=guests"),
            new("RSVP, waitlisted", waiting),
            new("RSVP, cancelled", gone),
            new("RSVP, broken link", "/rsvp/nonsense"),
            new("confirm", confirm),
            new("confirmed", confirmed),
            new("choices", manage),
            new("choices, saved", $"{manage}?saved=choices"),
            new("unsubscribe", manage.Replace("/manage/", "/unsubscribe/", StringComparison.Ordinal)),
            new("digest, broken link", "/digest/confirm/nonsense"),
            new("sign-in link", hub.Hub.SignInLink.AbsolutePath),
            new("sign-in link, broken", "/organize/sign-in/nonsense"),
        ];
    }

    private static async Task<IReadOnlyList<PageState>> OrganizersAsync(BrowserHub hub)
    {
        using var organizer = await hub.SignInAsync();
        using var sent = await RunningHub.PostAsync(organizer, $"/organize/issues/{BrowserHub.SentIssue}", "send");
        using var connected = await hub.Http.PostAsync($"/v2/service/browsertech/{BrowserHub.Demo}/connect", null);
        var backend = JsonDocument.Parse(await connected.Content.ReadAsStringAsync()).RootElement.GetProperty("backend_id").GetString();
        return
        [
            new("organiser's events", "/organize", Audience.Organizer),
            new("guest list", $"/organize/events/{BrowserHub.NextEvent}", Audience.Organizer),
            new("guest list, empty", $"/organize/events/{BrowserHub.CancelledEvent}", Audience.Organizer),
            new("subscribers", "/organize/subscribers", Audience.Organizer),
            new("issues", "/organize/issues", Audience.Organizer),
            new("issue to send", $"/organize/issues/{BrowserHub.UnsentIssue}", Audience.Organizer),
            new("issue sent", $"/organize/issues/{BrowserHub.SentIssue}", Audience.Organizer),
            new("outbox", "/organize/outbox", Audience.Organizer),
            new("content problems", "/organize/content", Audience.Organizer),
            new("backends", "/organize/backends", Audience.Organizer),
            new("backend", $"/organize/backends/{backend}", Audience.Organizer),
            new("tokens", "/organize/tokens", Audience.Organizer),
            new("token made", "/organize/tokens", Audience.Organizer, Reach: MakeTokenAsync),
            new("token refused", "/organize/tokens", Audience.Organizer, Reach: RefusedTokenAsync),
        ];
    }

    private static async Task MakeTokenAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a token", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Copy it now" })).ToBeVisibleAsync();
    }

    private static async Task RefusedTokenAsync(IPage page)
    {
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync("No Account");
        await RefusedAsync(page, "Make a token");
    }

    private static async Task RefusedAsync(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Expect(page.Locator("[aria-invalid=true]").First).ToBeVisibleAsync();
    }

    private static async Task RunAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Run", Exact = true }).First.ClickAsync();
        using var process = await DemoFrame.In(page).ProcessAsync();
    }
}
