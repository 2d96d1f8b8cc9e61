using System.Text;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Newsletter.Tests.Storage;
using BrowserTech.Newsletter.Writing;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace BrowserTech.Newsletter.Tests.Writing;

/// <summary>What goes over the wire, read back as a mail program reads it.</summary>
public sealed class MailComposerTests
{
    [Fact]
    public async Task An_issue_carries_what_mailbox_providers_ask_of_lists()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.AddSubscribersAsync(1);
        hub.Issues.Add(Samples.Issue);
        await hub.Sending.StartAsync(12, "test");
        await hub.Pump.DrainAsync();

        var received = Assert.Single(await sink.ReadMailsAsync());
        var raw = Encoding.UTF8.GetString(received.Raw);
        var mail = Parse(received.Raw);
        Assert.Equal("\"BrowserTech\" <digest@browsertech.example>", mail.From.ToString());
        Assert.Equal("hello@browsertech.example", mail.ReplyTo.ToString());
        Assert.Equal("Pixels that arrive before you ask (BrowserTech #12)", mail.Subject);
        Assert.Equal("<digest.browsertech.example>", mail.Headers["List-Id"]);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.Equal("<https://browsertech.example/digest>", mail.Headers["List-Archive"]);
        Assert.Matches("^<https://browsertech\\.example/digest/unsubscribe/[A-Za-z0-9_-]+>, <mailto:leave@browsertech\\.example\\?subject=unsubscribe>$",
            mail.Headers["List-Unsubscribe"]);
        Assert.Equal(hub.Clock.GetUtcNow(), mail.Date);
        Assert.EndsWith("@browsertech.example", mail.MessageId, StringComparison.Ordinal);
        Assert.Null(mail.Headers["Auto-Submitted"]);

        // On one line each: some readers do not unfold.
        foreach (var name in (string[])["List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"])
            Assert.Matches($"(?m)^{name}: <?[^\\r\\n]+\\r?\\n[A-Za-z-]+:", raw);
    }

    [Fact]
    public async Task Text_comes_before_html_both_quoted_printable_and_no_line_is_too_long()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var hub = await TestHub.CreateAsync(Database.Sqlite, sink);
        await hub.AddSubscribersAsync(1);
        hub.Issues.Add(Samples.Issue with { Markdown = Samples.Issue.Markdown + "\n\nÜber 例え 👩🏽‍💻.\n\n.\n\nFrom here" });
        await hub.Sending.StartAsync(12, "test");
        await hub.Pump.DrainAsync();

        var received = Assert.Single(await sink.ReadMailsAsync());
        var body = Assert.IsType<MultipartAlternative>(Parse(received.Raw).Body);
        Assert.Equal(["text/plain", "text/html"], body.Select(part => part.ContentType.MimeType));
        Assert.All(body.Cast<TextPart>(), part =>
        {
            Assert.Equal(ContentEncoding.QuotedPrintable, part.ContentTransferEncoding);
            Assert.Equal("utf-8", part.ContentType.Charset);
            Assert.Contains("Über 例え 👩🏽‍💻.", part.Text, StringComparison.Ordinal);
        });
        Assert.All(Encoding.ASCII.GetString(received.Raw).Split('\n'), line => Assert.InRange(line.Length, 0, 998));
    }

    [Fact]
    public async Task The_one_click_link_in_the_header_leaves_the_digest_and_nothing_else_is_needed()
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        await hub.JoinAsync("ada@example.org");
        hub.Issues.Add(Samples.Issue);
        await hub.Sending.StartAsync(12, "test");
        await hub.Pump.DrainAsync();
        var header = (await hub.ReadMailsAsync())[^1].Headers["List-Unsubscribe"]!;
        var address = new Uri(header[1..header.IndexOf('>', StringComparison.Ordinal)]);

        await hub.Subscriptions.UnsubscribeAsync(address.Segments[^1]);

        Assert.Equal(SubscriberState.Unsubscribed, (await hub.SubscriberAsync("ada@example.org")).State);
    }

    [Theory]
    [InlineData("Ada\r\nBcc: all@example.org")]
    [InlineData("\"Ada\" <evil@example.org>,")]
    [InlineData("=?utf-8?q?x?=\nX: y")]
    [InlineData("山田 太郎")]
    public async Task A_name_cannot_add_a_header_or_a_recipient(string name)
    {
        await using var hub = await TestHub.CreateAsync(Database.Sqlite);
        await hub.EnqueueAsync("ada@example.org", name);
        await hub.Pump.DrainAsync();

        var mail = Assert.Single(await hub.ReadMailsAsync());
        var to = Assert.Single(mail.To.Mailboxes);
        Assert.Equal("ada@example.org", to.Address);
        Assert.Equal(PersonName.Clean(name), to.Name);
        Assert.Empty(mail.Bcc);
        Assert.Null(mail.Headers["X"]);
    }

    [Theory]
    [InlineData("Subject\r\nBcc: all@example.org", "X-Test", "fine")]
    [InlineData("Subject", "X-Test", "value\nBcc: all@example.org")]
    [InlineData("Subject", "From", "somebody@example.org")]
    public void A_template_cannot_break_the_headers(string subject, string name, string value)
    {
        var composer = ActivatorUtilities.CreateInstance<MailComposer>(
            new ServiceCollection().AddSingleton(TimeProvider.System)
                .Configure<NewsletterOptions>(options => options.Identity = TestHub.Identity).BuildServiceProvider());

        Assert.Throws<InvalidOperationException>(() => composer.Compose(Row("ada@example.org"),
            new MailContent(subject, "<p>", "text") { Headers = [(name, value)] }));
        Assert.Throws<FormatException>(() => composer.Compose(Row("ada@example.org\r\nBcc: all@example.org"),
            new MailContent("Subject", "<p>", "text")));
        Assert.Throws<InvalidOperationException>(() => composer.Compose(Row("ada@example.org"),
            new MailContent("Subject", new string('x', MailWriter.MaximumHtmlBytes + 1), "text")));
    }

    [Fact]
    public void An_attached_calendar_entry_comes_back_byte_for_byte_beside_the_text()
    {
        var composer = ActivatorUtilities.CreateInstance<MailComposer>(
            new ServiceCollection().AddSingleton(TimeProvider.System)
                .Configure<NewsletterOptions>(options => options.Identity = TestHub.Identity).BuildServiceProvider());
        using var wire = new MemoryStream();
        composer.Compose(Row("ada@example.org"), Samples.Writer.Write(Samples.Rsvp)).WriteTo(wire);

        var mail = Parse(wire.ToArray());
        Assert.IsType<MultipartAlternative>(Assert.IsType<Multipart>(mail.Body)[0]);
        var entry = Assert.IsAssignableFrom<MimePart>(Assert.Single(mail.Attachments));
        using var content = new MemoryStream();
        entry.Content!.DecodeTo(content);
        Assert.Equal("gpu-night.ics", entry.FileName);
        Assert.Equal("text/calendar", entry.ContentType.MimeType);
        Assert.Equal("PUBLISH", entry.ContentType.Parameters["method"]);
        Assert.Equal(Samples.Rsvp.Attachments[0].Bytes.ToArray(), content.ToArray());
    }

    [Fact]
    public void A_message_id_is_the_same_for_a_row_and_another_for_every_other()
    {
        string Id(long id, string address = "ada@example.org") =>
            Newsletter.Delivery.MessageIds.For(Row(address, id), "browsertech.example");

        Assert.Equal(Id(1), Id(1));
        Assert.NotEqual(Id(1), Id(2));
        Assert.NotEqual(Id(1), Id(1, "bob@example.org"));
        Assert.DoesNotContain("ada", Id(1), StringComparison.Ordinal);
    }

    private static OutboxMail Row(string address, long id = 1) =>
        new() { Id = id, Kind = "plain", RecipientAddress = address, Payload = "{}" };

    private static MimeMessage Parse(byte[] raw)
    {
        using var stream = new MemoryStream(raw);
        return MimeMessage.Load(stream);
    }
}
