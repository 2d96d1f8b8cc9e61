using System.Net;
using BrowserTech.Site.Tests;

[assembly: AssemblyFixture(typeof(SiteHub))]

namespace BrowserTech.Site.Tests;

/// <summary>One running hub for all tests that only need it to be there, with content of its own.</summary>
public sealed class SiteHub : IAsyncLifetime
{
    public ContentFolder Content { get; } = new();

    public HubProcess Hub { get; private set; } = null!;

    public MailBox Mail { get; private set; } = null!;

    public HttpClient Http => Hub.Http;

    public async ValueTask InitializeAsync()
    {
        foreach (var (slug, capacity) in ((string, int?)[])[("open", null), ("small", 1), ("roomy", 50), ("crawled", 10)]) Content.WriteEvent(slug, capacity);
        Content.WriteEvent("past", day: "2020-06-01");
        Content.WriteEvent("cancelled", extra: "status: cancelled");
        Content.Write("speakers/sam.md", "---\nname: Sam\nsummary: Speaks.\n---\nText.");
        Content.Write("talks/talk.md", "---\ntitle: A talk\nsummary: About it.\nspeakers: [sam]\nevent: open\ntopics: [gpu]\n---\n:::demo probe\nA demo.\n:::\n\nText.");
        Content.Write("posts/post.md", "---\ntitle: A post\nsummary: About it.\ndate: 2026-11-01\n---\nText.\n\n```js\nlet a = 1;\n```");
        Content.Write("digest/001-first.md", "---\ntitle: First\nsummary: About it.\ndate: 2026-11-01\n---\nHello.");
        Content.Write("demos/probe/demo.md", "---\ntitle: Probe\nsummary: A demo.\nlicense: MIT\nbackend:\n  command: [\"true\"]\n---\nText.");
        Content.Write("demos/probe/client/index.html", "<!doctype html><title>Probe</title>");
        Hub = await HubProcess.StartAsync(new HubSettings
        {
            Content = Content.Root,
            Environment = { ["RateLimits__FormsPerMinute"] = "100000", ["RateLimits__FormsPerAddressAndHour"] = "1000" },
        });
        Mail = new MailBox(Hub.MailFolder);
    }

    public async ValueTask DisposeAsync()
    {
        if (Hub is not null) await Hub.DisposeAsync();
        Content.Dispose();
    }

    /// <summary>Sends a form as a browser without script does. The handler is the form's name where a page has several.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string? handler, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).ToList();
        if (handler is not null) form.Add(KeyValuePair.Create("_handler", handler));
        return await http.PostAsync(path, new FormUrlEncodedContent(form));
    }

    public Task<HttpResponseMessage> PostAsync(string path, string? handler, params (string Name, string Value)[] fields) =>
        PostAsync(Http, path, handler, fields);

    /// <summary>RSVPs, checks that it was taken, and gives the mail that came.</summary>
    public async Task<MimeKit.MimeMessage> RsvpAsync(string slug, string email, int guests = 0)
    {
        using var answer = await PostAsync($"/events/{slug}", "rsvp", ("name", "Noor Haddad"), ("email", email), ("guests", $"{guests}"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await Mail.WaitAsync(email);
    }

    /// <summary>The same for an event whose file was written a moment ago.</summary>
    public async Task<MimeKit.MimeMessage> RsvpWhenThereAsync(string slug, string email)
    {
        await WhenThereAsync($"/events/{slug}", _ => true);
        return await RsvpAsync(slug, email);
    }

    /// <summary>Waits until a page is there and says what it should.</summary>
    public async Task WhenThereAsync(string path, Func<string, bool> says)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var answer = await Http.GetAsync(path, limit.Token);
            if (answer.IsSuccessStatusCode && says(await answer.Content.ReadAsStringAsync(limit.Token))) return;
            await Task.Delay(25, limit.Token);
        }
    }

    /// <summary>Subscribes an address and presses the button of its confirmation.</summary>
    public async Task SubscribeAsync(string email)
    {
        using var asked = await PostAsync("/digest", "subscribe", ("email", email));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var link = MailBox.LinkTo(await Mail.WaitAsync(email), "/digest/confirm/");
        using var confirmed = await PostAsync(link.AbsolutePath, "confirm");
        Assert.Equal(HttpStatusCode.Redirect, confirmed.StatusCode);
    }

    /// <summary>A client signed in as the organiser, by the link in a mail.</summary>
    public async Task<HttpClient> SignInAsync()
    {
        var before = (await Mail.ToAsync("organizer@example.org")).Count;
        using var asked = await PostAsync("/organize/sign-in", "sign-in", ("email", "organizer@example.org"));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var link = MailBox.LinkTo(await Mail.WaitAsync("organizer@example.org", before + 1), "/organize/sign-in/");
        var http = Hub.NewClient();
        using var used = await PostAsync(http, link.AbsolutePath, "use-link");
        Assert.Equal(HttpStatusCode.Redirect, used.StatusCode);
        // The cookie is for secure contexts, which plain HTTP on localhost is to a browser but not to this client.
        var cookie = Assert.Single(used.Headers.GetValues("Set-Cookie"));
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return http;
    }
}
