using System.Net;
using MimeKit;

namespace BrowserTech.Site.Tests.Meetups;

public sealed class RsvpOverHttpTests(SiteHub site)
{
    [Fact]
    public async Task An_rsvp_is_answered_by_mail_with_a_calendar_entry_and_a_link()
    {
        var mail = await site.RsvpAsync("open", "seat@example.org", guests: 1);

        Assert.Equal("You are going: Event open", mail.Subject);
        Assert.Contains("Ring twice.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("18:30 to 21:00 EDT", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("2, for you and a guest", mail.TextBody, StringComparison.Ordinal);
        var calendar = Assert.Single(mail.Attachments.OfType<MimePart>());
        Assert.Equal("text/calendar", calendar.ContentType.MimeType);
        var page = await site.Http.GetStringAsync(MailBox.LinkTo(mail, "/rsvp/").AbsolutePath);
        Assert.Contains("you are going", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_promotes_the_next_and_mails_both()
    {
        var first = await site.RsvpAsync("small", "first@example.org");
        var second = await site.RsvpAsync("small", "second@example.org");
        Assert.Equal("You are on the waitlist: Event small", second.Subject);
        Assert.Contains("You are the next in line", second.TextBody, StringComparison.Ordinal);
        Assert.Empty(second.Attachments);

        using var cancelled = await site.PostAsync(MailBox.LinkTo(first, "/rsvp/").AbsolutePath, "cancel");
        Assert.Equal(HttpStatusCode.Redirect, cancelled.StatusCode);

        Assert.Equal("You cancelled: Event small", (await site.Mail.WaitAsync("first@example.org", 2)).Subject);
        var promoted = await site.Mail.WaitAsync("second@example.org", 2);
        Assert.Equal("You have a seat: Event small", promoted.Subject);
        Assert.Single(promoted.Attachments);
        var page = await site.Http.GetStringAsync(MailBox.LinkTo(promoted, "/rsvp/").AbsolutePath);
        Assert.Contains("you are going", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_are_changed_by_the_mailed_link()
    {
        var mail = await site.RsvpAsync("roomy", "resize@example.org");
        using var changed = await site.PostAsync(MailBox.LinkTo(mail, "/rsvp/").AbsolutePath, "resize", ("guests", "2"));
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        Assert.Contains("3, for you and 2 guests", (await site.Mail.WaitAsync("resize@example.org", 2)).TextBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ok@example.org", "0", "Enter your name")]
    [InlineData("Noor", "", "0", "Enter your e-mail address")]
    [InlineData("Noor", "noor", "0", "An e-mail address has an @")]
    [InlineData("Noor", "noor@example.org\r\nBcc: all@example.org", "0", "one line")]
    [InlineData("Noor", "ok@example.org", "3", "Choose how many come along")]
    [InlineData("Noor", "ok@example.org", "-1", "Choose how many come along")]
    [InlineData("Noor", "ok@example.org", "a few", "Choose how many come along")]
    public async Task What_cannot_be_right_is_said_beside_the_field_and_nothing_is_lost(string name, string email, string guests, string reason)
    {
        using var answer = await site.PostAsync("/events/open", "rsvp", ("name", name), ("email", email), ("guests", guests));
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(reason, page, StringComparison.Ordinal);
        if (name.Length > 0) Assert.Contains($"value=\"{name}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_has_an_rsvp_gets_the_same_answer_and_a_mail_but_no_change()
    {
        await site.RsvpAsync("roomy", "known@example.org", guests: 1);
        using var strangers = await site.PostAsync("/events/roomy", "rsvp", ("name", "Somebody"), ("email", "stranger@example.org"), ("guests", "0"));
        using var again = await site.PostAsync("/events/roomy", "rsvp", ("name", "Somebody"), ("email", "KNOWN@example.org"), ("guests", "0"));

        Assert.Equal(strangers.Headers.Location, again.Headers.Location);
        var mail = await site.Mail.WaitAsync("known@example.org", 2);
        Assert.Equal("Your RSVP: Event roomy", mail.Subject);
        var page = await site.Http.GetStringAsync(MailBox.LinkTo(mail, "/rsvp/").AbsolutePath);
        Assert.Contains("you and a guest", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("past", "This one is over")]
    [InlineData("cancelled", "Come another day")]
    public async Task An_event_that_is_over_or_off_offers_no_form(string slug, string words)
    {
        var page = await site.Http.GetStringAsync($"/events/{slug}");
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"email\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seats_on_the_page_follow_every_rsvp()
    {
        site.Content.WriteEvent("counted", capacity: 2);
        await site.WhenThereAsync("/events/counted", page => page.Contains("2 of 2 left", StringComparison.Ordinal));
        await site.RsvpAsync("counted", "counted@example.org");
        Assert.Contains("1 of 2 left", await site.Http.GetStringAsync("/events/counted"), StringComparison.Ordinal);
        await site.RsvpAsync("counted", "counted2@example.org");
        Assert.Contains("2 of 2 taken", await site.Http.GetStringAsync("/events/counted"), StringComparison.Ordinal);

        // A raised capacity seats whoever waits.
        await site.RsvpAsync("counted", "counted3@example.org");
        site.Content.WriteEvent("counted", capacity: 3);
        Assert.Equal("You have a seat: Event counted", (await site.Mail.WaitAsync("counted3@example.org", 2)).Subject);
    }

    [Theory]
    [InlineData("/rsvp/nonsense")]
    [InlineData("/rsvp/CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_link_shows_nothing_and_does_nothing(string path)
    {
        using var page = await site.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        Assert.Contains("does not work any more", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var acted = await site.PostAsync(path, "cancel");
        Assert.NotEqual(HttpStatusCode.Redirect, acted.StatusCode);
    }

    [Fact]
    public async Task A_link_for_one_purpose_opens_nothing_else()
    {
        var token = MailBox.LinkTo(await site.RsvpAsync("open", "purpose@example.org"), "/rsvp/").Segments[^1];
        foreach (var path in (string[])["/digest/confirm/", "/digest/manage/", "/digest/unsubscribe/", "/organize/sign-in/"])
        {
            using var page = await site.Http.GetAsync(path + token);
            Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        }
    }

    [Fact]
    public async Task The_page_behind_a_mailed_link_is_stored_nowhere_and_told_to_nobody()
    {
        var mail = await site.RsvpAsync("open", "private@example.org");
        using var page = await site.Http.GetAsync(MailBox.LinkTo(mail, "/rsvp/").AbsolutePath);
        Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
    }

}
