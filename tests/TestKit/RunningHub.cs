using System.Net;
using MimeKit;
using Xunit;

namespace BrowserTech.TestKit;

/// <summary>
/// A hub that a whole test project shares, with a content folder of its own that tests may add to, and what a visitor
/// does there over plain HTTP, as a browser without script would. A test project derives its fixture from it and says what the
/// content is.
/// </summary>
public abstract class RunningHub(ContentFolder content) : IAsyncLifetime
{
    /// <summary>An organiser in the content of every test.</summary>
    public const string Organizer = "organizer@example.org";

    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _signingIn = new(1);

    public ContentFolder Content { get; } = content;

    public HubProcess Hub { get; private set; } = null!;

    public MailBox Mail { get; private set; } = null!;

    public HttpClient Http => Hub.Http;

    public virtual async ValueTask InitializeAsync()
    {
        var settings = new HubSettings
        {
            Content = Content.Root,
            Environment = { ["RateLimits__FormsPerMinute"] = "100000", ["RateLimits__FormsPerAddressAndHour"] = "1000" },
        };
        Configure(settings.Environment);
        Hub = await HubProcess.StartAsync(settings);
        Mail = new MailBox(Hub.MailFolder);
    }

    /// <summary>What else the hub is told. It already takes as many forms as tests send.</summary>
    protected virtual void Configure(IDictionary<string, string?> environment)
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (Hub is not null) await Hub.DisposeAsync();
        Content.Dispose();
        GC.SuppressFinalize(this);
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
    public async Task<MimeMessage> RsvpAsync(string slug, string email, int guests = 0, string name = "Noor Haddad")
    {
        using var answer = await PostAsync($"/events/{slug}", "rsvp", ("name", name), ("email", email), ("guests", $"{guests}"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await Mail.WaitAsync(email);
    }

    /// <summary>The same for an event whose file was written a moment ago.</summary>
    public async Task<MimeMessage> RsvpWhenThereAsync(string slug, string email)
    {
        await WhenThereAsync($"/events/{slug}", _ => true);
        return await RsvpAsync(slug, email);
    }

    /// <summary>Waits until a page is there and says what it should.</summary>
    public async Task WhenThereAsync(string path, Func<string, bool> says)
    {
        using var limit = new CancellationTokenSource(ReloadLimit);
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
        // One at a time: whose link a mail brings cannot be told.
        await _signingIn.WaitAsync();
        try
        {
            return await SignInAloneAsync();
        }
        finally
        {
            _signingIn.Release();
        }
    }

    private async Task<HttpClient> SignInAloneAsync()
    {
        var before = (await Mail.ToAsync(Organizer)).Count;
        using var asked = await PostAsync("/organize/sign-in", "sign-in", ("email", Organizer));
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var link = MailBox.LinkTo(await Mail.WaitAsync(Organizer, before + 1), "/organize/sign-in/");
        var http = Hub.NewClient();
        using var used = await PostAsync(http, link.AbsolutePath, "use-link");
        Assert.Equal(HttpStatusCode.Redirect, used.StatusCode);
        // The cookie is for secure contexts, which plain HTTP on localhost is to a browser but not to this client.
        var cookie = Assert.Single(used.Headers.GetValues("Set-Cookie"));
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        return http;
    }
}
