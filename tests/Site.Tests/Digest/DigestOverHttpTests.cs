using System.Net;

namespace BrowserTech.Site.Tests.Digest;

public sealed class DigestOverHttpTests(SiteHub site)
{
    [Fact]
    public async Task Whoever_presses_the_button_of_the_confirmation_is_subscribed_and_may_choose_and_leave()
    {
        using (var asked = await site.PostAsync("/digest", "subscribe", ("email", "reader@example.org"), ("city", "town"), ("topic", "gpu"), ("topic", "no-such-topic")))
            Assert.Equal("/digest/check-your-mail", asked.Headers.Location!.OriginalString.Replace(site.Hub.Origin.GetLeftPart(UriPartial.Authority), "", StringComparison.Ordinal));
        var confirm = MailBox.LinkTo(await site.Mail.WaitAsync("reader@example.org"), "/digest/confirm/").AbsolutePath;
        Assert.Contains("Yes, subscribe me", await site.Http.GetStringAsync(confirm), StringComparison.Ordinal);
        using (await site.PostAsync(confirm, "confirm"))
        {
        }

        Assert.Contains("You are subscribed", await site.Http.GetStringAsync(confirm), StringComparison.Ordinal);

        using (await site.PostAsync("/digest/manage", "manage", ("email", "reader@example.org")))
        {
        }

        var manage = MailBox.LinkTo(await site.Mail.WaitAsync("reader@example.org", 2), "/digest/manage/").AbsolutePath;
        var page = await site.Http.GetStringAsync(manage);
        Assert.Matches("value=\"gpu\" checked", page);
        using (var saved = await site.PostAsync(manage, "choices", ("topic", "data")))
            Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        page = await site.Http.GetStringAsync(manage);
        Assert.Matches("value=\"data\" checked", page);
        Assert.DoesNotMatch("value=\"gpu\" checked", page);

        using (var left = await site.PostAsync(manage, "leave"))
            Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var after = await site.Http.GetAsync(manage);
        Assert.Equal(HttpStatusCode.Gone, after.StatusCode);
    }

    [Fact]
    public async Task A_known_and_an_unknown_address_get_the_same_answer()
    {
        await site.SubscribeAsync("known-reader@example.org");
        foreach (var (path, handler) in ((string, string)[])[("/digest", "subscribe"), ("/digest/manage", "manage"), ("/organize/sign-in", "sign-in")])
        {
            var (member, stranger) = (path == "/organize/sign-in" ? "organizer@example.org" : "known-reader@example.org", $"unknown{path.Length}@example.org");
            using var known = await site.PostAsync(path, handler, ("email", member));
            using var unknown = await site.PostAsync(path, handler, ("email", stranger));
            Assert.Equal(known.StatusCode, unknown.StatusCode);
            Assert.Equal(known.Headers.Location, unknown.Headers.Location);
            // What was typed is in the form again; how long it took is in the footer.
            Assert.Equal(Same(await known.Content.ReadAsStringAsync(), member), Same(await unknown.Content.ReadAsStringAsync(), stranger));
        }
    }

    [Fact]
    public async Task An_organiser_sends_an_issue_once_and_one_click_leaves_it()
    {
        await site.SubscribeAsync("issue-reader@example.org");
        site.Content.Write("digest/002-second.md", "---\ntitle: Second light\nsummary: About it.\ndate: 2026-11-02\n---\nRead [this](/posts/post).");
        using var organizer = await site.SignInAsync();
        await site.WhenThereAsync("/digest/2", page => page.Contains("Second light", StringComparison.Ordinal));

        using (var sent = await SiteHub.PostAsync(organizer, "/organize/issues/2", "send"))
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        using (var again = await SiteHub.PostAsync(organizer, "/organize/issues/2", "send"))
            Assert.NotEqual(HttpStatusCode.InternalServerError, again.StatusCode);

        var issue = await site.Mail.WaitAsync("issue-reader@example.org", 2);
        Assert.Contains("Second light", issue.Subject, StringComparison.Ordinal);
        Assert.Contains($"http://localhost:{site.Hub.Port}/posts/post", issue.TextBody, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", issue.Headers["List-Unsubscribe-Post"]);

        // As a mailbox provider does it: no cookie, no origin, no redirect wanted.
        var link = MailBox.LinkTo(issue, "/digest/unsubscribe/").AbsolutePath;
        Assert.Contains("Leave the digest", await site.Http.GetStringAsync(link), StringComparison.Ordinal);
        using var left = await site.PostAsync(link, null, ("List-Unsubscribe", "One-Click"));
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        using var page = await site.Http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.Single((await site.Mail.ToAsync("issue-reader@example.org")), mail => mail.Subject!.Contains("Second light", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subscription_with_a_broken_address_says_what_is_wrong_and_keeps_the_choices()
    {
        using var answer = await site.PostAsync("/digest", "subscribe", ("email", "not an address"), ("topic", "gpu"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("has an @ in it", page, StringComparison.Ordinal);
        Assert.Contains("value=\"not an address\"", page, StringComparison.Ordinal);
        Assert.Matches("value=\"gpu\" checked", page);
    }

    private static string Same(string page, string typed) =>
        System.Text.RegularExpressions.Regex.Replace(page.Replace(typed, "", StringComparison.Ordinal), "this page: [^<]*", "");
}
