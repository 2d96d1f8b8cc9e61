using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>From the home page to a seat and back, without a script.</summary>
public sealed partial class RsvpJourney(BrowserHub hub)
{
    [Fact]
    public Task Somebody_finds_the_next_evening_takes_a_seat_brings_a_guest_and_cancels() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        const string Email = "journey@example.org";
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = NextLink() }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/events/{BrowserHub.NextEvent}$"));

        await page.GetByLabel("Name").FillAsync("Ada Lovelace");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Guests").SelectOptionAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "RSVP" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "See you there" })).ToBeVisibleAsync();

        var mail = await hub.Mail.WaitAsync(Email);
        Assert.Equal("You are going: The test evening", mail.Subject);
        Assert.Contains("Ring twice.", mail.TextBody, StringComparison.Ordinal);
        var calendar = Assert.Single(mail.Attachments.OfType<TextPart>());
        Assert.Equal("text/calendar", calendar.ContentType.MimeType);
        Assert.Contains("BEGIN:VTIMEZONE", calendar.Text, StringComparison.Ordinal);
        Assert.Contains("TZID:America/New_York", calendar.Text, StringComparison.Ordinal);
        Assert.Matches(@"UID:\S+", calendar.Text);

        await page.GotoAsync(MailBox.LinkTo(mail, "/rsvp/").ToString());
        await Expect(page.GetByText("you are going")).ToBeVisibleAsync();
        await page.GetByLabel("Guests").SelectOptionAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save guests" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await Expect(page.GetByLabel("Guests")).ToHaveValueAsync("2");
        Assert.Contains("2 guests", (await hub.Mail.WaitAsync(Email, 2)).TextBody, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "I can’t make it" }).ClickAsync();
        await Expect(page.GetByText("you cancelled")).ToBeVisibleAsync();
        Assert.Equal("You cancelled: The test evening", (await hub.Mail.WaitAsync(Email, 3)).Subject);
    });

    [Fact]
    public async Task Whoever_waits_gets_the_seat_of_the_one_who_cancels()
    {
        var seated = await hub.RsvpWhenThereAsync(BrowserHub.SmallEvent, "seated@example.org");
        await hub.VisitAsync(async visitor =>
        {
            var page = visitor.Page;
            await page.GotoAsync($"/events/{BrowserHub.SmallEvent}");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Wait for a seat" })).ToBeVisibleAsync();
            await page.GetByLabel("Name").FillAsync("Grace Hopper");
            await page.GetByLabel("E-mail").FillAsync("waiting@example.org");
            await page.GetByRole(AriaRole.Button, new() { Name = "Join the waitlist" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are on the list" })).ToBeVisibleAsync();
        });
        var waiting = await hub.Mail.WaitAsync("waiting@example.org");
        Assert.Equal("You are on the waitlist: One chair", waiting.Subject);
        Assert.Empty(waiting.Attachments);

        await hub.VisitAsync(async visitor =>
        {
            await visitor.Page.GotoAsync(MailBox.LinkTo(waiting, "/rsvp/").ToString());
            await Expect(visitor.Page.GetByText("next in line")).ToBeVisibleAsync();
        });
        await hub.VisitAsync(async visitor =>
        {
            await visitor.Page.GotoAsync(MailBox.LinkTo(seated, "/rsvp/").ToString());
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "I can’t make it" }).ClickAsync();
            await Expect(visitor.Page.GetByText("you cancelled")).ToBeVisibleAsync();
        });

        var promoted = await hub.Mail.WaitAsync("waiting@example.org", 2);
        Assert.Equal("You have a seat: One chair", promoted.Subject);
        Assert.Single(promoted.Attachments);
        await hub.VisitAsync(async visitor =>
        {
            await visitor.Page.GotoAsync(MailBox.LinkTo(promoted, "/rsvp/").ToString());
            await Expect(visitor.Page.GetByText("you are going")).ToBeVisibleAsync();
        });
    }

    [Fact]
    public Task On_a_phone_the_way_to_a_seat_is_on_the_screen_at_once() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync($"/events/{BrowserHub.NextEvent}");
        var action = page.GetByRole(AriaRole.Link, new() { Name = "RSVP", Exact = true });
        await Expect(action).ToBeInViewportAsync(new() { Ratio = 1 });
        await action.ClickAsync();
        await Expect(page.GetByLabel("Name")).ToBeInViewportAsync();

        await page.GetByLabel("Name").FillAsync("Katherine Johnson");
        await page.GetByLabel("E-mail").FillAsync("phone@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "RSVP" }).ClickAsync();
        // The answer is where the form was: nobody has to look for it.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "See you there" })).ToBeInViewportAsync();
        Assert.Equal("You are going: The test evening", (await hub.Mail.WaitAsync("phone@example.org")).Subject);
    }, VisitOptions.Phone);

    [Fact]
    public Task What_cannot_be_right_is_said_beside_the_field_and_what_was_typed_stays() => hub.VisitAsync(async visitor =>
    {
        var page = visitor.Page;
        await page.GotoAsync($"/events/{BrowserHub.NextEvent}");
        await page.GetByLabel("Name").FillAsync("Annie Easley");
        await page.GetByLabel("E-mail").FillAsync("annie");
        await page.GetByRole(AriaRole.Button, new() { Name = "RSVP" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeInViewportAsync();
        await Expect(page.GetByLabel("Name")).ToHaveValueAsync("Annie Easley");
        await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync("annie");
        await Expect(page.GetByLabel("E-mail")).ToHaveAccessibleDescriptionAsync(new Regex("has an @"));
    }, VisitOptions.Phone);

    [GeneratedRegex("^Next: ")]
    private static partial Regex NextLink();
}
