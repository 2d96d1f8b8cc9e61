using System.Net;
using System.Text;

namespace BrowserTech.Site.Tests.Security;

/// <summary>Mail scanners open every link of every mail, sometimes many times. Nothing may come of it.</summary>
public sealed class MailScannerTests(SiteHub site)
{
    [Fact]
    public async Task Opening_every_link_of_every_mail_changes_nothing()
    {
        site.Content.WriteEvent("scanned", capacity: 1);
        await site.RsvpWhenThereAsync("scanned", "scan-going@example.org");
        await site.RsvpAsync("scanned", "scan-waiting@example.org");
        using (await site.PostAsync("/digest", "subscribe", ("email", "scan-pending@example.org")))
        {
        }

        await site.Mail.WaitAsync("scan-pending@example.org");
        await site.SubscribeAsync("scan-confirmed@example.org");
        using (await site.PostAsync("/digest/manage", "manage", ("email", "scan-confirmed@example.org")))
        {
        }

        await site.Mail.WaitAsync("scan-confirmed@example.org", 2);
        var asked = (await site.Mail.ToAsync("organizer@example.org")).Count;
        using (await site.PostAsync("/organize/sign-in", "sign-in", ("email", "organizer@example.org")))
        {
        }

        var signIn = MailBox.LinkTo(await site.Mail.WaitAsync("organizer@example.org", asked + 1), "/organize/sign-in/").AbsolutePath;
        using var organizer = await site.SignInAsync();
        var before = await StateAsync(organizer);
        var opened = 0;
        foreach (var address in (string[])["scan-going@example.org", "scan-waiting@example.org", "scan-pending@example.org", "scan-confirmed@example.org", "organizer@example.org"])
        {
            foreach (var mail in await site.Mail.ToAsync(address))
            foreach (var link in MailBox.Links(mail).Where(link => link.Port == site.Hub.Port))
            {
                foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Options])
                {
                    using var request = new HttpRequestMessage(method, link.PathAndQuery);
                    using var answer = await site.Http.SendAsync(request);
                    Assert.False(answer.Headers.Contains("Set-Cookie"), $"{method} {link.AbsolutePath}");
                    Assert.True((int)answer.StatusCode < 500, $"{method} {link.AbsolutePath}");
                    opened++;
                }
            }
        }

        Assert.True(opened > 20, $"only {opened} requests were made");
        Assert.Equal(before, await StateAsync(organizer));
        // The sign-in link in the mail still works once: the scanner did not use it up.
        using var used = await site.PostAsync(signIn, "use-link");
        Assert.Equal(HttpStatusCode.Redirect, used.StatusCode);
    }

    private static async Task<string> StateAsync(HttpClient organizer)
    {
        var state = new StringBuilder();
        foreach (var path in (string[])["/organize/events/scanned/guests.csv", "/organize/subscribers.csv"])
        {
            // Other tests work on the same hub: only what belongs to this one is compared.
            var lines = (await organizer.GetStringAsync(path)).Split("\r\n").Where(line => line.Contains("scan-", StringComparison.Ordinal));
            state.AppendJoin('\n', lines).Append('\n');
        }

        return state.ToString();
    }
}
