using System.Security.Claims;
using BrowserTech.Newsletter.Links;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Site.Content;
using BrowserTech.Site.Hosting;
using BrowserTech.Site.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BrowserTech.Site.Organize;

/// <summary>
/// How organisers sign in: by a link that works once, printed by the console or mailed to an address in
/// <c>site.yml</c>. The only cookie of the whole site begins here. Its name has the <c>__Host-</c> prefix, which
/// demands the path "/"; it is set nowhere but under <c>/organize</c>.
/// </summary>
public sealed class OrganizerSession(SignedLinks links, IStore<HubDb> store, ContentStore content, PublicAddress address, TimeProvider time)
{
    public const string Cookie = "__Host-organizer";

    /// <summary>The name under which the link of the console signs in: whoever starts the hub owns it.</summary>
    public const string Console = "console";

    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);
    public static readonly TimeSpan MailedLinkLifetime = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan ConsoleLinkLifetime = TimeSpan.FromHours(12);

    private static readonly LinkPurpose Purpose = new("organizer-sign-in");

    public string LinkFor(string organizer, TimeSpan lifetime) =>
        address.Of("/organize/sign-in/" + links.Create(Purpose, organizer, time.GetUtcNow() + lifetime));

    public bool IsOrganizer(EmailAddress email) => content.Current.Site.Organizers.Any(known =>
        EmailAddress.TryParse(known, out var organizer, out _) && organizer.Normalized == email.Normalized);

    /// <summary>What pressing the button of a link would come to. Changes nothing.</summary>
    public LinkState Read(string token) => links.Read(Purpose, token, out _);

    /// <summary>Uses the link up and signs in. Null where it was done; else why not.</summary>
    public async Task<string?> SignInAsync(HttpContext context, string token)
    {
        var state = links.Read(Purpose, token, out var organizer);
        if (state == LinkState.Expired) return "This link has expired. Ask for a new one.";
        if (state != LinkState.Valid) return "This link is incomplete. Open it again from the mail or the console.";
        // The cookie is for secure connections only; a browser that drops it would leave a spent link and no session.
        if (!context.Request.IsHttps && !new Uri($"http://{context.Request.Host}").IsLoopback)
            return "Signing in needs HTTPS, or localhost on the machine itself. Nothing was used up: open the link there.";
        // Somebody who was taken off the list meanwhile is no organiser any more.
        if (organizer != Console && !(EmailAddress.TryParse(organizer, out var email, out _) && IsOrganizer(email)))
            return "This address is not an organiser's any more.";
        var first = await store.ChangeAsync((db, cancel) => db.SpendAsync(token, time.GetUtcNow(), cancel));
        if (!first) return "This link was used before. Each one works once; ask for a new one.";

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, organizer!)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties
        {
            IsPersistent = true, ExpiresUtc = time.GetUtcNow() + SessionLifetime, AllowRefresh = false,
        });
        return null;
    }
}
