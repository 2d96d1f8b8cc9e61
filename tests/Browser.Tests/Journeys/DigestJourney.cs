using System.Net;
using System.Text.RegularExpressions;
using BrowserTech.Browser.Tests.Browsing;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace BrowserTech.Browser.Tests.Journeys;

/// <summary>Subscribe, confirm, receive, leave; and the organiser who sends.</summary>
public sealed class DigestJourney(BrowserHub hub)
{
    [Fact]
    public async Task A_reader_subscribes_confirms_gets_an_issue_and_leaves()
    {
        const string Reader = "digest-reader@example.org";
        await hub.VisitAsync(visitor => SubscribeOnHomeAsync(visitor.Page, Reader));
        var confirmation = await hub.Mail.WaitAsync(Reader);
        await hub.VisitAsync(visitor => ConfirmAsync(visitor.Page, confirmation, Reader));
        await hub.SubscribeAsync("one-click@example.org");

        await hub.VisitAsOrganizerAsync(visitor => SendIssueAsync(visitor.Page));
        var issue = await hub.Mail.WaitAsync(Reader, IsIssue);
        Assert.NotNull(issue.HtmlBody);
        Assert.Contains($"{hub.Hub.Origin}talks", issue.TextBody, StringComparison.Ordinal);

        await hub.VisitAsync(visitor => LeaveByPageAsync(visitor.Page, issue));
        await LeaveByOneClickAsync(hub.Hub.Http, await hub.Mail.WaitAsync("one-click@example.org", IsIssue));
    }

    [Fact]
    public async Task With_a_mail_server_the_same_mails_go_to_it()
    {
        const string Reader = "smtp-reader@example.org";
        await using var sink = await SmtpSink.StartAsync();
        await using var sending = await HubProcess.StartAsync(new HubSettings
        {
            Content = hub.Content.Root,
            Environment = { ["Mail__Smtp__Host"] = "127.0.0.1", ["Mail__Smtp__Port"] = $"{sink.Port}", ["Mail__Smtp__Tls"] = "None" },
        });

        await hub.VisitAsync(sending, visitor => SubscribeOnHomeAsync(visitor.Page, Reader), new VisitOptions(), organizer: false);
        var confirmation = await TakenAsync(sink, Reader, mail => mail.TextBody!.Contains("/digest/confirm/", StringComparison.Ordinal));
        await hub.VisitAsync(sending, visitor => ConfirmAsync(visitor.Page, confirmation, Reader), new VisitOptions(), organizer: false);
        await hub.VisitAsync(sending, async visitor =>
        {
            await BrowserHub.SignInAsync(visitor.Page, sending);
            await SendIssueAsync(visitor.Page);
        }, new VisitOptions(), organizer: true);

        var issue = await TakenAsync(sink, Reader, IsIssue);
        Assert.Contains(issue.BodyParts.OfType<TextPart>(), part => part.IsHtml);
        await LeaveByOneClickAsync(sending.Http, issue);
        Assert.Empty(Directory.Exists(sending.MailFolder) ? Directory.EnumerateFiles(sending.MailFolder) : []);
    }

    private static bool IsIssue(MimeMessage mail) => mail.Subject?.Contains("News of the journey", StringComparison.Ordinal) ?? false;

    private static async Task SubscribeOnHomeAsync(IPage page, string email)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByRole(AriaRole.Group, new() { Name = "Cities" }).GetByLabel("New York").CheckAsync();
        await page.GetByRole(AriaRole.Group, new() { Name = "Topics" }).GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Subscribe" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your mail" })).ToBeVisibleAsync();
    }

    private static async Task ConfirmAsync(IPage page, MimeMessage confirmation, string email)
    {
        await page.GotoAsync(MailBox.LinkTo(confirmation, "/digest/confirm/").ToString());
        await Expect(page.GetByText(email)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, subscribe me" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are subscribed" })).ToBeVisibleAsync();
    }

    private static async Task SendIssueAsync(IPage page)
    {
        await page.GotoAsync("/organize");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Organiser" }).GetByRole(AriaRole.Link, new() { Name = "Issues" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("News of the journey") }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Send to ") }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("goes out once");
    }

    private static async Task LeaveByPageAsync(IPage page, MimeMessage issue)
    {
        var link = MailBox.LinkTo(issue, "/digest/unsubscribe/").ToString();
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Unsubscribe" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You have left" })).ToBeVisibleAsync();
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This link does nothing now" })).ToBeVisibleAsync();
    }

    // As a mailbox provider does it (RFC 8058): no browser, no cookie, no page.
    private static async Task LeaveByOneClickAsync(HttpClient http, MimeMessage issue)
    {
        Assert.Equal("List-Unsubscribe=One-Click", issue.Headers["List-Unsubscribe-Post"]);
        var link = MailBox.LinkTo(issue, "/digest/unsubscribe/").AbsolutePath;
        using var left = await RunningHub.PostAsync(http, link, null, ("List-Unsubscribe", "One-Click"));
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        using var page = await http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
    }

    /// <summary>The mail, once the sink has written it to its end.</summary>
    private static async Task<MimeMessage> TakenAsync(SmtpSink sink, string email, Func<MimeMessage, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            foreach (var mail in (await sink.ReadMailsAsync()).Where(mail => mail.To.Contains(email) && mail.Raw.AsSpan().TrimEnd((byte)'\n').EndsWith("--"u8)))
            {
                using var raw = new MemoryStream(mail.Raw);
                var message = await MimeMessage.LoadAsync(raw, limit.Token);
                if (wanted(message)) return message;
            }

            await Task.Delay(25, limit.Token);
        }
    }
}
